import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  tenantDatabases,
  type TenantDatabaseOptions,
} from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import type { RecipientTarget } from '../../../src/dispatch/prepare/lookup-recipients.ts';
import type { TenantAnswer } from '../../../src/dispatch/prepare/tenant-answer.ts';
import type { ParameterValue } from '../../../src/dispatch/prepare/run-query.ts';
import type { Tenant } from '../../../src/domain/tenant.ts';
import { controlDatabase } from '../../support/control-database.ts';
import { tenantAt, tenantDatabase, withLogin, type TestTenant } from '../../support/tenant-database.ts';

const never = new AbortController().signal;
const opened: (() => unknown)[] = [];

/** Of all tests but those that put their own people into it. */
let erp: TestTenant;

beforeAll(async () => {
  erp = await tenantDatabase();
});

afterAll(() => erp[Symbol.asyncDispose]());

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

function databases(options: Partial<TenantDatabaseOptions> = {}) {
  const writable: string[] = [];
  const made = tenantDatabases({
    getSecret: () => undefined,
    maxConnections: 2,
    acquireTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    breaker: { failures: 3, openMs: 30_000 },
    requireReadOnly: false,
    onWritableLogin: ({ code }, rights) => writable.push(`${code}: ${rights.join(', ')}`),
    maxRows: 1_000,
    ...options,
  });
  const query = (
    tenant: Tenant,
    text: string,
    { parameters = {}, timeoutSeconds = 10, persona = null, signal = never }: QueryChanges = {},
  ) =>
    made.runQuery(
      tenant,
      { sql: text, parameters, timeoutSeconds, omitIfEmpty: false },
      {
        empresa: tenant.code,
        alerta: '000001',
        fecha: '2026-03-02',
        ocurrencia: '2026-03-02T12:49:05',
        persona,
        perfil: 'VENTAS',
      },
      signal,
    );
  return { ...made, query, writable, [Symbol.asyncDispose]: made.close };
}

interface QueryChanges {
  parameters?: Record<string, ParameterValue>;
  timeoutSeconds?: number;
  persona?: string | null;
  signal?: AbortSignal;
}

function rowsOf<T>(answer: TenantAnswer<{ rows: T }>): T {
  if (answer.kind !== 'answer') throw new Error(`${answer.reason}: ${answer.detail}`);
  return answer.value.rows;
}

describe('recipients', () => {
  test('a person comes with every contact, a profile with every member once', async () => {
    await using own = await tenantDatabase();
    await own.run(
      `INSERT INTO TgeCTPersonas VALUES ('P1', N'Ana Ñandú'), ('P2', NULL), ('P3', N'Sola'), ('P4', N'Otro')`,
    );
    await own.run(`INSERT INTO TgeCTContactos VALUES ('P1', '02', '1122334455', NULL), ('P1', '01', NULL, 'ana@example.com'),
      ('P2', '01', '1199887766', 'dos@example.com'), ('P4', '01', '1', '2')`);
    await own.run(`INSERT INTO TgeCTPerfiles VALUES ('VENTAS', N'Ventas'), ('NADIE', NULL)`);
    await own.run(
      `INSERT INTO TgeCTRel_Persona_Perfil VALUES ('P3', 'VENTAS'), ('P1', 'VENTAS'), ('P2', 'VENTAS'), ('P4', 'OTRO')`,
    );
    await using asked = databases();
    const { lookupRecipients } = asked;
    const ana = {
      code: 'P1',
      name: 'Ana Ñandú',
      contacts: [
        { code: '01', phone: null, mail: 'ana@example.com' },
        { code: '02', phone: '1122334455', mail: null },
      ],
    };
    const person = (code: string) =>
      lookupRecipients(own.tenant, { kind: 'person', person: code, contact: null }, never);
    const profile = (code: string) => lookupRecipients(own.tenant, { kind: 'profile', profile: code }, never);

    await expect(person('P1')).resolves.toEqual({ kind: 'answer', value: [ana] });
    await expect(person('P9')).resolves.toEqual({ kind: 'answer', value: [] });
    await expect(profile('NADIE')).resolves.toEqual({ kind: 'answer', value: [] });
    await expect(profile('VENTAS')).resolves.toEqual({
      kind: 'answer',
      value: [
        ana,
        { code: 'P2', name: 'P2', contacts: [{ code: '01', phone: '1199887766', mail: 'dos@example.com' }] },
        { code: 'P3', name: 'Sola', contacts: [] },
      ],
    });
  });

  test('more than can be read at once are refused, not read in part', async () => {
    await using own = await tenantDatabase();
    await own.run(`INSERT INTO TgeCTPersonas VALUES ('P1', REPLICATE(N'x', 100))`);
    await own.run(`INSERT INTO TgeCTPerfiles VALUES ('TODOS', NULL)`);
    await own.run(`INSERT INTO TgeCTRel_Persona_Perfil VALUES ('P1', 'TODOS')`);
    const mails = JSON.stringify(
      Array.from({ length: 25_000 }, (_, index) => ({ code: index.toString(36) })),
    );
    await own.run(`INSERT INTO TgeCTContactos (Tconper_Cod, Tcon_Cod, Tcon_Email)
      SELECT 'P1', code, REPLICATE('x', 100) FROM OPENJSON('${mails}') WITH (code VARCHAR(6))`);
    await using asked = databases();
    const answer = await asked.lookupRecipients(own.tenant, { kind: 'profile', profile: 'TODOS' }, never);
    expect(answer).toMatchObject({ kind: 'final', reason: 'demasiados_destinatarios' });
  });

  test('cost one round trip on a kept connection', async () => {
    const line = await lineTo(erp.database.connection);
    await using asked = databases();
    const lookUp = () =>
      asked.lookupRecipients(tenantAt('E1', line.connection), { kind: 'profile', profile: 'X' }, never);
    await lookUp();
    const before = line.requests();
    await lookUp();
    expect(line.requests() - before).toBe(1);
  });

  test('a database without those tables says that the look-up failed, not the query', async () => {
    await using own = await tenantDatabase();
    await own.run('DROP TABLE TgeCTContactos');
    await using asked = databases();
    const { lookupRecipients } = asked;
    await expect(lookupRecipients(own.tenant, { kind: 'profile', profile: 'X' }, never)).resolves.toEqual({
      kind: 'final',
      reason: 'consulta_error',
      detail: expect.stringMatching(
        /^Al buscar los destinatarios: SQL Server respondió 208: .*TgeCTContactos/,
      ),
    });
  });
});

