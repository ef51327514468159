import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { storeAgenda } from '../../../src/adapters/mssql/store-agenda.ts';
import { daily } from '../../support/alert-rows.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import { scanWorld } from '../../support/scan-world.ts';
import { refreshOver } from './refresh-over.ts';

const at0958 = '2026-03-02T09:58:00-03:00';

test('a refresh that stalls stores nothing over what another one has read meanwhile', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('18:00:00'));
  await world.scan();
  await world.edit(daily('20:00:00'));
  const refresh = refreshOver(world, {
    storeAgenda: async (...given) => {
      await world.edit(daily('12:00:00'));
      await world.scan();
      return await storeAgenda(world.db, scanPolicy.leaseSeconds)(...given);
    },
  });
  expect(await world.scanWith({ refreshAgenda: refresh })).toMatchObject({ finished: false, failures: [] });
  expect(await world.pointer()).toBe('2026-03-02T15:00:00.000Z');
});

test('a refresh that stalls brings back no edit that was taken back and read by another one', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('18:00:00'));
  await world.withAlert(daily('18:00:00', { code: 'B' }));
  await world.scan();
  await world.edit(daily('18:00:00', { active: false }));
  await world.edit(daily('19:00:00', { code: 'B' }));
  const refresh = refreshOver(world, {
    storeAgenda: async (...given) => {
      await world.edit(daily('18:00:00'));
      await world.scan();
      return await storeAgenda(world.db, scanPolicy.leaseSeconds)(...given);
    },
  });
  expect(await world.scanWith({ refreshAgenda: refresh })).toMatchObject({ finished: false, failures: [] });
  expect(await world.pointer()).toBe('2026-03-02T21:00:00.000Z');
  expect(await world.pointer('B')).toBe('2026-03-02T22:00:00.000Z');
});

test('an alert created in an outage was seen late', async () => {
  const world = await scanWorld('2026-03-02T08:00:00-03:00');
  await world.scan();
  await world.withAlert(daily('09:00:00'));
  await world.clock.moveTo('2026-03-02T12:00:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 0, missed: 1 });
  expect(await world.executions()).toEqual(['2026-03-02 PERDIDA vista_tarde 2026-03-02T12:00:00.000Z']);
});

test('at the first start nothing was missed', async () => {
  const world = await scanWorld('2026-03-02T12:00:00-03:00');
  await world.withAlert(daily('09:00:00'));
  expect(await world.scan()).toMatchObject({ claimed: 0, missed: 0 });
  expect(await world.pointer()).toBe('2026-03-03T12:00:00.000Z');
});

test('a row that cannot be read is reported once per change, and the other alerts go on', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00', { code: 'B', frequency: 'A VECES' }));
  await world.withAlert(daily('10:00:00'));
  expect(await world.scan()).toMatchObject({ claimed: 1, failures: [] });
  await world.edit(daily('10:00:00', { code: 'B', frequency: 'A VECES', catchUpMinutes: 5 }));
  await world.scan();
  expect(await world.faults()).toEqual(['configuracion_invalida B 0001']);
  await world.edit(daily('10:00:00', { code: 'B', frequency: 'CASI NUNCA' }));
  await world.scan();
  expect(await world.faults()).toHaveLength(2);
  await world.edit(daily('10:00:00', { code: 'B' }));
  expect(await world.scan()).toMatchObject({ claimed: 1 });
  const { rows } =
    await sql`SELECT age_Problema, age_ProblemaDesde FROM CT_Scheduler_Agenda WHERE agecfg_Cod = 'B'`.execute(
      world.db,
    );
  expect(rows).toEqual([{ age_Problema: null, age_ProblemaDesde: null }]);
});

test('an alert whose tenant does not exist yet starts when the tenant is created', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00', { tenant: '0009' }));
  await world.scan();
  expect(await world.faults()).toEqual(['configuracion_invalida 000001 0009']);
  await world.withTenant('0009');
  expect(await world.scan()).toMatchObject({ claimed: 1 });
});

test('an alert whose tenant is deleted is reported, with what it missed, and starts again with the tenant', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:30:00'));
  await world.scan();
  await sql`DELETE FROM CT_Empresas WHERE emp_Cod = '0001'`.execute(world.db);
  await world.clock.moveTo('2026-03-02T10:40:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 0, missed: 1, failures: [] });
  expect(await world.executions()).toEqual(['- PERDIDA editada_en_corte 2026-03-02T13:30:00.000Z']);
  expect(await world.faults()).toContain('configuracion_invalida 000001 0001');
  expect(await world.pointer()).toBeNull();
  await world.withTenant('0001');
  await world.clock.moveBy({ minutes: 1 });
  await world.scan();
  expect(await world.pointer()).toBe('2026-03-03T13:30:00.000Z');
});

