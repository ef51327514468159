// Faults and poison: whatever breaks while the mailer works, a mail may come twice, never not at all.
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { mailRecordsOf } from '../../../src/wiring/build-poison.ts';
import { insertFaults } from '../../../src/adapters/mssql/insert-faults.ts';
import { nudge } from '../../../src/domain/nudge.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { sqlFaults } from '../../support/sql-faults.ts';
import { aMailServer } from './a-mail-server.ts';
import { aFault, mailWorld } from './mail-world.ts';

const start = '2026-03-02T12:00:00Z';
const world = mailWorld();

/** The connection breaks at the next such statement. */
async function breakAt(statement: string, when: 'before' | 'after'): Promise<void> {
  const faults = sqlFaults(world.connection);
  onTestFinished(() => faults[Symbol.asyncDispose]());
  await faults.add({ kind: 'drop', statement: { matches: statement }, when, count: 1 });
}

const gathering: readonly [string, string, 'before' | 'after'][] = [
  ['it reads what is new', 'SELECT TOP \\(1\\) f\\.fal_id', 'before'],
  ['it has opened the incident', 'INSERT INTO CT_Scheduler_Averias', 'after'],
  ['it has given the incident its faults', 'UPDATE TOP', 'after'],
  ['it commits that', '^COMMIT', 'before'],
  ['it has committed that', '^COMMIT', 'after'],
  ['it reads the incidents', 'AS recovered', 'before'],
  ['it takes the incident', 'SET ave_ProximoAviso = CAST', 'before'],
  ['it has taken the incident', 'SET ave_ProximoAviso = CAST', 'after'],
  ['it reads what to say', 'COUNT\\(\\*\\) AS unreported', 'before'],
  ['it reads to whom', 'FROM CT_Alertas_Admin_Emails', 'after'],
];

const recording: readonly [string, string, 'before' | 'after', number][] = [
  ['it records that the incident was mailed about', 'SET ave_Avisos', 'before', 2],
  ['it records which faults were reported', 'SET fal_Informada', 'after', 2],
  ['it commits the record', '^COMMIT', 'before', 2],
  ['it has committed the record', '^COMMIT', 'after', 1],
];

test.each(gathering)('when the mailer breaks as %s, the next one mails', async (_step, statement, when) => {
  await using server = await aMailServer();
  const clock = clockAt(start);
  await insertFaults(world.db, [aFault('12:00:00')]);
  await breakAt(statement, when);
  await world.mailerOn(server.port, clock).report(nudge);
  expect(server.mails).toEqual([]);
  await clock.moveBy({ minutes: 5 });
  await world.mailerOn(server.port, clock).report(nudge);
  expect([server.mails.length, await incidents()]).toEqual([1, [{ faults: 1, mails: 1, left: 0 }]]);
});

test.each(recording)(
  'when the mailer breaks as %s, the mail may come twice',
  async (_step, statement, when, mails) => {
    await using server = await aMailServer();
    const clock = clockAt(start);
    await insertFaults(world.db, [aFault('12:00:00')]);
    await mailRecordsOf(world.db).gatherIncidents(clock.now());
    await breakAt(statement, when);
    await world.mailerOn(server.port, clock).report(nudge);
    expect(server.mails).toHaveLength(1);
    await clock.moveBy({ minutes: 5 });
    await world.mailerOn(server.port, clock).report(nudge);
    expect([server.mails.length, await incidents()]).toEqual([mails, [{ faults: 1, mails: 1, left: 0 }]]);
  },
);

test('when the mailer breaks between two sets of faults, an incident that has got none yet is not mailed about', async () => {
  const { gatherIncidents, readIncidents } = mailRecordsOf(world.db);
  const clock = clockAt(start);
  const many = Array.from({ length: 5000 }, () => aFault('11:59:00'));
  await insertFaults(world.db, [...many, aFault('11:59:00', { tenant: 'E002', alert: '000002' })]);
  await breakAt('^COMMIT', 'after');
  await expect(gatherIncidents(clock.now())).rejects.toThrow();
  const read = await readIncidents(clock.now());
  expect(read.map((each) => ({ faults: each.faults, recovered: each.recovered }))).toEqual([
    { faults: 5000, recovered: false },
  ]);
  expect(await gatherIncidents(clock.now())).toBe(1);
  expect((await readIncidents(clock.now())).map((incident) => incident.faults)).toEqual([5000, 1]);
});

/** Each with its faults that no mail has reported. */
async function incidents() {
  const { rows } = await sql`
    SELECT ave_Fallas AS faults, ave_Avisos AS mails, (
      SELECT COUNT(*) FROM CT_Scheduler_Fallas WHERE falave_id = ave_id AND fal_Informada IS NULL
    ) AS [left]
    FROM CT_Scheduler_Averias`.execute(world.db);
  return rows;
}