describe('look-ups of an installation’s own', () => {
  const lookUp = async (lookups: { person?: string; profile?: string }, target: RecipientTarget) => {
    await using asked = databases({ lookups: { person: null, profile: null, ...lookups } });
    return await asked.lookupRecipients(erp.tenant, target, never);
  };
  const ana = { kind: 'person', person: '7', contact: null } as const;

  test('give the columns in any order and case, beside others, with numbers as codes', async () => {
    const profile = `SELECT v.edad, v.mail, v.celular AS CELULAR, v.contacto, v.nombre AS Nombre, v.persona
      FROM (VALUES (40, 'b@x.com', 1155550002, 1, N'Beto', 8), (30, NULL, 1155550001, 1, N'Ana', 7), (31, 'a@x.com', NULL, 2, N'Ana', 7),
        (50, NULL, NULL, NULL, NULL, 9)) AS v(edad, mail, celular, contacto, nombre, persona) WHERE @perfil = 'VENTAS'`;
    await expect(lookUp({ profile }, { kind: 'profile', profile: 'VENTAS' })).resolves.toEqual({
      kind: 'answer',
      value: [
        {
          code: '7',
          name: 'Ana',
          contacts: [
            { code: '1', phone: '1155550001', mail: null },
            { code: '2', phone: null, mail: 'a@x.com' },
          ],
        },
        { code: '8', name: 'Beto', contacts: [{ code: '1', phone: '1155550002', mail: 'b@x.com' }] },
        { code: '9', name: '9', contacts: [] },
      ],
    });
    await expect(lookUp({ profile }, { kind: 'profile', profile: 'OTRO' })).resolves.toMatchObject({
      value: [],
    });
  });

  test('that lack a column end with its name, also where nobody is found', async () => {
    const person = `SELECT @persona AS persona, 'Ana' AS nombre, '1' AS contacto WHERE 1 = 0`;
    await expect(lookUp({ person }, ana)).resolves.toEqual({
      kind: 'final',
      reason: 'configuracion_invalida',
      detail: 'LOOKUP_PERSON_SQL no da las columnas celular, mail.',
    });
  });

  test.each([
    [
      'CAST(NULL AS VARCHAR(6)) AS persona, NULL AS mail',
      'persona debe dar un texto o un número, nunca NULL',
    ],
    [`@persona AS persona, CAST('2026-03-02' AS DATE) AS mail`, 'mail debe dar un texto, un número o NULL'],
  ])('that give %s end with the column’s name', async (columns, problem) => {
    const person = `SELECT ${columns}, @persona AS contacto, NULL AS nombre, NULL AS celular`;
    await expect(lookUp({ person }, ana)).resolves.toEqual({
      kind: 'final',
      reason: 'configuracion_invalida',
      detail: `LOOKUP_PERSON_SQL: la columna ${problem}.`,
    });
  });
});

