import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Conversion } from './convert.ts';
import { familyOf, isText, isUnicode } from './type-families.ts';
import { textOf } from './typed-sql.ts';

export const toBinary: Conversion = (value, type, { style = 0, quiet }) => {
  const length = 'length' in type ? type.length : 8;
  const isNumber = familyOf(value.type) === 'integer' || value.type.name === 'bit';
  const bytes = isNumber ? numberBytes(value) : plainBytes(value, style, quiet);
  if (bytes === undefined || length === 'max') return bytes;
  if (type.name === 'varbinary')
    return isNumber ? rightmost(bytes, length) : `substr(${bytes}, 1, ${length})`;
  const zeros = `decode(repeat('00', ${length}), 'hex')`;
  return isNumber ? rightmost(`${zeros} || ${bytes}`, length) : `substr(${bytes} || ${zeros}, 1, ${length})`;
};

function rightmost(bytes: string, length: number): string {
  return `substr(${bytes}, greatest(length(${bytes}) - ${length}, 0) + 1)`;
}

function plainBytes(value: Typed, style: number, quiet: boolean): string | undefined {
  if (familyOf(value.type) === 'binary') return value.sql;
  if (familyOf(value.type) === 'uuid') return `tsql.uuid_bytes(${value.sql})`;
  if (!isText(value.type)) return undefined;
  if (style === 1 || style === 2) return `tsql.hex_to_bytes(${textOf(value)}, ${style}, ${quiet})`;
  if (style !== 0) throw notSupported(`style ${style} of CONVERT for ${value.type.name} to binary`);
  return isUnicode(value.type) ? `tsql.bytes_utf16(${textOf(value)})` : `tsql.bytes_1252(${textOf(value)})`;
}

function numberBytes(value: Typed): string {
  const { name } = value.type;
  if (name === 'bit') return `substr(int2send(${value.sql}::int::smallint), 2)`;
  if (name === 'tinyint') return `substr(int2send(${value.sql}), 2)`;
  if (name === 'smallint') return `int2send(${value.sql})`;
  return name === 'bigint' ? `int8send(${value.sql})` : `int4send(${value.sql})`;
}

export const toUuid: Conversion = (value, _type, { quiet }) => {
  if (familyOf(value.type) === 'uuid') return value.sql;
  return isText(value.type) ? `tsql.text_to_uuid(${textOf(value)}, ${quiet})` : undefined;
};
