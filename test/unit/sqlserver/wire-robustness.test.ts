import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { assert, property, uint8Array } from 'fast-check';
import { TYPES } from 'tedious';
import { expect, onTestFinished, test } from 'vitest';
import { ByteReader, ProtocolFault } from '../../../dev/sqlserver/wire/bytes.ts';
import { readCodec } from '../../../dev/sqlserver/wire/codecs.ts';
import { readLogin, readTokenMessage } from '../../../dev/sqlserver/wire/login.ts';
import { readPrelogin } from '../../../dev/sqlserver/wire/open-transport.ts';
import { readBatch, readCalls, readTransactionRequest } from '../../../dev/sqlserver/wire/read-request.ts';
import { SqlFault } from '../../../dev/sqlserver/parser/sql-fault.ts';
import { echo, scriptedEngine } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';
import type { World } from './wire-world.ts';

const END = 0x01;

function packet(type: number, payload: Buffer, status = END): Buffer {
  const header = Buffer.from([type, status, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(8 + payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** PRELOGIN with one option: no encryption. */
const prelogin = packet(0x12, Buffer.from([1, 0, 6, 0, 1, 0xff, 2]));

async function rawClient(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function stillServes(world: World): Promise<void> {
  const { rows } = await query(await world.connect(), 'select @a', (r) => r.addParameter('a', TYPES.Int, 1));
  expect(rows).toEqual([[1]]);
}

/** LOGIN7 with this FEDAUTH feature extension, which is said to be so long. */
function loginWith(data: readonly number[], length = data.length): Buffer {
  const login = Buffer.alloc(98);
  login.writeUInt32LE(login.length + 6 + data.length, 0);
  login.writeUInt32LE(0x7400_0004, 4);
  login.writeUInt8(0x10, 27);
  login.writeUInt16LE(94, 56);
  login.writeUInt16LE(4, 58);
  login.writeUInt32LE(login.length, 94);
  return packet(0x10, Buffer.concat([login, Buffer.of(2, length, 0, 0, 0, ...data, 0xff)]));
}

/** The client is to be told where to get its access token. */
const loginBeforeToken = loginWith([0x04, 0x01]);

const broken: [string, Buffer[]][] = [
  ['an access token that PRELOGIN did not speak of', [prelogin, loginWith([0x03, 2, 0, 0, 0, 0x61, 0])]],
  ['an access token of an unknown library', [prelogin, loginWith([0x7e, 2, 0, 0, 0, 0x61, 0])]],
  ['an access token that is cut off', [prelogin, loginWith([0x02, 200, 0, 0, 0, 0x61, 0])]],
  ['an access token with something behind it', [prelogin, loginWith([0x02, 2, 0, 0, 0, 0x61, 0, 9])]],
  ['an access token of half a character', [prelogin, loginWith([0x02, 1, 0, 0, 0, 0x61])]],
  ['an access token of no length', [prelogin, loginWith([0x02, 0, 0, 0, 0])]],
  ['a FEDAUTH extension without a workflow', [prelogin, loginWith([0x04])]],
  ['a FEDAUTH extension longer than its message', [prelogin, loginWith([0x04, 0x01], 200)]],
  ['a FEDAUTH extension without data', [prelogin, loginWith([])]],
  ['a batch instead of the access token', [prelogin, loginBeforeToken, packet(0x01, Buffer.alloc(4))]],
  [
    'an access token message of another length',
    [prelogin, loginBeforeToken, packet(0x08, Buffer.of(9, 0, 0, 0, 2, 0, 0, 0, 0x61, 0))],
  ],
  ['HTTP instead of TDS', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
  ['a packet shorter than its header', [Buffer.from([0x12, 1, 0, 4, 0, 0, 1, 0])]],
  ['a packet longer than any', [Buffer.from([0x12, 1, 0xff, 0xff, 0, 0, 1, 0])]],
  ['a PRELOGIN whose option lies outside', [packet(0x12, Buffer.from([1, 0, 200, 0, 1, 0xff]))]],
  ['a PRELOGIN without an end', [packet(0x12, Buffer.from([1, 0, 6]))]],
  ['a batch before the login', [packet(0x01, Buffer.from('select 1', 'utf16le'))]],
  ['a LOGIN7 that is cut off', [prelogin, packet(0x10, Buffer.alloc(40))]],
  ['a LOGIN7 that points outside itself', [prelogin, packet(0x10, outside())]],
  ['a message that changes its type', [packet(0x12, Buffer.of(1), 0), packet(0x01, Buffer.of(1))]],
  ['TLS garbage', [Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])]],
];

function outside(): Buffer {
  const login = Buffer.alloc(94);
  login.writeUInt32LE(94, 0);
  login.writeUInt16LE(90, 40);
  login.writeUInt16LE(90, 42);
  return login;
}

test.each(broken)('%s ends its own connection and no other', async (_, packets) => {
  const world = await aWire(scriptedEngine(echo));
  const socket = await rawClient(world.port);
  const closed = once(socket.resume(), 'close');
  for (const bytes of packets) socket.write(bytes);
  await closed;
  expect(world.reports).toHaveLength(1);
  await stillServes(world);
});

test('a client that says nothing, or stops half way, is let go of in time', async () => {
  const world = await aWire(scriptedEngine(echo), 1_000);
  const halfLogin = Buffer.concat([prelogin, packet(0x10, Buffer.alloc(8), 0)]);
  const letGo = async (bytes: Buffer): Promise<void> => {
    const socket = await rawClient(world.port);
    const closed = once(socket.resume(), 'close');
    socket.write(bytes);
    await closed;
  };
  const tokenless = Buffer.concat([prelogin, loginBeforeToken]);
  await Promise.all([Buffer.alloc(0), prelogin.subarray(0, 5), halfLogin, tokenless].map(letGo));
  await stillServes(world);
});

test('a request with broken parameters is told 4002 and costs its connection alone', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const wrong = {
    ...TYPES.Int,
    writeTypeInfo: (buffer: { writeUInt8(value: number): void }) => buffer.writeUInt8(0x99),
  };
  const outcome = query(connection, 'select @a', (r) => r.addParameter('a', wrong, 1));
  await expect(outcome).rejects.toMatchObject({ number: 4002 });
  await expect.poll(() => world.engine.log).toEqual(['close']);
  await stillServes(world);
});

test('closing the server ends clients in the middle of anything', async () => {
  const world = await aWire(scriptedEngine(echo));
  await rawClient(world.port);
  const connection = await world.connect();
  const ended = once(connection, 'end');
  await world.close();
  await ended;
  expect(world.engine.log).toEqual(['close']);
});

test.each<[string, (bytes: Buffer) => unknown]>([
  ['PRELOGIN', readPrelogin],
  ['LOGIN7', (bytes) => readLogin(bytes, true)],
  ['an access token', readTokenMessage],
  ['a batch', readBatch],
  ['a call', readCalls],
  ['a transaction request', readTransactionRequest],
  [
    'a typed value',
    (bytes) => {
      const reader = new ByteReader(bytes);
      return readCodec(reader).read(reader);
    },
  ],
])('any bytes at all as %s are read or refused, and nothing else', (_, read) => {
  const isRefusal = (error: unknown): boolean => error instanceof ProtocolFault || error instanceof SqlFault;
  assert(
    property(uint8Array({ maxLength: 120 }), (bytes) => {
      try {
        read(Buffer.from(bytes));
      } catch (error) {
        expect(isRefusal(error), String(error)).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