describe('queries', () => {
  test('have the built-in parameters and their own, each with its type', async () => {
    await using asked = databases();
    const answer = await asked.query(
      erp.tenant,
      `SELECT @empresa AS empresa, @alerta AS alerta, @persona AS persona, @perfil AS perfil, @fecha AS fecha,
        @ocurrencia AS ocurrencia, DATEADD(day, @dias, @fecha) AS luego, @grande AS grande, @parte AS parte, @si AS si,
        @nada AS nada, @texto AS texto`,
      {
        persona: 'P1',
        parameters: { dias: 30, grande: 5_000_000_000, parte: 0.25, si: true, nada: null, texto: 'ñandú €' },
      },
    );
    expect(rowsOf(answer)).toEqual([
      {
        empresa: 'E1',
        alerta: '000001',
        persona: 'P1',
        perfil: 'VENTAS',
        fecha: '2026-03-02',
        ocurrencia: '2026-03-02T12:49:05',
        luego: '2026-04-01',
        grande: 5_000_000_000,
        parte: 0.25,
        si: true,
        nada: null,
        texto: 'ñandú €',
      },
    ]);
  });

  test('give every type as JSON can say it', async () => {
    await using asked = databases();
    const answer = await asked.query(
      erp.tenant,
      `SELECT CAST(1500.50 AS DECIMAL(12,2)) AS total, CAST(9007199254740993 AS BIGINT) AS enorme, CAST(7 AS BIGINT) AS chico,
        CAST('2026-03-02T12:49:00' AS DATETIME) AS antes, CAST('2026-03-02T12:49:00.1234567' AS DATETIME2(7)) AS fino,
        CAST('09:05:00' AS TIME(0)) AS hora, CAST('2026-03-02T12:49:00+00:00' AS DATETIMEOFFSET(0)) AS zona,
        CAST('ab' AS CHAR(4)) AS fijo, CAST(1 AS BIT) AS si, CAST(NULL AS INT) AS nada`,
    );
    expect(answer).toMatchObject({
      value: { columns: expect.arrayContaining([{ name: 'total', scale: 2 }]) },
    });
    expect(rowsOf(answer)).toEqual([
      {
        total: 1500.5,
        enorme: '9007199254740993',
        chico: 7,
        antes: '2026-03-02T12:49:00',
        fino: '2026-03-02T12:49:00.123',
        hora: '09:05:00',
        zona: '2026-03-02T09:49:00-03:00',
        fijo: 'ab  ',
        si: true,
        nada: null,
      },
    ]);
  });

  test('stop at the row cap and say so', async () => {
    await using asked = databases({ maxRows: 2, maxConnections: 1 });
    const { query } = asked;
    const text = `SELECT v.c FROM (VALUES ('1'), ('2'), ('3')) AS v(c) ORDER BY v.c`;
    await expect(query(erp.tenant, text)).resolves.toMatchObject({
      value: { rows: [{ c: '1' }, { c: '2' }], truncated: true },
    });
    await expect(query(erp.tenant, `${text} OFFSET 1 ROWS`)).resolves.toMatchObject({
      value: { rows: [{ c: '2' }, { c: '3' }], truncated: false },
    });
  });

  test('that are wrong say what the server said', async () => {
    await using asked = databases();
    const { query } = asked;
    await expect(query(erp.tenant, 'SELECT nada FROM TgeCTPersonas')).resolves.toEqual({
      kind: 'final',
      reason: 'consulta_error',
      detail: expect.stringMatching(/^SQL Server respondió 207: .*nada/),
    });
    await expect(query(erp.tenant, 'SELECT @falta AS x')).resolves.toMatchObject({
      reason: 'consulta_error',
    });
  });

  test('that are not one SELECT never reach the server', async () => {
    await using asked = databases();
    const nowhere = tenantAt('E1', 'Server=127.0.0.1,1;Database=x;User Id=x;Password=x');
    await expect(asked.query(nowhere, 'DELETE FROM TgeCTPersonas')).resolves.toMatchObject({
      kind: 'final',
      reason: 'consulta_rechazada',
    });
  });

  test('run in a transaction, and wait for locks ten seconds at most', async () => {
    await using asked = databases();
    const answer = await asked.query(erp.tenant, 'SELECT @@TRANCOUNT AS abiertas, @@LOCK_TIMEOUT AS espera');
    expect(rowsOf(answer)).toEqual([{ abiertas: 1, espera: 10_000 }]);
  });
});

