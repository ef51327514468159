import { TYPES } from 'tedious';
import { expect, test } from 'vitest';
import type { SqlType, SqlValue } from '../../../dev/sqlserver/contract.ts';
import { ByteWriter } from '../../../dev/sqlserver/wire/bytes.ts';
import { describe as describeColumns } from '../../../dev/sqlserver/wire/tokens.ts';
import { echo, rowsOf, scriptedEngine } from './wire-scripted-engine.ts';
import type { Scripted } from './wire-scripted-engine.ts';
import { aWire, query } from './wire-world.ts';

const utc = (text: string): Date => new Date(`${text}Z`);

/** What the engine gives, and what the driver makes of it. */
const results: [SqlType, SqlValue, unknown][] = [
  [{ name: 'bit' }, true, true],
  [{ name: 'bit' }, false, false],
  [{ name: 'tinyint' }, 255, 255],
  [{ name: 'smallint' }, -32_768, -32_768],
  [{ name: 'int' }, -2_147_483_648, -2_147_483_648],
  [{ name: 'bigint' }, 9_223_372_036_854_775_807n, '9223372036854775807'],
  [{ name: 'real' }, 1.5, 1.5],
  [{ name: 'float' }, Math.PI, Math.PI],
  [{ name: 'money' }, '-1234567.8912', -1_234_567.8912],
  [{ name: 'smallmoney' }, '-0.5', -0.5],
  [{ name: 'decimal', precision: 9, scale: 2 }, '-1234567.89', -1_234_567.89],
  [{ name: 'decimal', precision: 19, scale: 0 }, '1234567890123', 1_234_567_890_123],
  [{ name: 'decimal', precision: 28, scale: 3 }, '0.125', 0.125],
  [
    { name: 'decimal', precision: 38, scale: 10 },
    '12345678901234567890123456.5',
    Number('12345678901234567890123456.5'),
  ],
  [{ name: 'date' }, '0001-01-01', utc('0001-01-01T00:00:00')],
  [{ name: 'date' }, '9999-12-31', utc('9999-12-31T00:00:00')],
  [{ name: 'time', scale: 3 }, '23:59:59.999', utc('1970-01-01T23:59:59.999')],
  [{ name: 'datetime' }, '2026-03-02 12:49:00.997', utc('2026-03-02T12:49:00.997')],
  [{ name: 'datetime' }, '1753-01-01 00:00:00', utc('1753-01-01T00:00:00')],
  [{ name: 'smalldatetime' }, '2026-03-02 12:49:00', utc('2026-03-02T12:49:00')],
  [{ name: 'datetime2', scale: 0 }, '0001-01-01 00:00:01', utc('0001-01-01T00:00:01')],
  [{ name: 'datetime2', scale: 7 }, '2026-03-02 12:49:00.123', utc('2026-03-02T12:49:00.123')],
  [
    { name: 'datetimeoffset', scale: 2 },
    '2026-03-02 00:30:00.25 +03:00'.replace(' +', '+'),
    utc('2026-03-01T21:30:00.250'),
  ],
  [{ name: 'datetimeoffset', scale: 7 }, '2026-12-31 23:30:00-03:00', utc('2027-01-01T02:30:00')],
  [{ name: 'char', length: 5 }, 'añ', 'añ   '],
  [{ name: 'varchar', length: 20 }, 'cuesta 5 € ✓', 'cuesta 5 € ?'],
  [{ name: 'varchar', length: 'max' }, 'ñ'.repeat(9_000), 'ñ'.repeat(9_000)],
  [{ name: 'nchar', length: 4 }, '日本', '日本  '],
  [{ name: 'nvarchar', length: 20 }, 'ñandú 🙂', 'ñandú 🙂'],
  [{ name: 'nvarchar', length: 20 }, '', ''],
  [{ name: 'nvarchar', length: 'max' }, '', ''],
  [{ name: 'binary', length: 4 }, Buffer.of(1, 2), Buffer.of(1, 2, 0, 0)],
  [{ name: 'varbinary', length: 8 }, Buffer.of(255, 0), Buffer.of(255, 0)],
  [{ name: 'varbinary', length: 'max' }, Buffer.alloc(20_000, 7), Buffer.alloc(20_000, 7)],
  [{ name: 'rowversion' }, Buffer.of(0, 0, 0, 0, 0, 0, 7, 209), Buffer.of(0, 0, 0, 0, 0, 0, 7, 209)],
  [
    { name: 'uniqueidentifier' },
    '00112233-4455-6677-8899-AABBCCDDEEFF',
    '00112233-4455-6677-8899-AABBCCDDEEFF',
  ],
];

