import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { daily, listed } from '../../support/alert-rows.ts';
import { scanWorld } from '../../support/scan-world.ts';

/** Buenos Aires: three hours behind UTC, no daylight saving. 2 March 2026 is a Monday. */
const at1247 = '2026-03-02T12:47:00-03:00';

test('an occurrence is claimed once, and its message becomes visible five seconds before its instant', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  expect(await world.scan()).toMatchObject({
    candidates: 1,
    claimed: 1,
    missed: 0,
    finished: true,
    failures: [],
  });
  expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T15:49:00.000Z']);
  expect(world.messages).toEqual(['1@2026-03-02T15:48:55Z']);
  expect(await world.pointer()).toBe('2026-03-03T15:49:00.000Z');
});

test('the record holds the wall time of the tenant, its code, and when it is to be looked at again', async () => {
  const world = await scanWorld(at1247);
  await world.withTenant('0002', 'Asia/Kolkata');
  await world.withAlert(daily('21:18:00', { tenant: '0002' }));
  await world.scan();
  const { rows } = await sql`
    SELECT sch_Cod, schcfg_Cod, CONVERT(VARCHAR(10), sch_Fecha, 120) AS fecha,
      CONVERT(VARCHAR(19), sch_FechaIntento, 120) AS intento, sch_CantMensajes, sch_Activo, sch_Origen, sch_Clave,
      CONVERT(VARCHAR(30), sch_Ocurrencia, 127) AS ocurrencia, CONVERT(VARCHAR(19), sch_Revisar, 120) AS revisar
    FROM CT_Scheduler_Alertas`.execute(world.db);
  expect(rows).toEqual([
    {
      sch_Cod: '000001',
      schcfg_Cod: '000001',
      fecha: '2026-03-02',
      intento: '2026-03-02 21:17:00',
      sch_CantMensajes: 0,
      sch_Activo: true,
      sch_Origen: 'AGENDA',
      sch_Clave: '2026-03-02',
      ocurrencia: expect.stringContaining('2026-03-02T'),
      revisar: '2026-03-02 15:50:00',
    },
  ]);
});

test('the next tick claims nothing more', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  await world.scan();
  for (let minute = 0; minute < 3; minute++) {
    await world.clock.moveBy({ minutes: 1 });
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 0, swept: 0, failures: [] });
  }
  expect(world.messages).toHaveLength(1);
});

test('two scans at once claim each occurrence once', async () => {
  const world = await scanWorld(at1247);
  for (let n = 1; n <= 40; n++) await world.withAlert(daily('12:49:00', { code: `A${n}` }));
  const reports = await Promise.all([world.scan(), world.scan(), world.scan()]);
  const first = await world.executions();
  expect(first).toHaveLength(40);
  expect(reports.map(({ failures }) => failures)).toEqual([[], [], []]);
  expect(reports.reduce((sum, { claimed }) => sum + claimed, 0)).toBe(40);
  expect(new Set(world.messages).size).toBe(40);
});

test('each time of a list fires, two of one day as well', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(listed('2026-03-02 12:48, 02/03/2026 12:49:00, 2026-03-02T13:05'));
  await world.scan();
  await world.clock.moveTo('2026-03-02T13:04:00-03:00');
  await world.scan();
  expect(await world.executions()).toEqual([
    '2026-03-02T12:48:00 PENDIENTE - 2026-03-02T15:48:00.000Z',
    '2026-03-02T12:49:00 PENDIENTE - 2026-03-02T15:49:00.000Z',
    '2026-03-02T13:05:00 PENDIENTE - 2026-03-02T16:05:00.000Z',
  ]);
  expect(await world.pointer()).toBeNull();
});

