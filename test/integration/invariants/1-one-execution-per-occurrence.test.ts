// Invariant 1: one scheduled execution per (alert, occurrence), whatever scans overlap and instances run.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { scanDueAlerts } from '../../../src/scan/scan-due-alerts.ts';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';
import { scanWorld, type ScanWorld } from '../../support/scan-world.ts';

/** Buenos Aires: three hours behind UTC. 2 March 2026 is a Monday. */
const at0958 = '2026-03-02T09:58:00-03:00';
const monday = '2026-03-02 PENDIENTE - 2026-03-02T13:00:00.000Z';

test('eight scanners at once make exactly 1,000 executions of 1,000 occurrences, and each is enqueued', async () => {
  const world = await scanWorld(at0958);
  await world.withDailyAlerts(1_000, '10:00:00');
  const reports = await Promise.all(Array.from({ length: 8 }, () => scanOfAnotherInstance(world)));
  expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
  expect(reports.reduce((sum, { claimed }) => sum + claimed, 0)).toBe(1_000);
  const { rows } = await sql<{ schcfg_Cod: string; n: number }>`
    SELECT schcfg_Cod, COUNT(*) AS n FROM CT_Scheduler_Alertas GROUP BY schcfg_Cod`.execute(world.db);
  expect(rows).toHaveLength(1_000);
  expect(new Set(rows.map(({ n }) => n))).toEqual(new Set([1]));
  expect(new Set(world.messages).size).toBe(1_000);
}, 120_000);

test('scans that are started by hand, again and again, add none', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  for (let times = 0; times < 5; times++) {
    await Promise.all([world.scan(), world.scan()]);
    await world.clock.moveBy({ seconds: 20 });
  }
  expect(await world.executions()).toEqual([monday]);
  expect(world.messages).toHaveLength(1);
});

describe('a scan that stalls between select and claim', () => {
  test('claims nothing that another has claimed meanwhile, and turns no pointer back', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-03T09:58:00-03:00');
    const report = await scanStalledWhile(world, async () => {
      await world.scan();
      await world.clock.moveTo('2026-03-04T09:58:00-03:00');
      await world.scan();
    });
    expect(report).toMatchObject({ candidates: 1, claimed: 0, missed: 0, failures: [] });
    expect(await world.executions()).toHaveLength(3);
    expect(await world.pointer()).toBe('2026-03-05T13:00:00.000Z');
  });

  test('does not send what was claimed, edited away and edited back meanwhile', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-03T09:58:00-03:00');
    const report = await scanStalledWhile(world, async () => {
      await world.scan();
      await editAndScan(world, weekly('5', '10:00:00'));
      await world.clock.moveBy({ minutes: 10 });
      await world.scan();
      await editAndScan(world, daily('10:00:00'));
    });
    expect(report).toMatchObject({ candidates: 1, claimed: 0, failures: [] });
    const [, ...ofTuesday] = await world.executions();
    expect(ofTuesday).toEqual(['- CANCELADA alerta_editada 2026-03-03T13:00:00.000Z']);
  });

  test('does not count twice what another summed up in one line', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00', { catchUpMinutes: 0 }));
    await world.scan();
    await world.clock.moveTo('2026-03-11T09:00:00-03:00');
    const report = await scanStalledWhile(world, async () => {
      await world.clock.moveBy({ hours: 24 });
      await world.scan();
    });
    expect(report).toMatchObject({ candidates: 1, missed: 0 });
    const [, ...afterMonday] = await world.executions();
    expect(afterMonday.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '2026-03-03 PERDIDA corte_largo',
      ...['05', '06', '07', '08', '09', '10', '11'].map((day) => `2026-03-${day} PERDIDA no_ejecutada`),
    ]);
  });

  test.each<[string, AlertRow, AlertRow, string[]]>([
    ['to another day', daily('10:00:00'), weekly('5', '10:00:00'), []],
    ['by deactivating it', daily('10:00:00'), daily('10:00:00', { active: false }), []],
    ['in its list', listed('2026-03-02 10:00'), listed('2026-03-02 12:00'), []],
    [
      'to another minute',
      daily('10:00:00'),
      daily('10:01:00'),
      ['2026-03-02 PENDIENTE - 2026-03-02T13:01:00.000Z'],
    ],
  ])(
    'claims nothing of an alert that is edited and refreshed meanwhile %s',
    async (_, before, after, stored) => {
      const world = await scanWorld('2026-03-02T09:50:00-03:00');
      await world.withAlert(before);
      await world.scan();
      await world.clock.moveTo(at0958);
      await scanStalledWhile(world, async () => {
        await world.clock.moveBy({ minutes: 1 });
        await editAndScan(world, after);
      });
      expect(await world.executions()).toEqual(stored);
    },
  );

  test('does not skip the days that an edit adds after the same next time', async () => {
    const world = await scanWorld('2026-03-02T09:50:00-03:00');
    await world.withAlert(weekly('1', '10:00:00'));
    await world.scan();
    await world.clock.moveTo(at0958);
    const report = await scanStalledWhile(world, async () => {
      await world.edit(daily('10:00:00'));
      await world.scanWith({ selectCandidates: async () => [] });
    });
    expect(report).toMatchObject({ claimed: 0, failures: [] });
    expect(await world.scan()).toMatchObject({ claimed: 1 });
    expect(await world.pointer()).toBe('2026-03-03T13:00:00.000Z');
  });

  test('does not forget an alert that was deleted and made anew meanwhile', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-03T09:58:00-03:00');
    await sql`DELETE FROM CT_Alertas_Config`.execute(world.db);
    await scanStalledWhile(world, () => world.withAlert(daily('10:00:00')));
    expect(await world.pointer()).toBe('2026-03-03T13:00:00.000Z');
    expect(await world.scan()).toMatchObject({ claimed: 1 });
  });
});