const labelled = results.map(([type, value, expected]) => ({
  label: JSON.stringify(type),
  type,
  value,
  expected,
}));

test.each(labelled)('a result of type $label reaches the driver', async ({ type, value, expected }) => {
  const columns = [{ name: 'value', type, nullable: true }];
  const world = await aWire(scriptedEngine(() => rowsOf(columns, [[value], [null]])));
  const { rows } = await query(await world.connect(), 'select value');
  // A driver's date may carry a fraction of a millisecond beside its value.
  const [[present], [missing]] = rows as [[unknown], [unknown]];
  expect(present instanceof Date ? new Date(present) : present).toEqual(expected);
  expect(missing).toBeNull();
});

type AddParameter = [type: (typeof TYPES)[keyof typeof TYPES], value: unknown, options?: object];

/** What the driver sends, and what the engine makes of it. */
const parameters: [string, AddParameter, SqlType, SqlValue][] = [
  ['bit', [TYPES.Bit, true], { name: 'bit' }, true],
  ['tinyint', [TYPES.TinyInt, 200], { name: 'tinyint' }, 200],
  ['smallint', [TYPES.SmallInt, -5], { name: 'smallint' }, -5],
  ['int', [TYPES.Int, -70_000], { name: 'int' }, -70_000],
  ['bigint', [TYPES.BigInt, '-9007199254740993'], { name: 'bigint' }, -9_007_199_254_740_993n],
  ['real', [TYPES.Real, 0.25], { name: 'real' }, 0.25],
  ['float', [TYPES.Float, 1e300], { name: 'float' }, 1e300],
  ['money', [TYPES.Money, -12.5], { name: 'money' }, '-12.5000'],
  ['smallmoney', [TYPES.SmallMoney, 3.25], { name: 'smallmoney' }, '3.2500'],
  [
    'decimal',
    [TYPES.Decimal, -0.05, { precision: 12, scale: 2 }],
    { name: 'decimal', precision: 12, scale: 2 },
    '-0.05',
  ],
  [
    'numeric',
    [TYPES.Numeric, 123_456, { precision: 30, scale: 0 }],
    { name: 'decimal', precision: 30, scale: 0 },
    '123456',
  ],
  ['date', [TYPES.Date, utc('2026-03-02T00:00:00')], { name: 'date' }, '2026-03-02'],
  [
    'time',
    [TYPES.Time, utc('1970-01-01T12:49:01.250'), { scale: 3 }],
    { name: 'time', scale: 3 },
    '12:49:01.250',
  ],
  [
    'datetime',
    [TYPES.DateTime, utc('2026-03-02T12:49:00.998')],
    { name: 'datetime' },
    '2026-03-02 12:49:00.997',
  ],
  [
    'smalldatetime',
    [TYPES.SmallDateTime, utc('2026-03-02T12:49:00')],
    { name: 'smalldatetime' },
    '2026-03-02 12:49:00',
  ],
  [
    'datetime2',
    [TYPES.DateTime2, utc('2026-03-02T12:49:00.5')],
    { name: 'datetime2', scale: 7 },
    '2026-03-02 12:49:00.5000000',
  ],
  ['varchar', [TYPES.VarChar, 'ñ€', { length: 10 }], { name: 'varchar', length: 10 }, 'ñ€'],
  ['char', [TYPES.Char, 'ab', { length: 3 }], { name: 'char', length: 3 }, 'ab'],
  ['nvarchar', [TYPES.NVarChar, 'ñ🙂'], { name: 'nvarchar', length: 3 }, 'ñ🙂'],
  ['nchar', [TYPES.NChar, 'ab', { length: 3 }], { name: 'nchar', length: 3 }, 'ab'],
  [
    'a long nvarchar',
    [TYPES.NVarChar, 'x'.repeat(5_000)],
    { name: 'nvarchar', length: 'max' },
    'x'.repeat(5_000),
  ],
  ['text', [TYPES.Text, 'añ'], { name: 'varchar', length: 'max' }, 'añ'],
  ['ntext', [TYPES.NText, 'añ🙂'], { name: 'nvarchar', length: 'max' }, 'añ🙂'],
  [
    'varbinary',
    [TYPES.VarBinary, Buffer.of(1, 0), { length: 4 }],
    { name: 'varbinary', length: 4 },
    Buffer.of(1, 0),
  ],
  [
    'a long varbinary',
    [TYPES.VarBinary, Buffer.alloc(9_000, 1)],
    { name: 'varbinary', length: 'max' },
    Buffer.alloc(9_000, 1),
  ],
  ['binary', [TYPES.Binary, Buffer.of(9), { length: 1 }], { name: 'binary', length: 1 }, Buffer.of(9)],
  ['image', [TYPES.Image, Buffer.of(9, 8)], { name: 'varbinary', length: 'max' }, Buffer.of(9, 8)],
  [
    'uniqueidentifier',
    [TYPES.UniqueIdentifier, '00112233-4455-6677-8899-aabbccddeeff'],
    { name: 'uniqueidentifier' },
    '00112233-4455-6677-8899-AABBCCDDEEFF',
  ],
];

