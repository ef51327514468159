import { notSupported } from '../parser/sql-fault.ts';
import { padded } from './convert-text.ts';
import type { Conversion } from './convert.ts';
import { isNumeric, isUnicode } from './sql-types.ts';
import { textOf } from './typed-sql.ts';

/** Numbers keep their last bytes, everything else its first ones. */
export function toBinary(conversion: Conversion): string | undefined {
  const { from, type } = conversion;
  const length = 'length' in type ? type.length : 8;
  const isNumber = from === 'integer' || from === 'bit';
  const bytes = isNumber ? `reverse(${numberBytes(conversion)})` : plainBytes(conversion);
  if (bytes === undefined) return undefined;
  const cut = length === 'max' ? bytes : padded(`substr(${bytes}, 1, ${length})`, type);
  return isNumber ? `reverse(${cut})` : cut;
}

function numberBytes({ value: { type, sql } }: Conversion): string {
  if (type.name === 'bit') return `substr(${sql}::int::bytea, 4)`;
  return type.name === 'tinyint' ? `substr(${sql}::bytea, 2)` : `${sql}::bytea`;
}

function plainBytes({ value, from, type, style = 0, quiet }: Conversion): string | undefined {
  if (from === 'binary') return value.sql;
  if (from === 'uuid' || isNumeric(value.type)) throw notSupported(`${value.type.name} to ${type.name}`);
  if (from !== 'text') return undefined;
  if (style === 1 || style === 2) return `tsql.hex_to_bytes(${textOf(value)}, ${style}, ${quiet})`;
  if (style !== 0) throw notSupported(`style ${style} of CONVERT for ${value.type.name} to binary`);
  return isUnicode(value.type) ? `tsql.bytes_utf16(${textOf(value)})` : `tsql.bytes_1252(${textOf(value)})`;
}

export function toUuid({ value, from, quiet }: Conversion): string | undefined {
  if (from === 'binary') throw notSupported(`${value.type.name} to uniqueidentifier`);
  if (from === 'uuid') return value.sql;
  return from === 'text' ? `tsql.text_to_uuid(${textOf(value)}, ${quiet})` : undefined;
}
