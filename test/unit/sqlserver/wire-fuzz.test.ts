import { connect } from 'node:net';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  uint8Array,
} from 'fast-check';
import { expect, test } from 'vitest';
import { TYPES } from 'tedious';
import { echo, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

const PRELOGIN = 18;
/** Batch, RPC, attention, bulk load, access token, transaction request, LOGIN7, SSPI, PRELOGIN, TLS, and none. */
const messageTypes = [1, 3, 6, 7, 8, 14, 16, 17, PRELOGIN, 0x16, 255];

/** A message whose length may be a lie. */
const message = record({
  type: constantFrom(...messageTypes),
  status: constantFrom(0, 1, 8, 255),
  payload: uint8Array({ maxLength: 600 }),
  lie: option(integer({ min: 0, max: 65_535 }), { freq: 4 }),
}).map(({ type, status, payload, lie }) => {
  const head = Buffer.from([type, status, 0, 0, 0, 0, 1, 0]);
  head.writeUInt16BE(lie ?? payload.length + 8, 2);
  return Buffer.concat([head, payload]);
});

/** Without encryption, so that what follows is read. */
const prelogin = Buffer.from([PRELOGIN, 1, 0, 15, 0, 0, 1, 0, 1, 0, 6, 0, 1, 0xff, 2]);
const messages = array(message, { minLength: 1, maxLength: 4 }).map((each) => Buffer.concat(each));
const bytes = oneof(
  uint8Array({ minLength: 1, maxLength: 2_000 }).map((each) => Buffer.from(each)),
  messages,
  messages.map((each) => Buffer.concat([prelogin, each])),
);

/** Sends them, leaves, and waits until the server has left as well. */
function send(port: number, text: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.resume().end(text);
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

test('random bytes end their own connection and no other', { timeout: 60_000 }, async () => {
  const world = await aWire(scriptedEngine(echo));
  const other = await world.connect();
  await assert(
    asyncProperty(bytes, async (text) => {
      await send(world.port, text);
      const { rows } = await query(other, 'select @a', (r) => r.addParameter('a', TYPES.Int, 1));
      expect(rows).toEqual([[1]]);
    }),
    { numRuns: 300, timeout: 5_000 },
  );
  expect(world.reports.filter((report) => /TypeError|undefined/.test(report))).toEqual([]);
});