test.each(parameters)(
  'a parameter of type %s reaches the engine, present and NULL',
  async (_, [type, value, options], expectedType, expected) => {
    const seen: Scripted[] = [];
    const world = await aWire(scriptedEngine((request) => (seen.push(request), echo(request))));
    const connection = await world.connect();
    await query(connection, 'select @a', (request) => {
      request.addParameter('a', type, value, options);
      request.addParameter('b', type, null, options);
    });
    const [a, b] = seen.at(-1)?.parameters ?? [];
    expect(a).toMatchObject({ name: '@a', type: expectedType, value: expected, output: false });
    expect(b).toMatchObject({ name: '@b', type: { name: expectedType.name }, value: null });
  },
);

test('an offset date keeps its offset', async () => {
  const type = { name: 'datetimeoffset', scale: 3 } as const;
  const seen: Scripted[] = [];
  const world = await aWire(scriptedEngine((request) => (seen.push(request), echo(request))));
  await query(await world.connect(), 'select @a', (request) => {
    request.addParameter('a', TYPES.DateTimeOffset, utc('2026-03-02T12:49:00.123'), { scale: 3 });
  });
  expect(seen.at(-1)?.parameters[0]).toMatchObject({ type, value: '2026-03-02 12:49:00.123+00:00' });
});

test('20 MB of text go there and back', { timeout: 30_000 }, async () => {
  const world = await aWire(scriptedEngine(echo));
  const text = 'vigía 🙂 '.repeat(2_300_000);
  const connection = await world.connect({ requestTimeout: 25_000 });
  const { rows } = await query(connection, 'select @a', (request) =>
    request.addParameter('a', TYPES.NVarChar, text),
  );
  expect(rows[0]?.[0] === text).toBe(true);
});

test('an unsupported type refuses its request and no other', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const table = { columns: [{ name: 'id', type: TYPES.Int }], rows: [[1]] };
  const withTable = query(connection, 'select 1', (request) => request.addParameter('t', TYPES.TVP, table));
  await expect(withTable).rejects.toThrow('not supported by the local SQL Server: a table-valued parameter');
  const { rows } = await query(connection, 'select @a', (request) => request.addParameter('a', TYPES.Int, 1));
  expect(rows).toEqual([[1]]);
});

test('a value longer than its type refuses its request and no other', async () => {
  const world = await aWire(scriptedEngine(echo));
  const connection = await world.connect();
  const ask = (text: string) =>
    query(connection, 'select @a', (request) =>
      request.addParameter('a', TYPES.NVarChar, text, { length: 3 }),
    );
  await expect(ask('four')).rejects.toMatchObject({ number: 8016 });
  await expect(ask('ñ🙂')).resolves.toMatchObject({ rows: [['ñ🙂']] });
});

test('a column that is never NULL has the type of fixed length, by which .NET reads its values', () => {
  const bytesOf = (nullable: boolean): string[] => {
    const { codecs, token } = describeColumns([{ name: '', type: { name: 'int' }, nullable }]);
    const row = new ByteWriter();
    codecs[0]?.write(row, 1);
    return [token.toString('hex').slice(-8), row.written.toString('hex')];
  };
  expect(bytesOf(true)).toEqual(['00260400', '0401000000']);
  expect(bytesOf(false)).toEqual(['00003800', '01000000']);
});
