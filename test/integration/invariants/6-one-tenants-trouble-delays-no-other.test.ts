// Invariant 6: one tenant's trouble (database down or slow, login refused, bad query, bad template, hung webhook) delays no other tenant's alerts.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFaults } from '../../support/sql-faults.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { tenantDatabase, type TestTenant } from '../../support/tenant-database.ts';
import { fiftyTenants, type Night } from './fifty-tenants.ts';

let world: Awaited<ReturnType<typeof fiftyTenants>>;
/** The sick tenant's own database. */
let erp: TestTenant;
/** What the others live through without a sick tenant. */
let calm: Night;

beforeAll(async () => {
  world = await fiftyTenants();
  erp = await tenantDatabase();
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana')`);
  await erp.run(`INSERT INTO TgeCTContactos VALUES ('P1', '01', '11 5555 0001', NULL)`);
  calm = await world.night();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
});

/** More than may wait for one database. */
const crowd = 40;

test('in a calm night everybody is served at the second, by one opening', () => {
  expect(calm.others).toHaveLength(49);
  expect(new Set(calm.others.map(({ lateMs, openings }) => `${lateMs} ${openings}`))).toEqual(
    new Set(['0 1']),
  );
});

describe('no other tenant is late, nor opened more often, while one has', () => {
  const waits = { kind: 'passing', reason: 'empresa_no_disponible' };
  const sixteenWait = { waitingForItsDatabase: 16, prepared: 0 };

  test('a dead database', async () => {
    const connection = 'Server=127.0.0.1,1;Database=x;User Id=x;Password=x';
    const night = await world.night({ connection, alerts: crowd, end: () => undefined });
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual(sixteenWait);
    expect(night.answers).toContainEqual(expect.objectContaining(waits));
  });

  test('a database that says nothing, and more alerts than one tenant gets places', async () => {
    await using proxy = await sqlProxy(erp.database.connection);
    proxy.hang();
    const night = await world.night({ connection: proxy.connection, alerts: 200, end: () => proxy.goAway() });
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual(sixteenWait);
    expect(night.answers).toContainEqual(expect.objectContaining(waits));
  });

  test('a slow database', async () => {
    await using proxy = await sqlProxy(erp.database.connection);
    await using faults = sqlFaults(erp.database.connection);
    await faults.add({ kind: 'delay', statement: 'TgeCTPersonas', milliseconds: 60_000 });
    const night = await world.night({
      connection: proxy.connection,
      alerts: crowd,
      end: () => proxy.goAway(),
    });
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual(sixteenWait);
    expect(night.answers).toContainEqual(expect.objectContaining(waits));
  });

  test('a database that refuses its login', async () => {
    await using faults = sqlFaults(erp.database.connection);
    await faults.add({ kind: 'refuse-login' });
    const connection = `${erp.database.connection};Encrypt=False`;
    const night = await world.night({ connection, alerts: crowd, end: () => undefined });
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual(sixteenWait);
    expect(night.sick).toEqual({ 'ERROR empresa_login': 16, 'EN_PROCESO sin_lugar': crowd - 16 });
  });

  test('a database whose rows somebody has locked', async () => {
    const locked = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const holder = erp.database.db.transaction().execute(async (trx) => {
      await sql`UPDATE TgeCTPersonas SET Tper_Nombre = N'Beto'`.execute(trx);
      locked.resolve();
      await end.promise;
    });
    await locked.promise;
    const connection = `${erp.database.connection};Encrypt=False;Application Name=lock`;
    const night = await world.night({ connection, alerts: crowd, type: 'LOCK', end: () => end.resolve() });
    await holder;
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual(sixteenWait);
    expect(night.sick).toEqual({ ENVIADA: 16, 'EN_PROCESO sin_lugar': crowd - 16 });
  });

  test.each([
    ['a bad query', 'BADSQL', 'ERROR consulta_error'],
    ['a bad template', 'BADTPL', 'ERROR plantilla_invalida'],
  ] as const)('%s', async (_, type, ending) => {
    const connection = `${erp.database.connection};Encrypt=False;Application Name=${type}`;
    const night = await world.night({ connection, alerts: 16, type, end: () => undefined });
    expect(night.others).toEqual(calm.others);
    expect(night.sick).toEqual({ [ending]: 16 });
  });

  test('300 alerts for a webhook that hangs, on the host that serves everybody', async () => {
    const night = await world.night({
      connection: `${erp.database.connection};Encrypt=False;Application Name=hung`,
      alerts: 300,
      fewAtATime: true,
      type: 'HUNG',
      hangingCalls: 75,
      end: () => undefined,
    });
    expect(night.others).toEqual(calm.others);
    expect(night.sickAtSecond).toEqual({ waitingForItsDatabase: 0, prepared: 192 });
    expect(night.mostCalls.hung).toBe(75);
    expect(night.mostCalls.all).toBeLessThanOrEqual(100);
    expect(night.sick).toEqual({ EN_PROCESO: 192, 'EN_PROCESO sin_lugar': 108 });
  }, 60_000);
});

test('nor is the tenant itself late with 20 alerts at one second, when its database is well', async () => {
  const connection = `${erp.database.connection};Encrypt=False;Application Name=well`;
  const night = await world.night({ connection, alerts: 20, recovers: true, end: () => undefined });
  expect(night.others).toEqual(calm.others);
  expect(night.sickAtSecond).toEqual({ waitingForItsDatabase: 0, prepared: 20 });
  expect(night.sickLateMs).toEqual(Array(20).fill(0));
});
