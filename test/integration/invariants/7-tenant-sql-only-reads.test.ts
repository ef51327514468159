// Invariant 7: tenant-written SQL never runs on the control database, never with string-built parameters, and cannot change data.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRows } from '../../../src/adapters/tenant-mssql/read-rows.ts';
import { tenantDatabases } from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import {
  tenantSessions,
  type InTenantSession,
  type TenantSessionOptions,
} from '../../../src/adapters/tenant-mssql/tenant-sessions.ts';
import type { ParameterValue } from '../../../src/dispatch/prepare/run-query.ts';
import type { Tenant } from '../../../src/domain/tenant.ts';
import { controlDatabase } from '../../support/control-database.ts';
import { sqlFaults } from '../../support/sql-faults.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { tenantAt, tenantDatabase, type TestTenant } from '../../support/tenant-database.ts';
import { harmlessTexts, hostileTexts, readHostile } from './hostile-sql.ts';

const never = new AbortController().signal;
const every = Object.values(hostileTexts).flat();

let erp: TestTenant;
/** Through a login that can only read. */
let reader: Tenant;

beforeAll(async () => {
  erp = await tenantDatabase();
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana'), ('P2', N'Beto')`);
  await erp.run(`INSERT INTO TgeCTPerfiles VALUES ('VENTAS', N'Ventas')`);
  reader = await erp.as('ALTER ROLE db_datareader ADD MEMBER {user}');
});

afterAll(() => erp[Symbol.asyncDispose]());

function options(changes: Partial<TenantSessionOptions> = {}): TenantSessionOptions & { maxRows: number } {
  return {
    getSecret: () => undefined,
    maxConnections: 2,
    acquireTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    breaker: { failures: 3, openMs: 30_000 },
    requireReadOnly: false,
    onLogin: () => undefined,
    maxRows: 1_000,
    ...changes,
  };
}

function asked(changes: Partial<TenantSessionOptions> = {}) {
  const { runQuery, lookupRecipients, close } = tenantDatabases(options(changes));
  const query = (tenant: Tenant, text: string, parameters: Record<string, ParameterValue> = {}) =>
    runQuery(
      tenant,
      { sql: text, parameters, timeoutSeconds: 10, omitIfEmpty: false },
      {
        empresa: 'E1',
        alerta: '000001',
        fecha: '2026-03-02',
        ocurrencia: '2026-03-02T12:49:00',
        persona: 'P1',
        perfil: null,
      },
      never,
    );
  return { query, lookupRecipients, [Symbol.asyncDispose]: close };
}

/** Every row of the tables, and every table there is. */
async function stored(): Promise<string> {
  const { rows: tables } = await sql`SELECT name FROM sys.tables ORDER BY name`.execute(erp.database.db);
  const { rows: persons } = await sql`SELECT * FROM TgeCTPersonas ORDER BY Tper_Cod`.execute(erp.database.db);
  const { rows: profiles } = await sql`SELECT * FROM TgeCTPerfiles ORDER BY Tprf_Cod`.execute(
    erp.database.db,
  );
  return JSON.stringify({ tables, persons, profiles });
}

/** Past the check of the text, as if it did not exist. */
function unchecked(session: InTenantSession, tenant: Tenant, text: string) {
  const limits = { timeoutMs: 1_000, rows: 10 };
  return session(tenant, never, ({ connection }) => readRows(connection, text, [], limits, never));
}

describe('the first lock, on the text', () => {
  test('is tried with enough texts', () => {
    expect(new Set(every).size).toBe(every.length);
    expect(every.length).toBeGreaterThan(100);
  });

  describe.each(Object.entries(hostileTexts))('refuses %s', (_, texts) => {
    test.each(texts.map(readHostile))('$sql', async ({ sql: text, word, place }) => {
      await using databases = asked();
      const nowhere = tenantAt('E1', 'Server=127.0.0.1,1;Database=x;User Id=x;Password=x');
      const answer = await databases.query(nowhere, text);
      expect(answer).toMatchObject({ kind: 'final', reason: 'consulta_rechazada' });
      expect(answer).toMatchObject({ detail: expect.stringContaining(place) });
      if (word !== null) expect(answer).toMatchObject({ detail: expect.stringContaining(`«${word}» `) });
    });
  });

  test('holds before anything is said to the server', async () => {
    await using proxy = await sqlProxy(erp.database.connection);
    await using databases = asked();
    for (const text of every) await databases.query(tenantAt('E1', proxy.connection), readHostile(text).sql);
    expect(proxy.messages()).toBe(0);
  });

  test('lets through what only reads', async () => {
    await using databases = asked();
    const before = await stored();
    for (const text of harmlessTexts) {
      const answer = await databases.query(reader, text);
      expect([text, answer]).toEqual([text, { kind: 'answer', value: expect.anything() }]);
    }
    expect(await stored()).toBe(before);
  });
});

