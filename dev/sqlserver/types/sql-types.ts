/**
 * The types of SQL Server, and how PostgreSQL keeps their values.
 *
 * - Character types are `bpchar` without length (trailing spaces are kept but do not count in comparisons) under a
 *   case-insensitive collation. Lengths are watched by the conversions.
 * - Dates with a time are ticks, 100 ns since 0001-01-01, because PostgreSQL's end at microseconds and DATETIME counts in
 *   1/300 s; time is ticks since midnight, date is `date`.
 * - datetimeoffset is an `interval` of n months, -30 n days and a time t: n is the offset in minutes, t the instant in
 *   ticks (as microseconds) since 0001-01-01 UTC. PostgreSQL compares, hashes and indexes intervals by their total with a
 *   month of 30 days, so months and days cancel out: equal means the same instant, and the offset is still there.
 * - uniqueidentifier is a `uuid` whose bytes stand in the order in which SQL Server compares them.
 */
import type { SqlType } from '../contract.ts';

type NumberFamily = 'bit' | 'integer' | 'decimal' | 'money' | 'float';
type MomentFamily = 'date' | 'time' | 'datetime' | 'moment' | 'offset';
/** Types that convert and calculate alike. `datetime` are the two old types, `moment` is datetime2. */
export type Family = NumberFamily | MomentFamily | 'text' | 'binary' | 'uuid';

export type TextType = Extract<SqlType, { name: 'char' | 'varchar' | 'nchar' | 'nvarchar' }>;
export interface Shape {
  precision: number;
  scale: number;
}

type Row = readonly [
  family: Family,
  stored: string,
  digits?: number | undefined,
  scale?: number,
  low?: string,
  high?: string,
];

/** The highest precedence first; digits as a decimal has them, and the range that PostgreSQL's type does not watch. */
const rows: Readonly<Record<SqlType['name'], Row>> = {
  datetimeoffset: ['offset', 'interval'],
  datetime2: ['moment', 'bigint'],
  datetime: ['datetime', 'bigint', undefined, 3, '552877920000000000', '3155378975999966667'],
  smalldatetime: ['datetime', 'bigint', undefined, 0, '599266080000000000', '655889183400000000'],
  date: ['date', 'date'],
  time: ['time', 'bigint'],
  float: ['float', 'double precision'],
  real: ['float', 'real'],
  decimal: ['decimal', 'numeric'],
  money: ['money', 'numeric', 19, 4, '-922337203685477.5808', '922337203685477.5807'],
  smallmoney: ['money', 'numeric', 10, 4, '-214748.3648', '214748.3647'],
  bigint: ['integer', 'bigint', 19, 0, '-9223372036854775808', '9223372036854775807'],
  int: ['integer', 'integer', 10, 0, '-2147483648', '2147483647'],
  smallint: ['integer', 'smallint', 5, 0, '-32768', '32767'],
  tinyint: ['integer', 'smallint', 3, 0, '0', '255'],
  bit: ['bit', 'boolean', 1, 0],
  rowversion: ['binary', 'bytea'],
  uniqueidentifier: ['uuid', 'uuid'],
  nvarchar: ['text', 'bpchar'],
  nchar: ['text', 'bpchar'],
  varchar: ['text', 'bpchar'],
  char: ['text', 'bpchar'],
  varbinary: ['binary', 'bytea'],
  binary: ['binary', 'bytea'],
};

const names = Object.keys(rows);
const numbers: ReadonlySet<Family> = new Set<NumberFamily>(['bit', 'integer', 'decimal', 'money', 'float']);

/** "Data type precedence (Transact-SQL)". */
export const outranks = (one: SqlType, other: SqlType): boolean =>
  names.indexOf(one.name) < names.indexOf(other.name);

export const familyOf = (type: SqlType): Family => rows[type.name][0];
export const isText = (type: SqlType): type is TextType => familyOf(type) === 'text';
export const isUnicode = (type: SqlType): boolean => type.name === 'nchar' || type.name === 'nvarchar';
export const isInteger = (type: SqlType): boolean => familyOf(type) === 'integer';
export const isNumeric = (type: SqlType): boolean => numbers.has(familyOf(type));

export const isFixed = ({ name }: SqlType): boolean =>
  name === 'char' || name === 'nchar' || name === 'binary';

/** The length of text and binary; ROWVERSION is a BINARY(8). */
export const lengthOf = (type: SqlType): number | 'max' => ('length' in type ? type.length : 8);

/** The varying type of the kind. */
export function varying(type: SqlType, length: number | 'max'): SqlType {
  return { name: !isText(type) ? 'varbinary' : isUnicode(type) ? 'nvarchar' : 'varchar', length };
}

/** The name of a type as messages and sys.types give it, without length. */
export const typeName = (type: SqlType): string => (type.name === 'rowversion' ? 'timestamp' : type.name);

/** As run-time conversion errors call it. */
export const runtimeName = (type: SqlType): string => (type.name === 'decimal' ? 'numeric' : typeName(type));

/** The PostgreSQL type of an expression or parameter. */
export const storageType = (type: SqlType): string => rows[type.name][1];

/** The PostgreSQL type of a table's column: as `storageType`, with precision and collation. */
export function columnType(type: SqlType): string {
  if (isText(type)) return 'bpchar COLLATE tsql.ci_as';
  return type.name === 'decimal' ? `numeric(${type.precision},${type.scale})` : storageType(type);
}

/** The decimal that an exact number becomes ("Precision, scale, and length (Transact-SQL)"). */
export function decimalShape(type: SqlType): Shape | undefined {
  if (type.name === 'decimal') return { precision: type.precision, scale: type.scale };
  const [, , precision, scale = 0] = rows[type.name];
  return precision === undefined ? undefined : { precision, scale };
}

/** The digits of a second that a date or time shows. */
export const scaleOf = (type: SqlType): number => ('scale' in type ? type.scale : (rows[type.name][3] ?? 7));

/** The least and greatest value of a type that has them, as PostgreSQL numbers. */
export function rangeOf(type: SqlType): readonly [low: string, high: string] {
  const [, , , , low = '', high = ''] = rows[type.name];
  if (type.name !== 'decimal') return [low, high];
  const { precision, scale } = type;
  const limit = `${'9'.repeat(precision - scale) || '0'}.${'9'.repeat(scale)}0`;
  return [`-${limit}`, limit];
}
