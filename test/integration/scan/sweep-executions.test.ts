import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { closeExpired, takeOverdue } from '../../../src/adapters/mssql/sweep-executions.ts';
import { daily } from '../../support/alert-rows.ts';
import { scanWorld } from '../../support/scan-world.ts';

const at1247 = '2026-03-02T12:47:00-03:00';

test('a claimed execution whose message could not be sent is enqueued by the next scan', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  world.breakQueue(true);
  expect(await world.scan()).toMatchObject({ claimed: 1 });
  expect(world.messages).toEqual([]);
  world.breakQueue(false);
  await world.clock.moveBy({ minutes: 1 });
  expect(await world.scan()).toMatchObject({ claimed: 0, swept: 1 });
  expect(world.messages).toEqual(['1@2026-03-02T15:48:55Z']);
  await world.clock.moveBy({ minutes: 2 });
  expect(await world.scan()).toMatchObject({ swept: 0 });
});

test('an execution whose message was lost is enqueued again, every two minutes, until its catch-up limit closes it', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00', { catchUpMinutes: 5 }));
  await world.scan();
  const swept: number[] = [];
  for (let minute = 48; minute <= 56; minute++) {
    await world.clock.moveTo(`2026-03-02T12:${minute}:00-03:00`);
    const report = await world.scan();
    swept.push(report.swept);
  }
  expect(swept).toEqual([0, 0, 0, 1, 0, 1, 0, 1, 0]);
  expect(world.messages).toHaveLength(3);
  expect(await world.executions()).toEqual(['2026-03-02 PERDIDA abierta_tarde 2026-03-02T15:49:00.000Z']);
  expect(await world.faults()).toEqual(['abierta_tarde 000001 0001']);
  expect(world.nudges()).toBeGreaterThan(0);
});

test('one that was opened and sent before the scan could note that it is enqueued stays as its dispatch left it', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:47:00'));
  const sendDispatch = async () => {
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'ENVIADA', sch_Revisar = NULL`.execute(world.db);
  };
  await world.scanWith(world.portsOver({ queue: { ...world.queue, sendDispatch } }));
  const { rows } = await sql`SELECT sch_Estado, sch_Revisar FROM CT_Scheduler_Alertas`.execute(world.db);
  expect(rows).toEqual([{ sch_Estado: 'ENVIADA', sch_Revisar: null }]);
});

test('one that was opened before is left to its dispatch, however late', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  await world.scan();
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO', sch_Revisar = '2026-03-02T15:50:00'`.execute(
    world.db,
  );
  await world.clock.moveTo('2026-03-02T14:30:00-03:00');
  expect(await world.scan()).toMatchObject({ swept: 1, missed: 0 });
  expect(await world.executions()).toEqual(['2026-03-02 EN_PROCESO - 2026-03-02T15:49:00.000Z']);
  expect(world.messages).toHaveLength(2);
});

test('one that an edit moves while it is being swept is not closed', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  await world.scan();
  const now = Temporal.Instant.from('2026-03-02T13:30:00-03:00');
  const reviewAt = now.add({ minutes: 2 });
  const [overdue] = await takeOverdue(world.db)(now, reviewAt, 10);
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Ocurrencia = '2026-03-02T15:00:00-03:00', sch_Revisar = '2026-03-02T16:30:30'`.execute(
    world.db,
  );
  const fault = {
    executionId: overdue?.executionId ?? 0,
    reason: 'abierta_tarde',
    detail: '',
    at: now,
  } as const;
  expect(await closeExpired(world.db)([fault], reviewAt)).toEqual([]);
  expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T18:00:00.000Z']);
});

test('one that a dispatch holds is passed over, and holds up no other', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:48:00', { code: 'HELD' }));
  await world.withAlert(daily('12:48:00', { code: 'FREE' }));
  await world.scan();
  await world.clock.moveTo('2026-03-02T12:51:00-03:00');
  await world.db.transaction().execute(async (trx) => {
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = sch_Rondas WHERE schcfg_Cod = 'HELD'`.execute(trx);
    expect(await world.scan()).toMatchObject({ swept: 1, failures: [] });
  });
});

test('two scans at once sweep each execution once, and a thousand a scan, the oldest first', async () => {
  const world = await scanWorld(at1247);
  await sql`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Revisar)
    SELECT '000001', 'PENDIENTE', 'AGENDA', '2026-03-02T12:40:00-03:00', CAST(n AS VARCHAR(30)),
      DATEADD(SECOND, -n, CAST('2026-03-02T15:46:00' AS DATETIME2(3)))
    FROM OPENJSON(${JSON.stringify(Array.from({ length: 2_500 }, (_, n) => n + 1))}) WITH (n INT '$')`.execute(
    world.db,
  );
  const reports = await Promise.all([world.scan(), world.scan()]);
  expect(reports.map(({ swept, failures }) => ({ swept, failures }))).toEqual([
    { swept: 1000, failures: [] },
    { swept: 1000, failures: [] },
  ]);
  expect(new Set(world.messages).size).toBe(2000);
  const { rows } = await sql<{ oldest: string }>`
    SELECT MAX(CAST(sch_Clave AS INT)) AS oldest FROM CT_Scheduler_Alertas
    WHERE sch_Revisar < '2026-03-02T15:47:00'`.execute(world.db);
  expect(rows).toEqual([{ oldest: 500 }]);
});