describe('the second lock, the rights of the login', () => {
  test.each(Object.entries(hostileTexts))('holds by itself against %s', async (_, texts) => {
    const { inSession, close } = tenantSessions(options({ maxConnections: 1 }));
    const before = await stored();
    await expect(unchecked(inSession, reader, 'DELETE FROM TgeCTPersonas')).resolves.toMatchObject({
      reason: 'consulta_error',
      detail: expect.stringContaining('229'),
    });
    for (const text of texts) await unchecked(inSession, reader, readHostile(text).sql);
    expect(await stored()).toBe(before);
    await close();
  });

  test.each([
    ['INSERT', 'GRANT INSERT ON TgeCTPerfiles TO {user}'],
    ['UPDATE', 'GRANT UPDATE ON TgeCTPerfiles TO {user}'],
    ['DELETE', 'GRANT DELETE ON TgeCTPerfiles TO {user}'],
    ['INSERT, UPDATE, DELETE', 'ALTER ROLE db_datawriter ADD MEMBER {user}'],
    ['INSERT, UPDATE, DELETE, ALTER, CONTROL', 'ALTER ROLE db_owner ADD MEMBER {user}'],
  ])('a login with %s is seen, said once, and refused where that is asked for', async (rights, grant) => {
    const writer = await erp.as('ALTER ROLE db_datareader ADD MEMBER {user}', grant);
    const said: string[] = [];
    await using lenient = asked({
      onLogin: ({ code }, found) => said.push(`${code}: ${found.join(', ')}`),
    });
    await using strict = asked({ requireReadOnly: true });
    await lenient.query(writer, 'SELECT 1 AS uno');
    await expect(lenient.query(writer, 'SELECT 1 AS uno')).resolves.toMatchObject({ kind: 'answer' });
    expect(said).toEqual([`E1: ${rights}`]);
    const refused = {
      kind: 'final',
      reason: 'empresa_puede_escribir',
      detail: expect.stringContaining(rights),
    };
    await expect(strict.query(writer, 'SELECT 1 AS uno')).resolves.toEqual(refused);
    const nobody = { kind: 'person', person: 'P1', contact: null } as const;
    await expect(strict.lookupRecipients(writer, nobody, never)).resolves.toEqual(refused);
  });

  test('a right that is taken away counts at once', async () => {
    const writer = await erp.as(
      'ALTER ROLE db_datareader ADD MEMBER {user}',
      'GRANT UPDATE ON TgeCTPerfiles TO {user}',
    );
    await using strict = asked({ requireReadOnly: true });
    await expect(strict.query(writer, 'SELECT 1 AS uno')).resolves.toMatchObject({ kind: 'final' });
    const [, user = ''] = /User Id=([^;]+)/.exec(Buffer.from(writer.connection, 'base64').toString()) ?? [];
    await erp.run(`REVOKE UPDATE ON TgeCTPerfiles FROM ${user}`);
    await expect(strict.query(writer, 'SELECT 1 AS uno')).resolves.toMatchObject({ kind: 'answer' });
  });
});

describe('behind both, the transaction', () => {
  test.each([
    "INSERT INTO TgeCTPerfiles VALUES ('X', N'X')",
    "UPDATE TgeCTPersonas SET Tper_Nombre = N'X'",
    'DELETE FROM TgeCTPersonas',
    'DROP TABLE TgeCTContactos',
  ])('what a login that can write wrote is gone: %s', async (text) => {
    const { inTransaction, close } = tenantSessions(options({ maxConnections: 1 }));
    const before = await stored();
    await expect(unchecked(inTransaction, erp.tenant, text)).resolves.toMatchObject({ kind: 'answer' });
    expect(await stored()).toBe(before);
    await close();
  });
});

test('a control database is refused before a word of the tenant’s is said there', async () => {
  await using control = await controlDatabase();
  await using databases = asked();
  const tenant = tenantAt('E1', control.connection);
  // Whoever ran the tenant's text there would be told of it by this error.
  await using faults = sqlFaults(control.connection);
  await faults.add({ kind: 'fail', statement: { matches: 'trampa|TgeCT' }, number: 50_000 });
  const refused = {
    kind: 'final',
    reason: 'empresa_es_control',
    detail: 'emp_Conexion apunta a una base de control de Vigía.',
  };
  for (const _again of [1, 2])
    await expect(databases.query(tenant, 'SELECT 1 AS trampa')).resolves.toEqual(refused);
  const profile = { kind: 'profile', profile: 'VENTAS' } as const;
  await expect(databases.lookupRecipients(tenant, profile, never)).resolves.toEqual(refused);
});

test.each([
  "'; DELETE FROM TgeCTPersonas; --",
  "x' OR '1' = '1",
  "'' UNION SELECT Tper_Nombre FROM TgeCTPersonas",
  '@persona',
  '1); DROP TABLE TgeCTPersonas; --',
  'ñandú ’; EXEC sp_who --',
])('a parameter is a value, whatever it says: %s', async (value) => {
  await using databases = asked();
  const before = await stored();
  const text = 'SELECT @valor AS valor, COUNT(*) AS hay FROM TgeCTPersonas WHERE Tper_Cod = @valor';
  await expect(databases.query(erp.tenant, text, { valor: value })).resolves.toMatchObject({
    value: { rows: [{ valor: value, hay: 0 }] },
  });
  expect(await stored()).toBe(before);
});
