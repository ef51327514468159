import { TYPES } from 'tedious';
import { expect, test } from 'vitest';
import { bound, boundParameters } from '../../../../src/adapters/tenant-mssql/bind-parameters.ts';
import { cellOf, queryRowsOf } from '../../../../src/adapters/tenant-mssql/cells.ts';
import type { ResultColumn } from '../../../../src/adapters/tenant-mssql/read-rows.ts';

function column(colName: string, type: string, scale?: number): ResultColumn {
  return { colName, type: { name: type }, scale };
}

const zone = 'America/Argentina/Buenos_Aires';

test.each([
  ['DateTime', new Date('2026-03-02T12:49:00Z'), '2026-03-02T12:49:00'],
  ['DateTime2', new Date('2026-03-02T12:49:00.120Z'), '2026-03-02T12:49:00.120'],
  ['SmallDateTime', new Date('2026-03-02T12:49:00Z'), '2026-03-02T12:49:00'],
  ['Date', new Date('2026-03-02T00:00:00Z'), '2026-03-02'],
  ['Time', new Date('1970-01-01T09:05:00Z'), '09:05:00'],
  ['DateTimeOffset', new Date('2026-03-02T12:49:00Z'), '2026-03-02T09:49:00-03:00'],
  ['BigInt', '42', 42],
  ['BigInt', '9007199254740993', '9007199254740993'],
  ['VarChar', '42', '42'],
  ['Bit', true, true],
  ['VarBinary', Buffer.from('hi'), 'aGk='],
  ['Int', null, null],
] as const)('a %s %s becomes %j', (type, value, cell) => {
  expect(cellOf(value, column('c', type), zone)).toBe(cell);
});

test('rows by name: unnamed columns get one, of equal names the first counts, decimals keep their digits', () => {
  const rows = queryRowsOf(
    {
      columns: [
        column('a', 'Int'),
        column('', 'Int'),
        column('a', 'Int'),
        column('t', 'DecimalN', 2),
        column('m', 'Money'),
      ],
      rows: [[1, 2, 3, 1.5, 2.5]],
      truncated: true,
    },
    zone,
  );
  expect(rows).toEqual({
    columns: [{ name: 'a' }, { name: 'columna_2' }, { name: 't', scale: 2 }, { name: 'm', scale: 4 }],
    rows: [{ a: 1, columna_2: 2, t: 1.5, m: 2.5 }],
    truncated: true,
  });
});

test.each([
  ['texto', TYPES.VarChar],
  ['ñandú', TYPES.NVarChar],
  [null, TYPES.VarChar],
  [7, TYPES.Int],
  [2 ** 31, TYPES.BigInt],
  [0.5, TYPES.Float],
  [true, TYPES.Bit],
])('%j is bound as its type', (value, type) => {
  expect(bound('x', value).type).toBe(type);
});

test('the built-in parameters are bound with the day as DATE and the moment as DATETIME2, in the tenant’s wall time', () => {
  const parameters = boundParameters(
    {
      empresa: 'E1',
      alerta: '000001',
      fecha: '2026-03-02',
      ocurrencia: '2026-03-02T12:49:00',
      persona: 'P1',
      perfil: null,
    },
    { dias: 30 },
  );
  expect(parameters.map(({ name, value }) => [name, value])).toEqual([
    ['empresa', 'E1'],
    ['alerta', '000001'],
    ['persona', 'P1'],
    ['perfil', null],
    ['fecha', new Date('2026-03-02T00:00:00Z')],
    ['ocurrencia', new Date('2026-03-02T12:49:00Z')],
    ['dias', 30],
  ]);
});
