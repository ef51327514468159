// Faults and poison: a body that is not ours is reported once, without our secrets.
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { mailWorld } from './mail-world.ts';

const world = mailWorld();

async function bodies(): Promise<readonly (string | null)[]> {
  const { rows } = await sql<{
    body: string | null;
  }>`SELECT fal_Cuerpo AS body FROM CT_Scheduler_Fallas`.execute(world.db);
  return rows.map(({ body }) => body);
}

/** The program as it is wired, on the control database of these tests. */
function program(connection: string) {
  const config = loadConfig({
    CONTROL_DATABASE: connection,
    AzureWebJobsStorage: storageConnection(inject('ports')),
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: '1',
    SMTP_USER: 'vigia@example.com',
    SMTP_PASSWORD: 'clave-del-correo',
  });
  const app = createVigia(config, { clock: clockAt('2026-03-02T12:00:00Z'), write: () => undefined });
  return { ...app, [Symbol.asyncDispose]: app.close };
}

test('a foreign body of 64 KiB is kept once, cut to 4,000 characters, without a part of a secret at the cut', async () => {
  await using app = program(world.connection);
  const secretAtTheCut = `${'x'.repeat(3990)}clave-del-correo`;
  await app.reportPoison(secretAtTheCut.padEnd(65_536, 'y'));
  expect(await bodies()).toEqual([`${'x'.repeat(3990)}•••${'y'.repeat(7)}`]);
});

test.each([
  ['text with NUL and half an emoji', 'a\0b\ud83d', 'ab\ufffd'],
  ['Base64 of text', 'aG9sYQ==', 'aG9sYQ=='],
  ['an empty body', '', ''],
  ['JSON that the host has parsed', { pedido: [1, 'ñ'] }, '{"pedido":[1,"ñ"]}'],
])('%s is reported', async (_what, body, kept) => {
  await using app = program(world.connection);
  await app.reportPoison(body);
  expect(await bodies()).toEqual([kept]);
});