describe('after an outage', () => {
  test('of minutes, what is within the catch-up limit goes out late, at once', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await world.withAlert(daily('12:49:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-02T13:10:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 1, missed: 0 });
    expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T15:49:00.000Z']);
    expect(world.messages).toEqual(['1@2026-03-02T15:48:55Z']);
    const { rows } =
      await sql`SELECT CONVERT(VARCHAR(19), sch_Revisar, 120) AS revisar FROM CT_Scheduler_Alertas`.execute(
        world.db,
      );
    expect(rows).toEqual([{ revisar: '2026-03-02 16:12:00' }]);
  });

  test('of hours, what is beyond the limit is on record as missed and reported', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await world.withAlert(daily('12:49:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-02T16:00:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 1 });
    expect(await world.executions()).toEqual(['2026-03-02 PERDIDA no_ejecutada 2026-03-02T15:49:00.000Z']);
    expect(await world.faults()).toEqual(['no_ejecutada 000001 0001']);
    expect(world.messages).toEqual([]);
    expect(world.nudges()).toBe(1);
  });

  test('of days, each day has its record, and today goes out', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await world.withAlert(daily('12:49:00'));
    await world.scan();
    await world.clock.moveTo('2026-03-04T12:48:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 1, missed: 2 });
    expect(await world.executions()).toEqual(
      expect.arrayContaining([
        '2026-03-02 PERDIDA no_ejecutada 2026-03-02T15:49:00.000Z',
        '2026-03-03 PERDIDA no_ejecutada 2026-03-03T15:49:00.000Z',
        '2026-03-04 PENDIENTE - 2026-03-04T15:49:00.000Z',
      ]),
    );
  });

  test('of a month, what lies before the last seven days is one line', async () => {
    const world = await scanWorld('2026-03-02T12:00:00-03:00');
    await world.withAlert(daily('12:49:00'));
    await world.scan();
    await world.clock.moveTo('2026-04-02T12:00:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 0, missed: 8 });
    expect((await world.executions()).filter((line) => line.includes('corte_largo'))).toEqual([
      '2026-03-02 PERDIDA corte_largo 2026-03-02T15:49:00.000Z',
    ]);
  });
});

describe('rows of the system before us', () => {
  test('count as the execution of a periodic alert on their day', async () => {
    const world = await scanWorld(at1247);
    await world.withAlert(daily('12:49:00'));
    await sql`INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado) VALUES ('000001', '2026-03-02', 'ENVIADA')`.execute(
      world.db,
    );
    expect(await world.scan()).toMatchObject({ claimed: 0, failures: [] });
    await world.clock.moveTo('2026-03-03T12:48:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 1 });
  });

  test('count as a listed entry when their time lies around it, and not else', async () => {
    const world = await scanWorld(at1247);
    await world.withAlert(listed('2026-03-02 12:48, 2026-03-02 15:00'));
    await sql`INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado)
      VALUES ('000001', '2026-03-02', '2026-03-02T12:46:30', 'ENVIADA')`.execute(world.db);
    expect(await world.scan()).toMatchObject({ claimed: 0 });
    await world.clock.moveTo('2026-03-02T14:59:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 1 });
  });
});

test('a deleted alert leaves the agenda', async () => {
  const world = await scanWorld('2026-03-02T12:00:00-03:00');
  await world.withAlert(daily('12:49:00'));
  await world.scan();
  await sql`DELETE FROM CT_Alertas_Config WHERE cfg_Cod = '000001'`.execute(world.db);
  await world.clock.moveTo(at1247);
  expect(await world.scan()).toMatchObject({ claimed: 0, missed: 0, failures: [] });
  await expect(world.pointer()).rejects.toThrow('no agenda row');
});

test('each scan is on record, and the time of the last finished one never goes back', async () => {
  const world = await scanWorld(at1247);
  await world.withAlert(daily('12:49:00'));
  await world.scan();
  await world.clock.moveBy({ minutes: 1 });
  await world.scan();
  const earlier = { ...world.clock, now: () => world.clock.now().subtract({ minutes: 30 }) };
  await world.scanWith({ clock: earlier });
  const { rows: cycles } = await sql<{
    cic_Reclamadas: number;
  }>`SELECT cic_Reclamadas FROM CT_Scheduler_Ciclos ORDER BY cic_id`.execute(world.db);
  expect(cycles.map(({ cic_Reclamadas }) => cic_Reclamadas)).toEqual([1, 0, 0]);
  const { rows } = await sql<{ last: Date }>`SELECT est_UltimoCiclo AS last FROM CT_Scheduler_Estado`.execute(
    world.db,
  );
  expect(rows[0]?.last.toISOString()).toBe('2026-03-02T15:48:00.000Z');
});

test('records of scans are kept for thirty days', async () => {
  const world = await scanWorld(at1247);
  await world.scan();
  await world.clock.moveBy({ hours: 24 * 30, seconds: 1 });
  await world.scan();
  const { rows } = await sql`SELECT cic_id FROM CT_Scheduler_Ciclos`.execute(world.db);
  expect(rows).toHaveLength(1);
});
