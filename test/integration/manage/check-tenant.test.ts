import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFaults } from '../../support/sql-faults.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { tenantDatabase, withLogin, type TestTenant } from '../../support/tenant-database.ts';
import { allRows } from './all-rows.ts';
import { manageWorld, type ManageWorld } from './manage-world.ts';

let world: ManageWorld;
let erp: TestTenant;
const readOnly = ['GRANT SELECT ON SCHEMA::dbo TO {user}'];

beforeAll(async () => {
  world = await manageWorld('2026-03-02T12:49:00-03:00');
  erp = await tenantDatabase('E1');
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana Ñandú'), ('P2', N'Beto')`);
  await erp.run(
    `INSERT INTO TgeCTContactos VALUES ('P1', '01', '1122334455', NULL), ('P1', '02', NULL, 'a@b.example')`,
  );
  await erp.run(`INSERT INTO TgeCTPerfiles VALUES ('COB', N'Cobranzas'), ('NADIE', NULL)`);
  await erp.run(`INSERT INTO TgeCTRel_Persona_Perfil VALUES ('P1', 'COB'), ('P2', 'COB')`);
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre) VALUES ('E1', N'Farmacia Norte'), ('E2', N'Sin alertas');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_Activo, cfgper_Cod, cfgprf_Cod) VALUES
      ('A0', 'E1', 0, 'P9', 'NADIE'), ('A1', 'E1', 1, 'P1', NULL), ('A2', 'E1', 1, NULL, 'COB')`.execute(
    world.db,
  );
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
});

interface Check {
  ok: boolean;
  loginMs: number | null;
  problems: {
    step: string;
    reason: string;
    blocks: boolean;
    passes: boolean;
    detail: string;
    advice: string;
  }[];
}

async function check(connection: string, request: object = {}, tenant = 'E1'): Promise<Check> {
  await sql`UPDATE CT_Empresas SET emp_Conexion = ${connection} WHERE emp_Cod = ${tenant}`.execute(world.db);
  const { status, body } = await world.post(`tenants/${tenant}/check`, request);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as Check;
}

/** Of the first problem: `step reason`. */
async function met(connection: string, request: object = {}): Promise<string[]> {
  const { problems } = await check(connection, request);
  return problems.map(({ step, reason }) => `${step} ${reason}`);
}

function encoded(connection: string): string {
  return Buffer.from(connection).toString('base64');
}

describe('POST tenants/{code}/check', () => {
  test('says how the database of a tenant is reached, what it is and what its login may do', async () => {
    const { connection } = await erp.as(...readOnly);
    expect(await check(connection)).toEqual({
      tenant: 'E1',
      name: 'Farmacia Norte',
      active: true,
      at: '2026-03-02T15:49:00Z',
      ok: true,
      loginMs: expect.any(Number),
      server: {
        version: expect.stringMatching(/^\d+\.\d+/),
        edition: expect.any(String),
        compatibilityLevel: expect.any(Number),
        collation: expect.any(String),
      },
      tls: { protocol: expect.stringMatching(/^TLSv1/), certificateChecked: false },
      rights: { mayWrite: false, which: [] },
      person: { code: 'P1', found: true, name: 'Ana Ñandú', contacts: 2, lookupMs: expect.any(Number) },
      profile: { code: 'COB', persons: 2, lookupMs: expect.any(Number) },
      problems: [],
    });
  });

  test('changes nothing in either database but the audit, which says who asked and what came of it', async () => {
    const { connection } = await erp.as(...readOnly);
    await sql`UPDATE CT_Empresas SET emp_Conexion = ${connection} WHERE emp_Cod = 'E1'`.execute(world.db);
    const names = ['TgeCTPersonas', 'TgeCTContactos', 'TgeCTPerfiles', 'TgeCTRel_Persona_Perfil'];
    const { CT_Scheduler_Auditoria: _, ...before } = await allRows(world.db);
    const erpBefore = await allRows(erp.database.db, names);
    await world.post('tenants/e1/check', {}, { 'x-operator': 'ana' });
    const { CT_Scheduler_Auditoria: __, ...after } = await allRows(world.db);
    expect(after).toEqual(before);
    expect(await allRows(erp.database.db, names)).toEqual(erpBefore);
    expect((await world.get('audit?limit=1')).body).toMatchObject({
      entries: [{ who: 'ana', act: 'tenant.check', on: 'tenant E1', detail: { ok: true, reasons: [] } }],
    });
    expect(world.log.events).toContainEqual({
      event: 'manage.acted',
      fields: { act: 'tenant.check', who: 'ana', on: 'tenant E1' },
    });
  });

  test('a login that can write is told, and keeps nothing from going out', async () => {
    const { connection } = await erp.as(...readOnly, 'GRANT INSERT ON TgeCTPersonas TO {user}');
    const found = await check(connection);
    expect(found).toMatchObject({
      ok: true,
      rights: { mayWrite: true, which: ['INSERT'] },
      problems: [
        {
          step: 'rights',
          reason: 'empresa_puede_escribir',
          blocks: false,
          passes: false,
          detail: 'El usuario de emp_Conexion no es de solo lectura: tiene INSERT.',
          advice: 'Déle permisos de lectura solamente.',
        },
      ],
    });
  });

  test('it does where TENANT_REQUIRE_READONLY is set', async () => {
    await using strict = await manageWorld('2026-03-02T12:49:00-03:00', {
      environment: { TENANT_REQUIRE_READONLY: 'true' },
    });
    await sql`INSERT INTO CT_Empresas (emp_Cod, emp_Conexion) VALUES ('E1', ${erp.tenant.connection})`.execute(
      strict.db,
    );
    expect((await strict.post('tenants/E1/check', {})).body).toMatchObject({
      ok: false,
      rights: { mayWrite: true },
      problems: [
        {
          reason: 'empresa_puede_escribir',
          blocks: true,
          advice: expect.stringContaining('TENANT_REQUIRE_READONLY'),
        },
      ],
    });
  });

  test('looks up whom the body names', async () => {
    const { connection } = await erp.as(...readOnly);
    expect(await check(connection, { person: 'P2', profile: 'NADIE' })).toMatchObject({
      ok: true,
      person: { code: 'P2', found: true, contacts: 0 },
      profile: { code: 'NADIE', persons: 0 },
      problems: [
        {
          step: 'profile',
          reason: 'sin_destinatarios',
          blocks: false,
          detail: 'El perfil NADIE no tiene personas.',
        },
      ],
    });
    expect(await check(connection, { person: 'P9' })).toMatchObject({
      person: { code: 'P9', found: false, name: null },
      problems: [{ step: 'person', reason: 'sin_destinatarios' }],
    });
  });

  test('a tenant without alerts is looked at all the same, and takes the first of a profile that is named', async () => {
    const { connection } = await erp.as(...readOnly);
    expect(await check(connection, {}, 'E2')).toMatchObject({ ok: true, person: null, profile: null });
    expect(await check(connection, { profile: 'COB' }, 'E2')).toMatchObject({
      person: { code: 'P1', found: true },
    });
  });

  test('an inactive tenant is a problem', async () => {
    const { connection } = await erp.as(...readOnly);
    await sql`UPDATE CT_Empresas SET emp_Activo = 0 WHERE emp_Cod = 'E2'`.execute(world.db);
    expect(await check(connection, {}, 'E2')).toMatchObject({
      ok: false,
      active: false,
      loginMs: expect.any(Number),
      problems: [{ step: 'tenant', reason: 'empresa_inactiva' }],
    });
  });
});

describe('what keeps a tenant’s alerts from going out', () => {
  test('is told with the reason that a dispatch would give', async () => {
    const plain = erp.database.connection;
    expect(await met('no es Base64')).toEqual(['connection empresa_conexion_invalida']);
    expect(await met('env:NADA')).toEqual(['connection empresa_conexion_invalida']);
    expect(await met(encoded(withLogin(plain, 'nobody', 'wrong')))).toEqual(['login empresa_login']);
    expect(await met(encoded(plain.replace(/Database=[^;]*/i, 'Database=no_hay')))).toEqual([
      'login empresa_login',
    ]);
    expect(await met(encoded(plain.replace(/Server=[^;]*/i, 'Server=127.0.0.1,1')))).toEqual([
      'login empresa_no_disponible',
    ]);
    expect(await met(encoded(world.connection))).toEqual(['rights empresa_es_control']);
    const { connection } = await erp.as();
    expect(await met(connection)).toEqual(['profile consulta_error', 'person consulta_error']);
  });

  test('a certificate that nobody vouches for is told as such, with both ways out', async () => {
    const plain = erp.database.connection.replace(/;?\s*(?:TrustServerCertificate|Encrypt)=[^;]*/gi, '');
    expect(await check(encoded(`${plain};Encrypt=True;TrustServerCertificate=False`))).toMatchObject({
      ok: false,
      problems: [
        {
          step: 'login',
          reason: 'empresa_no_disponible',
          detail: expect.stringMatching(/^El certificado del servidor .* no es de confianza \(.*CERT/),
          advice: expect.stringMatching(/certificado válido .* TrustServerCertificate=True/),
        },
      ],
    });
  });

  test('says whether a dispatch would wait, and what to do', async () => {
    const away = encoded(erp.database.connection.replace(/Server=[^;]*/i, 'Server=127.0.0.1,1'));
    expect(await check(away)).toMatchObject({
      ok: false,
      loginMs: null,
      server: null,
      problems: [
        {
          step: 'login',
          blocks: true,
          passes: true,
          detail: expect.stringContaining('No se pudo hablar con la base de la empresa'),
          advice: 'Revise el servidor de la empresa y el camino de red hasta él.',
        },
      ],
    });
  });

  test('names no value of the connection, whatever the server repeats', async () => {
    const wrong = withLogin(erp.database.connection, 'vigia', 's3cret-pass');
    const refused = await check(encoded(wrong));
    expect(refused.problems).toMatchObject([{ detail: expect.stringContaining("'•••'") }]);
    const missing = await check(encoded(erp.database.connection.replace(/Database=[^;]*/i, 'Database=acme')));
    const { connection } = await erp.as(...readOnly);
    const all = JSON.stringify([refused, missing, await check(connection)]);
    for (const value of ['s3cret-pass', "'vigia'", 'acme', '127.0.0.1', erp.database.name, 'Password'])
      expect(all).not.toContain(value);
  });

  test('is not what a circuit remembers: it is tried anew', async () => {
    const away = encoded(erp.database.connection.replace(/Server=[^;]*/i, 'Server=127.0.0.1,1'));
    for (let tries = 0; tries < 4; tries++) await check(away);
    const { connection } = await erp.as(...readOnly);
    expect(await check(connection)).toMatchObject({ ok: true });
  });

  test('is asked no longer than 30 seconds', async () => {
    await using proxy = await sqlProxy(erp.database.connection);
    await using faults = sqlFaults(erp.database.connection);
    await faults.add({ kind: 'delay', milliseconds: 60_000, statement: 'TgeCTPerfiles' });
    const checking = check(encoded(proxy.connection));
    // Pre-login, login, the driver’s settings and ours, rights, server; then it hangs in the look-up.
    await expect.poll(() => proxy.messages()).toBe(7);
    await world.clock.moveBy({ seconds: 30 });
    expect(await checking).toMatchObject({
      ok: false,
      loginMs: expect.any(Number),
      profile: null,
      person: null,
      problems: [
        { reason: 'empresa_puede_escribir' },
        {
          step: 'profile',
          reason: 'empresa_no_disponible',
          passes: true,
          detail: 'La comprobación no terminó en 30 s y se interrumpió aquí.',
        },
      ],
    });
  });

  test.each([
    ['tenants/NADIE/check', {}, 404, 'CT_Empresas has no row NADIE.'],
    ['tenants/E1/check', { persona: 'P1' }, 400, 'body.persona is not known here'],
    ['tenants/E1/check', { person: '' }, 400, 'body.person must not be empty'],
  ])('POST %s %j is a problem, and not on record', async (path, body, status, detail) => {
    const before = await world.get('audit');
    expect(await world.post(path, body)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(detail) },
    });
    expect(await world.get('audit')).toEqual(before);
  });
});
