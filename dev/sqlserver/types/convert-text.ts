import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import { momentText } from './convert-moment.ts';
import type { Conversion } from './convert.ts';
import type { TextType } from './sql-types.ts';
import { decimalShape, isText, isUnicode, runtimeName } from './sql-types.ts';
import { quote, textOf } from './typed-sql.ts';

/** Text of CHAR, NCHAR or BINARY filled up to its length. */
export function padded(sql: string, type: SqlType): string {
  return ['char', 'nchar', 'binary'].includes(type.name) && 'length' in type
    ? `tsql.pad(${sql}, ${type.length})`
    : sql;
}

export function toText(conversion: Conversion): string | undefined {
  const { type } = conversion;
  return isText(type) ? padded(fitting(conversion, type), type) : undefined;
}

function fitting({ value, from, quiet, style: given }: Conversion, type: TextType): string {
  const { length } = type;
  const style = given ?? 0;
  switch (from) {
    case 'text':
      return fromText(value, type);
    case 'date':
    case 'time':
    case 'datetime':
    case 'moment':
    case 'offset':
      return cut(momentText(value, given), length);
    case 'binary':
      return cut(binaryText(value, type, style), length);
    case 'uuid':
      if (length !== 'max' && length < 36) {
        throw new SqlFault(
          8170,
          16,
          'Insufficient result space to convert uniqueidentifier value to char.',
          0,
          2,
        );
      }
      return `tsql.uuid_text(${value.sql})`;
    case 'bit':
    case 'integer':
    case 'decimal':
    case 'money':
    case 'float': {
      const text = numberText(value, from, style);
      if (length === 'max' || length >= (from === 'integer' ? 20 : 41)) return text;
      // "Truncating and rounding results" of CAST: too long integers become `*` in char types, an error in nchar types.
      const isStarred = from === 'integer' && !isUnicode(type) && value.type.name !== 'bigint';
      if (isStarred) return `CASE WHEN length(${text}) > ${length} THEN '*' ELSE ${text} END`;
      const { message } = sqlError(8115, [
        from === 'integer' ? 'expression' : runtimeName(value.type),
        type.name,
      ]);
      return `tsql.fit_text(${text}, ${length}, 8115, ${quote(message)}, ${quiet})`;
    }
  }
}

const cut = (text: string, length: number | 'max'): string =>
  length === 'max' ? text : `left(${text}, ${length})`;

function fromText(value: Typed, to: TextType): string {
  const text = textOf(value);
  const given = 'length' in value.type ? value.type.length : 'max';
  const mapped = isUnicode(value.type) && !isUnicode(to) ? `tsql.to_1252(${text})` : text;
  if (to.length === 'max' || (given !== 'max' && given <= to.length)) return mapped;
  return isUnicode(to) ? `tsql.cut(${mapped}, ${to.length})` : `left(${mapped}, ${to.length})`;
}

function numberText({ sql, type }: Typed, family: string, style: number): string {
  if (family === 'integer') return `${sql}::text`;
  if (family === 'bit') return `${sql}::int::text`;
  if (family === 'decimal') return `${sql}::numeric(38,${decimalShape(type)?.scale ?? 0})::text`;
  if (family === 'float' && style === 0) return `tsql.float_text(${sql})`;
  if (family === 'money' && style === 0) return `round(${sql}, 2)::numeric(38,2)::text`;
  if (family === 'money' && style === 1) return `to_char(round(${sql}, 2), 'FM999,999,999,999,990.00')`;
  if (family === 'money' && style === 2) return `${sql}::numeric(38,4)::text`;
  throw unknownStyle(style, type);
}

function binaryText({ sql, type }: Typed, to: TextType, style: number): string {
  if (style === 1) return `'0x' || upper(encode(${sql}, 'hex'))`;
  if (style === 2) return `upper(encode(${sql}, 'hex'))`;
  if (style !== 0 || isUnicode(to) || type.name === 'rowversion') throw unknownStyle(style, type);
  return `convert_from(${sql}, 'WIN1252')`;
}

const unknownStyle = (style: number, type: SqlType): SqlFault =>
  notSupported(`style ${style} of CONVERT for ${type.name}`);