describe('the key is the second lock', () => {
  test('an agenda that is lost is made anew, and sends nothing again', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.withAlert(listed('2026-03-02 09:59, 2026-03-02 10:00', { code: '000002' }));
    await world.scan();
    await sql`
      TRUNCATE TABLE CT_Scheduler_Agenda;
      UPDATE CT_Scheduler_Estado SET est_Version = NULL`.execute(world.db);
    await world.clock.moveBy({ minutes: 1 });
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 0, failures: [], finished: true });
    expect(await world.executions()).toHaveLength(3);
  });

  test('beside an execution that another session is just storing none is made', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await using db = openControlDatabase({ connection: world.connection, lockTimeoutMs: 50 });
    await world.db.transaction().execute(async (trx) => {
      await sql`
        INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave)
        VALUES ('000001', 'ENVIADA', 'AGENDA', '2026-03-02T10:00:00-03:00', '2026-03-02')`.execute(trx);
      expect(await scanDueAlerts(world.portsOver({ db }))()).toMatchObject({ candidates: 1, claimed: 0 });
    });
    await world.clock.moveBy({ minutes: 1 });
    expect(await world.scan()).toMatchObject({ claimed: 0, failures: [], finished: true });
    expect(await world.executions()).toEqual(['2026-03-02 ENVIADA - 2026-03-02T13:00:00.000Z']);
  });
});

/** A scan with connections of its own. */
async function scanOfAnotherInstance(world: ScanWorld) {
  await using db = openControlDatabase({ connection: world.connection });
  return await scanDueAlerts(world.portsOver({ db }))();
}

/** What it has decided is claimed only after the rest has happened. */
function scanStalledWhile(world: ScanWorld, rest: () => Promise<unknown>) {
  const { claimOccurrences } = world.portsOver({});
  return world.scanWith({
    claimOccurrences: async (batch, now) => {
      await rest();
      return await claimOccurrences(batch, now);
    },
  });
}

async function editAndScan(world: ScanWorld, row: AlertRow): Promise<void> {
  await world.edit(row);
  await world.scan();
}
