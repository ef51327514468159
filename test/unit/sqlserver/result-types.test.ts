import { describe, expect, test } from 'vitest';
import type { SqlType } from '../../../dev/sqlserver/contract.ts';
import { jsonSteps } from '../../../dev/sqlserver/functions/json-path.ts';
import { decimalResult, unionType } from '../../../dev/sqlserver/types/result-types.ts';

const decimal = (precision: number, scale: number): SqlType => ({ name: 'decimal', precision, scale });
const unionOf = (...types: SqlType[]): SqlType => unionType(types.map((type) => ({ type })));

describe('Several values have one type', () => {
  test.each([
    ['int before varchar', [{ name: 'varchar', length: 5 }, { name: 'int' }], { name: 'int' }],
    ['datetime before int', [{ name: 'int' }, { name: 'datetime' }], { name: 'datetime' }],
    [
      'the longer text',
      [
        { name: 'varchar', length: 5 },
        { name: 'nvarchar', length: 3 },
      ],
      { name: 'nvarchar', length: 5 },
    ],
    [
      'fixed text stays fixed',
      [
        { name: 'char', length: 2 },
        { name: 'char', length: 4 },
      ],
      { name: 'char', length: 4 },
    ],
    [
      'max stays max',
      [
        { name: 'varchar', length: 'max' },
        { name: 'nchar', length: 3 },
      ],
      { name: 'nvarchar', length: 'max' },
    ],
    ['a decimal for all digits', [decimal(5, 2), decimal(6, 4)], decimal(7, 4)],
    ['a decimal for an int', [{ name: 'int' }, decimal(3, 2)], decimal(12, 2)],
    [
      'the finer clock',
      [
        { name: 'datetime2', scale: 0 },
        { name: 'datetime2', scale: 3 },
      ],
      { name: 'datetime2', scale: 3 },
    ],
  ] satisfies [string, SqlType[], SqlType][])('%s', (_title, types, result) => {
    expect(unionOf(...types)).toEqual(result);
    expect(unionOf(...types.toReversed())).toEqual(result);
  });

  test('NULL without a type leaves it to the others, and is an int alone', () => {
    expect(unionType([{ type: { name: 'int' }, untypedNull: true }, { type: { name: 'date' } }])).toEqual({
      name: 'date',
    });
    expect(unionType([{ type: { name: 'int' }, untypedNull: true }])).toEqual({ name: 'int' });
  });
});

describe('Decimals keep the digits that SQL Server keeps', () => {
  const shape = (precision: number, scale: number) => ({ precision, scale });

  test.each([
    ['+', shape(5, 2), shape(6, 4), shape(8, 4)],
    ['-', shape(38, 10), shape(38, 10), shape(38, 10)],
    ['*', shape(5, 2), shape(6, 4), shape(12, 6)],
    ['*', shape(30, 10), shape(30, 10), shape(38, 6)],
    ['/', shape(10, 2), shape(5, 3), shape(19, 8)],
    ['%', shape(5, 2), shape(3, 0), shape(5, 2)],
  ] as const)('%s %o %o', (operator, left, right, result) => {
    expect(decimalResult(operator, left, right)).toEqual(result);
  });
});

describe('A JSON path', () => {
  test('has names, quoted names and places', () => {
    expect(jsonSteps('$.a."b c"[0].d')).toEqual(['a', 'b c', '0', 'd']);
    expect(jsonSteps('lax $')).toEqual([]);
  });

  test.each(['a.b', '$.', '$[x]', 'strict $.a', '$..a'])('%s is refused', (path) => {
    expect(() => jsonSteps(path)).toThrow('not supported by the local SQL Server: the JSON path');
  });
});
