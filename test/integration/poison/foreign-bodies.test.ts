// Faults and poison: a body that is not ours is reported once; a message of ours that failed five times changes nothing.
import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { createVigia, mailRecordsOf } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { reportPoison } from '../../../src/poison/report-poison.ts';
import { daily } from '../../support/alert-rows.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { scanWorld } from '../../support/scan-world.ts';
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

test('a message of ours that was moved here changes nothing, and the sweep finds its execution', async () => {
  const scans = await scanWorld('2026-03-02T12:47:00-03:00');
  await scans.withAlert(daily('12:49:00'));
  await scans.scan();
  scans.messages.length = 0;
  const { db, clock, log } = scans;
  const everything = async () => [
    await sql`SELECT * FROM CT_Scheduler_Alertas`.execute(db),
    await sql`SELECT * FROM CT_Scheduler_Agenda`.execute(db),
    await sql`SELECT * FROM CT_Scheduler_Fallas`.execute(db),
  ];
  const before = await everything();
  const storeFault = () => Promise.reject(new Error('Nothing is to be stored'));
  const report = reportPoison({ clock, log, ...mailRecordsOf(db), storeFault, sendMail: null, zone: 'UTC' });
  const base64 = Buffer.from('{"executionId":1}').toString('base64');
  for (const message of [{ executionId: 1 }, '{"executionId":1}', base64, { executionId: 999 }])
    await report(message);
  expect(await everything()).toEqual(before);
  await clock.moveBy({ minutes: 5 });
  await scans.scan();
  expect(scans.messages).toEqual(['1@2026-03-02T15:48:55Z']);
});