test('a time that passed while another session held its alert was seen late', async () => {
  const world = await scanWorld(at0958);
  await world.scan();
  await world.withAlert(daily('10:05:00'));
  await world.db.transaction().execute(async (trx) => {
    await sql`UPDATE CT_Alertas_Config SET cfg_Nombre = 'otro'`.execute(trx);
    await world.clock.moveTo('2026-03-02T10:20:00-03:00');
    await world.scan();
  });
  await world.clock.moveBy({ minutes: 1 });
  expect(await world.scan()).toMatchObject({ missed: 1, finished: true });
  expect(await world.executions()).toEqual(['2026-03-02 PERDIDA vista_tarde 2026-03-02T13:05:00.000Z']);
});

test('an alert whose code is written in another case stays the same alert', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00', { code: 'Norte' }));
  await world.scan();
  await sql`UPDATE CT_Alertas_Config SET cfg_Cod = 'NORTE', cfg_HoraEnvio = '12:00:00'`.execute(world.db);
  await world.clock.moveBy({ minutes: 1 });
  expect(await world.scan()).toMatchObject({ finished: true });
  expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T15:00:00.000Z']);
});

test('a tenant that moves to another zone moves its alerts', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  await world.scan();
  await sql`UPDATE CT_Empresas SET emp_ZonaHoraria = 'America/Bogota'`.execute(world.db);
  await world.scan();
  expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T15:00:00.000Z']);
});

test('an alert that another session holds is read by a later scan, and holds up no other', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00', { code: 'HELD' }));
  await world.withAlert(daily('10:00:00', { code: 'FREE' }));
  await world.db.transaction().execute(async (trx) => {
    await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '09:59:30' WHERE cfg_Cod = 'HELD'`.execute(trx);
    expect(await world.scan()).toMatchObject({ failures: [] });
    expect(await world.executions()).toContain('2026-03-02 PENDIENTE - 2026-03-02T13:00:00.000Z');
  });
  expect(await world.scan()).toMatchObject({ failures: [] });
  expect((await world.executions()).sort()).toEqual([
    '2026-03-02 PENDIENTE - 2026-03-02T12:59:30.000Z',
    '2026-03-02 PENDIENTE - 2026-03-02T13:00:00.000Z',
  ]);
});

test('an alert whose tenant another session holds is read later, and not taken for one without a tenant', async () => {
  const world = await scanWorld(at0958);
  await world.scan();
  await world.withAlert(daily('10:00:00'));
  await world.db.transaction().execute(async (trx) => {
    await sql`UPDATE CT_Empresas SET emp_Nombre = 'otro'`.execute(trx);
    expect(await world.scan()).toMatchObject({ claimed: 0, finished: false, failures: [] });
  });
  expect(await world.scan()).toMatchObject({ claimed: 1, finished: true });
  expect(await world.faults()).toEqual([]);
});

test('a long transaction elsewhere keeps no edit from being seen', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('18:00:00'));
  await world.scan();
  await world.db.transaction().execute(async (trx) => {
    await sql`INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('NUEVA', 'Nueva')`.execute(trx);
    await world.scan();
    await world.edit(daily('12:00:00'));
    await world.scan();
    expect(await world.pointer()).toBe('2026-03-02T15:00:00.000Z');
  });
});

test('an edit whose row another session held and then left alone is not lost', async () => {
  const world = await scanWorld(at0958);
  await world.scan();
  await world.withAlert(daily('10:00:00'));
  await expect(
    world.db.transaction().execute(async (trx) => {
      await sql`UPDATE CT_Alertas_Config SET cfg_Nombre = 'otro' WHERE cfg_Cod = '000001'`.execute(trx);
      await world.scan();
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await world.scan();
  expect(await world.executions()).toEqual(['2026-03-02 PENDIENTE - 2026-03-02T13:00:00.000Z']);
});

test('a clock that once ran a month ahead leaves no alert waiting for that day', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('10:00:00'));
  await world.scan();
  await world.scanWith({ clock: { ...world.clock, now: () => world.clock.now().add({ hours: 24 * 31 }) } });
  expect(await world.pointer()).toBe('2026-04-03T13:00:00.000Z');
  await world.clock.moveTo('2026-03-02T10:01:00-03:00');
  await world.scan();
  await world.clock.moveTo('2026-03-04T09:58:00-03:00');
  expect(await world.scan()).toMatchObject({ claimed: 1 });
});

test('ALERTS_ONLY leaves the others without an agenda row', async () => {
  const world = await scanWorld(at0958, { only: { tenants: [], alerts: ['MINE'] } });
  await world.withAlert(daily('10:00:00', { code: 'MINE' }));
  await world.withAlert(daily('10:00:00', { code: 'THEIRS' }));
  expect(await world.scan()).toMatchObject({ claimed: 1 });
  await expect(world.pointer('THEIRS')).rejects.toThrow('no agenda row');
});

test('an idle scan takes at most five round trips', async () => {
  const world = await scanWorld(at0958);
  await world.withAlert(daily('18:00:00'));
  await world.scan();
  await world.clock.moveBy({ minutes: 1 });
  const before = world.statements();
  await world.scan();
  expect(world.statements() - before).toBeLessThanOrEqual(5);
});
