import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CellValue, ParameterValue } from '../../../src/dispatch/prepare/run-query.ts';
import { tenantAt, tenantDatabase, type TestTenant } from '../../support/tenant-database.ts';
import { databases, heldRow, rowsOf } from './asked-databases.ts';

let erp: TestTenant;
let kept: ReturnType<typeof databases>;

beforeAll(async () => {
  erp = await tenantDatabase();
  kept = databases();
});

afterAll(async () => {
  await kept.close();
  await erp[Symbol.asyncDispose]();
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

  test.each<[string, ParameterValue]>([
    ['an empty text', ''],
    ['quotes', `it's "quoted" ''twice''`],
    ['more than ASCII', 'ñandú € 😀'],
    ['a text of 9,000 letters', 'x'.repeat(9_000)],
    ['a text of 100,000 letters', 'ñ'.repeat(100_000)],
    ['lines', 'uno\r\ndos\ttres'],
    ['zero', 0],
    ['the least INT', -(2 ** 31)],
    ['the greatest INT', 2 ** 31 - 1],
    ['a BIGINT', 2 ** 53 - 1],
    ['a decimal', 1500.55],
    ['a small one', -1e-9],
    ['a huge one', 1.5e300],
    ['yes', true],
    ['no', false],
    ['nothing', null],
  ])('have a parameter as it was given: %s', async (_, value) => {
    const answer = await kept.query(erp.tenant, 'SELECT @Valor AS valor', { parameters: { valor: value } });
    expect(rowsOf(answer)).toEqual([{ valor: value }]);
  });

  test('compare parameters as what they are', async () => {
    await using asked = databases();
    const answer = await asked.query(
      erp.tenant,
      `SELECT v.n FROM (VALUES (1, CAST('2026-03-01' AS DATE), CAST(1500.55 AS DECIMAL(12,2)), CAST(1 AS BIT)),
        (2, CAST('2026-03-05' AS DATE), CAST(10 AS DECIMAL(12,2)), CAST(0 AS BIT))) AS v(n, dia, saldo, activo)
      WHERE v.dia < CONVERT(DATE, @desde) AND v.saldo = @saldo AND v.activo = @activo`,
      { parameters: { desde: '20260302', saldo: 1500.55, activo: true } },
    );
    expect(rowsOf(answer)).toEqual([{ n: 1 }]);
  });

  test.each<[string, CellValue]>([
    ['CAST(255 AS TINYINT)', 255],
    ['CAST(-32768 AS SMALLINT)', -32_768],
    ['CAST(-2147483648 AS INT)', -2_147_483_648],
    ['CAST(-9223372036854775808 AS BIGINT)', '-9223372036854775808'],
    ['CAST(1234.5 AS NUMERIC(10,3))', 1234.5],
    ['CAST(1234.5678 AS MONEY)', 1234.5678],
    ['CAST(-1.5 AS SMALLMONEY)', -1.5],
    ['CAST(0.5 AS REAL)', 0.5],
    ['CAST(1e300 AS FLOAT)', 1e300],
    ['CAST(0 AS BIT)', false],
    [`CAST('ab' AS CHAR(4))`, 'ab  '],
    [`CAST('ab' AS VARCHAR(4))`, 'ab'],
    [`CAST(N'ñ' AS NCHAR(2))`, 'ñ '],
    [`CAST(N'ñ😀' AS NVARCHAR(MAX))`, 'ñ😀'],
    [`REPLICATE(CAST('x' AS VARCHAR(MAX)), 20000)`, 'x'.repeat(20_000)],
    [`CAST('2026-03-02' AS DATE)`, '2026-03-02'],
    [`CAST('09:05:00.5' AS TIME(3))`, '09:05:00.500'],
    [`CAST('2026-03-02T12:49:00.003' AS DATETIME)`, '2026-03-02T12:49:00.003'],
    [`CAST('2026-03-02T12:49:00' AS SMALLDATETIME)`, '2026-03-02T12:49:00'],
    [`CAST('0001-01-01T00:00:00' AS DATETIME2(0))`, '0001-01-01T00:00:00'],
    [`CAST('2026-03-02T23:30:00.25-05:00' AS DATETIMEOFFSET(2))`, '2026-03-03T01:30:00.25-03:00'],
    ['CAST(0x00FF AS BINARY(3))', 'AP8A'],
    ['CAST(0x6869 AS VARBINARY(10))', 'aGk='],
    [
      `CAST('0e984725-c51c-4bf4-9960-e1c80e27aba0' AS UNIQUEIDENTIFIER)`,
      '0E984725-C51C-4BF4-9960-E1C80E27ABA0',
    ],
    ...[
      'INT',
      'BIGINT',
      'DECIMAL(5,2)',
      'MONEY',
      'FLOAT',
      'BIT',
      'VARCHAR(5)',
      'NVARCHAR(MAX)',
      'DATE',
      'TIME',
      'DATETIME',
    ]
      .concat('DATETIME2', 'DATETIMEOFFSET', 'SMALLDATETIME', 'VARBINARY(5)', 'UNIQUEIDENTIFIER')
      .map((type): [string, null] => [`CAST(NULL AS ${type})`, null]),
  ])('give %s as JSON can say it', async (expression, cell) => {
    const [row] = rowsOf(await kept.query(erp.tenant, `SELECT ${expression} AS celda`));
    expect(row).toEqual({ celda: cell });
    expect(JSON.parse(JSON.stringify(row))).toEqual(row);
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
describe('what takes too long', () => {
  test('is cancelled on the server, whose connection then serves the next query', async () => {
    await using held = await heldRow(erp);
    await using asked = databases({ maxConnections: 1 });
    const { query } = asked;
    await expect(query(erp.tenant, held.query, { timeoutSeconds: 1 })).resolves.toEqual({
      kind: 'final',
      reason: 'consulta_tiempo',
      detail: 'La consulta pasó su límite de 1 s y se canceló.',
    });
    expect(rowsOf(await query(erp.tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('leaves nothing behind on the server: what it had locked is free at once', async () => {
    await using held = await heldRow(erp);
    await erp.run(`INSERT INTO TgeCTPersonas VALUES ('0', N'Primera')`);
    await using asked = databases();
    const locking = held.query.replace(/WHERE.*/, 'ORDER BY Tper_Cod');
    const slow = asked.query(erp.tenant, locking, { timeoutSeconds: 1 });
    const touch = () => touchAtOnce(`UPDATE TgeCTPersonas SET Tper_Nombre = N'Otra' WHERE Tper_Cod = '0'`);
    await expect.poll(touch, { interval: 20 }).toBe('locked');
    await expect(slow).resolves.toMatchObject({ reason: 'consulta_tiempo' });
    expect(await touch()).toBe('done');
  });

  test('is cancelled when the dispatch loses its lease, and throws what the signal says', async () => {
    await using held = await heldRow(erp);
    await using asked = databases({ maxConnections: 1 });
    const { query } = asked;
    const stop = new AbortController();
    const answer = query(erp.tenant, held.query, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('lease lost')), 200);
    await expect(answer).rejects.toThrow('lease lost');
    expect(rowsOf(await query(erp.tenant, 'SELECT 1 AS uno'))).toEqual([{ uno: 1 }]);
  });

  test('and holds every connection makes the next wait and then pass', async () => {
    await using held = await heldRow(erp);
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

/** Without waiting for anybody's lock. */
async function touchAtOnce(statement: string): Promise<'done' | 'locked'> {
  try {
    await erp.run(`SET LOCK_TIMEOUT 0; ${statement}`);
    return 'done';
  } catch (error) {
    expect(error).toMatchObject({ number: 1222 });
    return 'locked';
  }
}
