import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SqlType, SqlValue } from '../../../dev/sqlserver/contract.ts';
import { fromStored, toStored } from '../../../dev/sqlserver/types/stored-values.ts';

function andBack(type: SqlType, value: SqlValue): SqlValue {
  return fromStored(type, toStored(type, value));
}

const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const clock = fc.integer({ min: 0, max: 863_999_999_999 }).map((ticks) => {
  const seconds = Math.floor(ticks / 1e7);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${time}.${String(ticks % 1e7).padStart(7, '0')}`;
});

describe('A value goes into PostgreSQL and comes back', () => {
  test('as datetime2 and time with all their digits', () => {
    fc.assert(
      fc.property(day, clock, (date, time) => {
        expect(andBack({ name: 'datetime2', scale: 7 }, `${date} ${time}`)).toBe(`${date} ${time}`);
        expect(andBack({ name: 'time', scale: 7 }, time)).toBe(time);
      }),
    );
  });

  test('as uniqueidentifier in upper case', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(andBack({ name: 'uniqueidentifier' }, id)).toBe(id.toUpperCase());
      }),
    );
  });

  test.each([
    [{ name: 'datetime' }, '2024-01-01 23:59:59.997'],
    [{ name: 'datetime' }, '1753-01-01 00:00:00.003'],
    [{ name: 'smalldatetime' }, '2079-06-06 23:59:00'],
    [{ name: 'datetime2', scale: 0 }, '9999-12-31 23:59:59'],
    [{ name: 'bigint' }, -9223372036854775808n],
    [{ name: 'decimal', precision: 38, scale: 4 }, '1234567890123456789012345678901234.5678'],
    [{ name: 'nvarchar', length: 10 }, "it's 😀 "],
    [{ name: 'rowversion' }, Buffer.from('00000000000007d1', 'hex')],
    [{ name: 'bit' }, true],
    [{ name: 'int' }, null],
  ] satisfies [SqlType, SqlValue][])('%o %s', (type, value) => {
    expect(andBack(type, value)).toEqual(value);
  });

  test('DATETIME rounds to a 300th of a second', () => {
    const rounded = (fraction: string) => andBack({ name: 'datetime' }, `2024-01-01 00:00:00.${fraction}`);
    expect(rounded('001')).toBe('2024-01-01 00:00:00.000');
    expect(rounded('002')).toBe('2024-01-01 00:00:00.003');
    expect(rounded('005')).toBe('2024-01-01 00:00:00.007');
    expect(rounded('009')).toBe('2024-01-01 00:00:00.010');
  });

  test('decimals show their scale', () => {
    expect(fromStored({ name: 'decimal', precision: 5, scale: 2 }, '1.5')).toBe('1.50');
    expect(fromStored({ name: 'money' }, '2')).toBe('2.0000');
  });
});

describe('A datetimeoffset is stored as an interval', () => {
  test('whose months are the offset and whose days undo them', () => {
    const stored = toStored({ name: 'datetimeoffset', scale: 0 }, '0001-01-02 00:00:00-03:00');
    expect(stored).toBe('-180 mons 5400 days 270:00:00.000000');
  });

  test.each([
    ['-15 years +5400 days 20297934:30:00', '0232-07-23 14:27:00-03:00', 0],
    ['1 year 3 mons -450 days 17750000:00:00.5', '0203-06-30 08:15:00.0500000+00:15', 7],
    ['876000:00:00', '0010-12-30 00:00:00+00:00', 0],
  ])('and read back from %s', (stored, moment, scale) => {
    const type: SqlType = { name: 'datetimeoffset', scale };
    expect(fromStored(type, stored)).toBe(moment);
    expect(andBack(type, moment)).toBe(moment);
  });
});
