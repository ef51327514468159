import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { SqlFault } from '../parser/sql-fault.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import { momentText } from './convert-moment.ts';
import type { Conversion } from './convert.ts';
import type { Family } from './sql-types.ts';
import { isNumeric, isUnicode, runtimeName, scaleOf } from './sql-types.ts';
import { quote, textOf } from './typed-sql.ts';

/** What is no date as text, by family or by family and style; `$` is the value. */
const written: Readonly<Record<string, string>> = {
  bit: '$::int::text',
  integer: '$::text',
  decimal: '$::numeric(38,scale)::text',
  uuid: 'tsql.uuid_text($)',
  'float 0': 'tsql.float_text($)',
  'money 0': 'round($, 2)::numeric(38,2)::text',
  'money 1': "to_char(round($, 2), 'FM999,999,999,999,990.00')",
  'money 2': '$::numeric(38,4)::text',
  'binary 0': "convert_from($, 'WIN1252')",
  'binary 1': "'0x' || upper(encode($, 'hex'))",
  'binary 2': "upper(encode($, 'hex'))",
};

/** Text of CHAR, NCHAR or BINARY filled up to its length. */
export function padded(sql: string, type: SqlType): string {
  const isFixed = type.name === 'char' || type.name === 'nchar' || type.name === 'binary';
  return isFixed ? `tsql.pad(${sql}, ${type.length})` : sql;
}

/** Letters that a type at most writes. */
const longest: Readonly<Record<string, number>> = {
  bit: 1,
  integer: 20,
  decimal: 41,
  money: 41,
  float: 41,
  uuid: 36,
};

export function toText({ value, from, type, quiet, style }: Conversion): string {
  const text = plainText(value, from, type, style);
  const { name, length = 'max' } = { length: undefined, ...type };
  const given = from === 'text' && 'length' in value.type ? value.type.length : (longest[from] ?? 'max');
  if (length === 'max' || (given !== 'max' && given <= length)) return padded(text, type);
  if (from === 'uuid') throw sqlError(8170);
  if (!isNumeric(value.type)) {
    return padded(`${from === 'text' && isUnicode(type) ? 'tsql.cut' : 'left'}(${text}, ${length})`, type);
  }
  // "Truncating and rounding results" of CAST: too long integers become `*` in char types, an error in nchar types.
  const isStarred = from === 'integer' && !isUnicode(type) && value.type.name !== 'bigint';
  if (isStarred) return padded(`CASE WHEN length(${text}) > ${length} THEN '*' ELSE ${text} END`, type);
  const { message } = sqlError(8115, [from === 'integer' ? 'expression' : runtimeName(value.type), name]);
  return padded(`tsql.fit_text(${text}, ${length}, 8115, ${quote(message)}, ${quiet})`, type);
}

function plainText(value: Typed, from: Family, type: SqlType, style: number | undefined): string {
  if (from === 'text') {
    const isMapped = isUnicode(value.type) && !isUnicode(type);
    return isMapped ? `tsql.to_1252(${textOf(value)})` : textOf(value);
  }
  const template = written[from] ?? written[`${from} ${style ?? 0}`];
  const isLetters = from === 'binary' && (style ?? 0) === 0;
  if (isLetters && (isUnicode(type) || value.type.name === 'rowversion')) throw unknownStyle(value, 0);
  if (template !== undefined)
    return template.replace('scale', String(scaleOf(value.type))).replace('$', () => value.sql);
  if (from === 'float' || from === 'money' || from === 'binary') throw unknownStyle(value, style);
  return momentText(value, style);
}

function unknownStyle({ type }: Typed, style = 0): SqlFault {
  return notSupported(`style ${style} of CONVERT for ${type.name}`);
}

/** Numbers keep their last bytes, everything else its first ones. */
export function toBinary(conversion: Conversion): string | undefined {
  const { value, from, type } = conversion;
  const isNumber = from === 'integer' || from === 'bit';
  const bytes = isNumber ? `reverse(${numberBytes(value)})` : plainBytes(conversion);
  if (bytes === undefined) return undefined;
  const length = 'length' in type ? type.length : 8;
  const cut = length === 'max' ? bytes : padded(`substr(${bytes}, 1, ${length})`, type);
  return isNumber ? `reverse(${cut})` : cut;
}

function numberBytes({ type, sql }: Typed): string {
  if (type.name === 'bit') return `substr(${sql}::int::bytea, 4)`;
  return type.name === 'tinyint' ? `substr(${sql}::bytea, 2)` : `${sql}::bytea`;
}

function plainBytes({ value, from, type, style = 0, quiet }: Conversion): string | undefined {
  if (from === 'binary') return value.sql;
  if (from === 'uuid' || isNumeric(value.type)) throw notSupported(`${value.type.name} to ${type.name}`);
  if (from !== 'text') return undefined;
  if (style === 1 || style === 2) return `tsql.hex_to_bytes(${textOf(value)}, ${style}, ${quiet})`;
  if (style !== 0) throw unknownStyle(value, style);
  return isUnicode(value.type) ? `tsql.bytes_utf16(${textOf(value)})` : `tsql.bytes_1252(${textOf(value)})`;
}

export function toUuid({ value, from, quiet }: Conversion): string | undefined {
  if (from === 'binary') throw notSupported(`${value.type.name} to uniqueidentifier`);
  if (from === 'uuid') return value.sql;
  return from === 'text' ? `tsql.text_to_uuid(${textOf(value)}, ${quiet})` : undefined;
}
