import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { readClaimed } from '../../../src/adapters/mssql/read-claimed.ts';
import { daily, listed, weekly } from '../../support/alert-rows.ts';
import { scanWorld } from '../../support/scan-world.ts';
import { refreshOver } from './refresh-over.ts';

const at0958 = '2026-03-02T09:58:00-03:00';

describe('an alert that is edited after its execution was claimed', () => {
  test('to a later time of the day moves the execution, with a further message', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.edit(daily('12:00:00'));
    await world.clock.moveBy({ minutes: 1 });
    await world.scan();
    expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T15:00:00.000Z']);
    expect(world.messages).toEqual(['1@2026-03-02T12:59:55Z', '1@2026-03-02T14:59:55Z']);
    await world.clock.moveTo('2026-03-02T11:59:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 0, failures: [] });
    expect(await world.pointer()).toBe('2026-03-03T15:00:00.000Z');
  });

  test('to another day cancels it, and gives its key up', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.edit(weekly('2', '10:00:00'));
    await world.clock.moveBy({ minutes: 1 });
    await world.scan();
    expect(await world.executions()).toEqual(['- CANCELADA alerta_editada 2026-03-02T13:00:00.000Z']);
    await world.edit(daily('10:30:00'));
    await world.clock.moveTo('2026-03-02T10:29:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 1 });
  });

  test('by deactivating it cancels it', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.edit(daily('10:00:00', { active: false }));
    await world.scan();
    expect(await world.executions()).toEqual(['- CANCELADA alerta_desactivada 2026-03-02T13:00:00.000Z']);
    expect(await world.pointer()).toBeNull();
  });

  test('leaves what was asked for by hand alone', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('18:00:00'));
    await world.scan();
    await sql`
      INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Clave, sch_Ocurrencia, sch_Revisar)
      VALUES ('000001', '2026-03-02', 'PENDIENTE', 'MANUAL', 'R:1', '2026-03-02T09:58:00-03:00', '2026-03-02T13:30:00')`.execute(
      world.db,
    );
    await world.edit(weekly('2', '10:00:00'));
    expect(await world.scan()).toMatchObject({ failures: [] });
    expect(await world.executions()).toEqual(['R:1 PENDIENTE - 2026-03-02T12:58:00.000Z']);
  });

  test('and prepared meanwhile touches neither the execution nor its key', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO', sch_Preparada = '2026-03-02T12:59:56'`.execute(
      world.db,
    );
    await world.edit(daily('12:00:00'));
    await world.clock.moveTo('2026-03-02T11:59:00-03:00');
    expect(await world.scan()).toMatchObject({ claimed: 0, failures: [] });
    expect(await world.executions()).toEqual(['2026-03-02 EN_PROCESO - 2026-03-02T13:00:00.000Z']);
  });

  test.each([
    ['to a later time', daily('12:00:00')],
    ['by deactivating it', daily('10:00:00', { active: false })],
  ])('%s, and opened while the edit is being settled, is left to its opening', async (_, after) => {
    const world = await scanWorld(at0958);
    await world.withAlert(daily('10:00:00'));
    await world.scan();
    await world.edit(after);
    const refresh = refreshOver(world, {
      readClaimed: async (alerts) => {
        const claimed = await readClaimed(world.db)(alerts);
        await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO'`.execute(world.db);
        return claimed;
      },
    });
    expect(await world.scanWith({ refreshAgenda: refresh })).toMatchObject({ failures: [] });
    expect(await world.executions()).toEqual(['2026-03-02 EN_PROCESO - 2026-03-02T13:00:00.000Z']);
    expect(world.messages).toHaveLength(1);
  });

  test('in its list cancels the entry that is gone and starts the new one', async () => {
    const world = await scanWorld(at0958);
    await world.withAlert(listed('2026-03-02 10:00, 2026-03-02 09:59'));
    await world.scan();
    await world.edit(listed('2026-03-02 10:01, 2026-03-02 09:59'));
    await world.clock.moveBy({ minutes: 1 });
    await world.scan();
    expect((await world.executions()).sort()).toEqual([
      '- CANCELADA alerta_editada 2026-03-02T13:00:00.000Z',
      '2026-03-02T09:59:00 PENDIENTE - 2026-03-02T12:59:00.000Z',
      '2026-03-02T10:01:00 PENDIENTE - 2026-03-02T13:01:00.000Z',
    ]);
  });
});

test('an alert goes out once a day, also when its hour is edited after sending', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  await world.scan();
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'ENVIADA', sch_Revisar = NULL`.execute(world.db);
  await world.edit(daily('12:00:00'));
  await world.clock.moveTo('2026-03-02T11:59:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 0 });
  expect(await world.pointer()).toBe('2026-03-03T15:00:00.000Z');
});

test('what was missed today is sent at the new time that the operator gives it', async () => {
  const world = await scanWorld('2026-03-02T08:00:00-03:00');
  await world.withAlert(daily('09:00:00'));
  await world.scan();
  await world.clock.moveTo('2026-03-02T10:00:00-03:00');
  expect(await world.scan()).toMatchObject({ missed: 1 });
  await world.edit(daily('10:30:00'));
  await world.clock.moveTo('2026-03-02T10:29:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 1, missed: 0 });
  expect(await world.executions()).toEqual([
    '- PERDIDA no_ejecutada 2026-03-02T12:00:00.000Z',
    '2026-03-02 PENDIENTE - 2026-03-02T13:30:00.000Z',
  ]);
});

test('what was missed on another day keeps its key when the alert is edited', async () => {
  const world = await scanWorld('2026-03-02T08:00:00-03:00');
  await world.withAlert(daily('09:00:00'));
  await world.scan();
  await world.clock.moveTo('2026-03-02T10:00:00-03:00');
  expect(await world.scan()).toMatchObject({ missed: 1 });
  await world.clock.moveTo('2026-03-03T08:00:00-03:00');
  await world.edit(daily('10:30:00'));
  await world.scan();
  expect(await world.executions()).toEqual(['2026-03-02 PERDIDA no_ejecutada 2026-03-02T12:00:00.000Z']);
});

test('what was missed today and would be again, after scans that did not finish, is on record once', async () => {
  const world = await scanWorld('2026-03-02T08:00:00-03:00');
  await world.withAlert(listed('2026-03-02 09:00'));
  await world.scan();
  await world.clock.moveTo('2026-03-02T10:00:00-03:00');
  expect(await world.scanWith({ recordCycle: async () => undefined })).toMatchObject({ missed: 1 });
  await world.edit(listed('2026-03-02 09:00, 2026-03-03 09:00'));
  expect(await world.scan()).toMatchObject({ missed: 0 });
  expect(await world.executions()).toEqual([
    '2026-03-02T09:00:00 PERDIDA no_ejecutada 2026-03-02T12:00:00.000Z',
  ]);
});

test('an alert edited in an outage has its old time on record, and is sent at its new one', async () => {
  const world = await scanWorld('2026-03-02T08:00:00-03:00');
  await world.withAlert(daily('09:00:00'));
  await world.scan();
  await world.edit(daily('12:01:00'));
  await world.clock.moveTo('2026-03-02T12:00:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 1, missed: 1 });
  expect(await world.executions()).toEqual([
    '- PERDIDA editada_en_corte 2026-03-02T12:00:00.000Z',
    '2026-03-02 PENDIENTE - 2026-03-02T15:01:00.000Z',
  ]);
});
