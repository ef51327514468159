import { Temporal } from 'temporal-polyfill';
import type { CellValue, Column, QueryRows } from '../../dispatch/prepare/run-query.ts';
import type { RawRows, ResultColumn } from './read-rows.ts';

/**
 * The driver's rows as rows by name. A column without a name is columna_N; of several with one name the first counts, as
 * it would be read.
 */
export function queryRowsOf({ columns, rows, truncated }: RawRows, zone: string): QueryRows {
  const named = columns.map((column, index) => ({
    name: column.colName || `columna_${index + 1}`,
    index,
    column,
  }));
  const kept = named.filter(({ name }, index) => named.findIndex((other) => other.name === name) === index);
  return {
    columns: kept.map(({ name, column }) => columnOf(name, column)),
    rows: rows.map((row) =>
      Object.fromEntries(kept.map(({ name, index, column }) => [name, cellOf(row[index], column, zone)])),
    ),
    truncated,
  };
}

function columnOf(name: string, { type, scale }: ResultColumn): Column {
  if (/^(?:Decimal|Numeric)/.test(type.name) && scale !== undefined) return { name, scale };
  return /Money/.test(type.name) ? { name, scale: 4 } : { name };
}

/** See CellValue. Throws for a value of a type that has no such form. */
export function cellOf(value: unknown, { type, colName }: ResultColumn, zone: string): CellValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return timeOf(value, type.name, zone);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value === 'string') return /^(?:BigInt|IntN)$/.test(type.name) ? bigintOf(value) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error(`a value of column ${colName} (${type.name}) has no JSON form`);
}

function bigintOf(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** The driver puts wall times into a Date as if they were UTC; of a DATETIMEOFFSET it keeps the instant alone. */
function timeOf(date: Date, type: string, zone: string): string {
  const [day = '', clock = ''] = date.toISOString().slice(0, -1).split('T');
  const time = clock.replace(/\.000$/, '');
  if (type === 'Date') return day;
  if (type === 'Time') return time;
  if (type !== 'DateTimeOffset') return `${day}T${time}`;
  const instant = Temporal.Instant.fromEpochMilliseconds(date.getTime());
  return instant.toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' });
}