/** Holds a row, so that the query waits for it, until `release` or the end of the test. */
async function heldRow() {
  const code = randomBytes(3).toString('hex');
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('${code}', N'Ana')`);
  const held = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const transaction = erp.database.db.transaction().execute(async (trx) => {
    await sql`UPDATE TgeCTPersonas SET Tper_Nombre = N'Beto' WHERE Tper_Cod = ${code}`.execute(trx);
    held.resolve();
    await end.promise;
  });
  await held.promise;
  return {
    query: `SELECT Tper_Nombre AS nombre FROM TgeCTPersonas WITH (UPDLOCK) WHERE Tper_Cod = '${code}'`,
    release: () => end.resolve(),
    async [Symbol.asyncDispose]() {
      end.resolve();
      await transaction;
    },
  };
}

describe('what takes too long', () => {
  test('is cancelled on the server, whose connection then serves the next query', async () => {
    await using held = await heldRow();
    await using asked = databases({ maxConnections: 1 });
    const { query } = asked;
    await expect(query(erp.tenant, held.query, { timeoutSeconds: 1 })).resolves.toEqual({
      kind: 'final',
      reason: 'consulta_tiempo',
      detail: 'La consulta pasó su límite de 1 s y se canceló.',
    });
    expect(rowsOf(await query(erp.tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('is cancelled when the dispatch loses its lease, and throws what the signal says', async () => {
    await using held = await heldRow();
    await using asked = databases({ maxConnections: 1 });
    const { query } = asked;
    const stop = new AbortController();
    const answer = query(erp.tenant, held.query, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('lease lost')), 200);
    await expect(answer).rejects.toThrow('lease lost');
    expect(rowsOf(await query(erp.tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('and holds every connection makes the next wait and then pass', async () => {
    await using held = await heldRow();
    await using asked = databases({ maxConnections: 1, acquireTimeoutMs: 300 });
    const { query } = asked;
    const first = query(erp.tenant, held.query, { timeoutSeconds: 5 });
    await expect(query(erp.tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'passing',
      reason: 'empresa_no_disponible',
    });
    held.release();
    expect(rowsOf(await first)).toEqual([{ nombre: 'Beto' }]);
  });
});

describe('whose database it is, and what its login may do', () => {
  test('a control database is refused before a statement of the tenant runs', async () => {
    await using control = await controlDatabase();
    await using asked = databases();
    const { query } = asked;
    await expect(query(tenantAt('E1', control.connection), 'SELECT 1 AS uno')).resolves.toEqual({
      kind: 'final',
      reason: 'empresa_es_control',
      detail: 'emp_Conexion apunta a una base de control de Vigía.',
    });
  });

  test('a login that only reads is taken without a word', async () => {
    await using asked = databases({ requireReadOnly: true });
    const { query, writable } = asked;
    const reader = await erp.as('ALTER ROLE db_datareader ADD MEMBER {user}');
    expect(rowsOf(await query(reader, 'SELECT COUNT(*) AS n FROM TgeCTContactos'))).toEqual([{ n: 0 }]);
    expect(writable).toEqual([]);
  });

  test('one that can write a single table is reported once, and refused where that is asked for', async () => {
    const writer = await erp.as(
      'ALTER ROLE db_datareader ADD MEMBER {user}',
      'GRANT UPDATE ON TgeCTContactos TO {user}',
    );
    await using lenient = databases();
    await using strict = databases({ requireReadOnly: true });
    expect(rowsOf(await lenient.query(writer, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
    await lenient.query(writer, 'SELECT 1 AS uno');
    expect(lenient.writable).toEqual(['E1: UPDATE']);
    await expect(strict.query(writer, 'SELECT 1 AS uno')).resolves.toEqual({
      kind: 'final',
      reason: 'empresa_puede_escribir',
      detail: 'El usuario de emp_Conexion no es de solo lectura: tiene UPDATE.',
    });
  });

  test('the administrator can write everything', async () => {
    await using asked = databases();
    const { query, writable } = asked;
    await query(erp.tenant, 'SELECT 1 AS uno');
    expect(writable).toEqual(['E1: INSERT, UPDATE, DELETE, ALTER, CONTROL, sysadmin']);
  });
});

describe('a database that cannot be used', () => {
  test('a wrong password and a database that is not there are final, and show no password', async () => {
    await using asked = databases();
    const { query } = asked;
    const wrong = tenantAt('E1', withLogin(erp.database.connection, 'nobody', 'wr0ng-secret'));
    const answer = await query(wrong, 'SELECT 1 AS uno');
    expect(answer).toMatchObject({
      kind: 'final',
      reason: 'empresa_login',
      detail: expect.stringContaining('18456'),
    });
    expect(JSON.stringify(answer)).not.toContain('wr0ng-secret');
    const missing = tenantAt('E1', erp.database.connection.replace(erp.database.name, 'no_such_database'));
    await expect(query(missing, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'final',
      reason: 'empresa_login',
      detail: expect.stringContaining('4060'),
    });
  });

  test('an unreadable emp_Conexion is final', async () => {
    const tenant = { ...tenantAt('E1', ''), connection: 'no base64' };
    await using asked = databases();
    await expect(asked.query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'final',
      reason: 'empresa_conexion_invalida',
    });
  });

  test('a server that says nothing costs five seconds', async () => {
    const silent = createServer();
    const port = await listening(silent);
    const tenant = tenantAt('E1', `Server=127.0.0.1,${port};Database=x;User Id=x;Password=x-secret`);
    const started = performance.now();
    await using asked = databases();
    await expect(asked.query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({
      kind: 'passing',
      reason: 'empresa_no_disponible',
    });
    expect(performance.now() - started).toBeGreaterThan(4_000);
    expect(performance.now() - started).toBeLessThan(9_000);
  });

  test('after three failures it is not asked, until one try finds it back', async () => {
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases({ breaker: { failures: 3, openMs: 500 } });
    const { query } = asked;
    line.refuse(true);
    for (let index = 0; index < 5; index += 1) {
      await expect(query(tenant, 'SELECT 1 AS uno')).resolves.toMatchObject({ kind: 'passing' });
    }
    expect(line.attempts()).toBe(3);
    line.refuse(false);
    await expect
      .poll(() => query(tenant, 'SELECT 1 AS uno'), { timeout: 5_000 })
      .toMatchObject({ kind: 'answer' });
    expect(line.attempts()).toBe(4);
  });

  test('a connection lost in the middle of a query passes, and the next query has a new one', async () => {
    await using held = await heldRow();
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases();
    const { query } = asked;
    const answer = query(tenant, held.query);
    await expect.poll(() => line.attempts()).toBe(1);
    setTimeout(line.cut, 300);
    await expect(answer).resolves.toMatchObject({ kind: 'passing', reason: 'empresa_no_disponible' });
    expect(rowsOf(await query(tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('connections that were lost while nobody used them are not noticed', async () => {
    const line = await lineTo(erp.database.connection);
    const tenant = tenantAt('E1', line.connection);
    await using asked = databases();
    const { query } = asked;
    await query(tenant, 'SELECT 1 AS uno');
    line.cut();
    expect(rowsOf(await query(tenant, 'SELECT 2 AS dos'))).toEqual([{ dos: 2 }]);
    line.cut();
    await expect(asked.lookupRecipients(tenant, { kind: 'profile', profile: 'X' }, never)).resolves.toEqual({
      kind: 'answer',
      value: [],
    });
  });
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A line to the server that can be cut, or refuse. */
async function lineTo(connectionString: string) {
  const [, host = '', port = '1433'] = /Server=(?:tcp:)?([^,;]+)(?:,(\d+))?/i.exec(connectionString) ?? [];
  const sockets = new Set<Socket>();
  let refusing = false;
  let attempts = 0;
  let requests = 0;
  const server = createServer((near) => {
    attempts += 1;
    near.on('data', () => (requests += 1));
    sockets.add(near);
    near.on('error', () => near.destroy());
    if (refusing) return void near.destroy();
    const far = connect(Number(port), host);
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const own = await listening(server);
  return {
    connection: connectionString.replace(/Server=[^;]*/i, `Server=127.0.0.1,${own}`),
    attempts: () => attempts,
    /** Each of a few hundred bytes comes in one piece. */
    requests: () => requests,
    refuse: (yes: boolean) => (refusing = yes),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
