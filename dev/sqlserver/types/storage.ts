/**
 * How each SQL Server type is kept in PostgreSQL, and how values cross between the two.
 *
 * - Character types are `bpchar` without length (trailing spaces are kept but do not count in comparisons) under a
 *   case-insensitive collation. Lengths are watched by the conversions.
 * - Date and time types are counts, because PostgreSQL's end at microseconds and DATETIME counts in 1/300 s:
 *   datetime2 = 100 ns since 0001-01-01, time = 100 ns since midnight, datetime = 1/300 s since 1900-01-01 (negative
 *   before), smalldatetime = minutes since 1900-01-01; date is `date`.
 * - datetimeoffset is an `interval` of n months, -30 n days and a time t: n is the offset in minutes, t the instant in
 *   100 ns (as microseconds) since 0001-01-01 UTC. PostgreSQL compares, hashes and indexes intervals by their total with
 *   a month of 30 days, so months and days cancel out: equal means the same instant, and the offset is still there.
 * - uniqueidentifier is a `uuid` whose bytes stand in the order in which SQL Server compares them.
 */
import type { SqlType } from '../contract.ts';
import type { Collation } from './contract.ts';

/** The PostgreSQL type of an expression or parameter. */
export function storageType(type: SqlType): string {
  switch (type.name) {
    case 'bit':
      return 'boolean';
    case 'tinyint':
    case 'smallint':
      return 'smallint';
    case 'int':
    case 'smalldatetime':
      return 'integer';
    case 'bigint':
    case 'datetime':
    case 'datetime2':
    case 'time':
      return 'bigint';
    case 'real':
      return 'real';
    case 'float':
      return 'double precision';
    case 'decimal':
    case 'money':
    case 'smallmoney':
      return 'numeric';
    case 'date':
      return 'date';
    case 'datetimeoffset':
      return 'interval';
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
      return 'bpchar';
    case 'binary':
    case 'varbinary':
    case 'rowversion':
      return 'bytea';
    case 'uniqueidentifier':
      return 'uuid';
  }
}

/** The PostgreSQL type of a table's column: as `storageType`, with precision and collation. */
export function columnType(type: SqlType, collation: Collation = 'ci_as'): string {
  const stored = storageType(type);
  if (stored === 'bpchar') return `bpchar COLLATE tsql.${collation}`;
  if (type.name === 'decimal') return `numeric(${type.precision},${type.scale})`;
  return stored;
}
