import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { momentText } from './convert-moment.ts';
import type { Conversion } from './convert.ts';
import { isFixed, isNumeric, isUnicode, lengthOf, runtimeName, scaleOf } from './sql-types.ts';
import { quote, textOf } from './typed-sql.ts';

/** From one family to another, some by style; `$` is the value. What is empty, SQL Server converts and we do not. */
const templates: Readonly<Record<string, string>> = {
  'text text': '$',
  'bit text': '$::int::text',
  'integer text': '$::text',
  'decimal text': '$::numeric(38,{scale})::text',
  'float text 0': 'tsql.float_text($)',
  'money text 0': 'round($, 2)::numeric(38,2)::text',
  'money text 1': "to_char(round($, 2), 'FM999,999,999,999,990.00')",
  'money text 2': '$::numeric(38,4)::text',
  'binary text 0': "convert_from($, 'WIN1252')",
  'binary text 1': "'0x' || upper(encode($, 'hex'))",
  'binary text 2': "upper(encode($, 'hex'))",
  'uuid text': 'tsql.uuid_text($)',
  'text binary 0': 'tsql.bytes_{code}($)',
  'text binary 1': 'tsql.hex_to_bytes($, 1, {quiet})',
  'text binary 2': 'tsql.hex_to_bytes($, 2, {quiet})',
  'bit binary': 'substr($::int::bytea, 4)',
  'integer binary': 'substr($::bytea, {first})',
  'decimal binary': '',
  'float binary': '',
  'money binary': '',
  'binary binary': '$',
  'uuid binary': '',
  'text uuid': 'tsql.text_to_uuid($, {quiet})',
  'binary uuid': '',
  'uuid uuid': '$',
};

/** The conversion by its template; undefined where there is none. */
export function byTemplate({ value, from, type, to, quiet, style = 0 }: Conversion): string | undefined {
  const template = templates[`${from} ${to}`] ?? templates[`${from} ${to} ${style}`];
  const isUnreadable = from === 'binary' && to === 'text' && style === 0 && isUnicode(type);
  if (isUnreadable || template === '' || (template === undefined && `${from} ${to} 0` in templates)) {
    throw notSupported(`${value.type.name} to ${type.name} in style ${style} of CONVERT`);
  }
  const parts: Readonly<Record<string, string>> = {
    $: from === 'text' ? textOf(value) : value.sql,
    '{scale}': String(scaleOf(value.type)),
    '{quiet}': String(quiet),
    '{code}': isUnicode(value.type) ? 'utf16' : '1252',
    '{first}': value.type.name === 'tinyint' ? '2' : '1',
  };
  return template?.replace(/\$|\{\w+\}/g, (name) => parts[name] ?? name);
}

/** Text of CHAR, NCHAR or BINARY filled up to its length. */
export const padded = (sql: string, type: Conversion['type']): string =>
  isFixed(type) ? `tsql.pad(${sql}, ${lengthOf(type)})` : sql;

/** Letters that a family at most writes. */
const longest: Readonly<Record<string, number>> = {
  integer: 20,
  decimal: 41,
  money: 41,
  float: 41,
  uuid: 36,
};

export function toText(conversion: Conversion): string {
  const { value, from, type, quiet, style } = conversion;
  const plain = byTemplate(conversion) ?? momentText(value, style);
  const isMapped = from === 'text' && isUnicode(value.type) && !isUnicode(type);
  const text = isMapped ? `tsql.to_1252(${plain})` : plain;
  const length = lengthOf(type);
  const given = from === 'text' ? lengthOf(value.type) : (longest[from] ?? 'max');
  if (length === 'max' || (given !== 'max' && given <= length)) return padded(text, type);
  if (from === 'uuid') throw sqlError(8170);
  if (!isNumeric(value.type)) {
    return padded(`${from === 'text' && isUnicode(type) ? 'tsql.cut' : 'left'}(${text}, ${length})`, type);
  }
  // "Truncating and rounding results" of CAST: too long integers become `*` in char types, an error in nchar types.
  const isStarred = from === 'integer' && !isUnicode(type) && value.type.name !== 'bigint';
  if (isStarred) return padded(`CASE WHEN length(${text}) > ${length} THEN '*' ELSE ${text} END`, type);
  const source = from === 'integer' ? 'expression' : runtimeName(value.type);
  const { number, message } =
    from === 'money' ? sqlError(234, [type.name]) : sqlError(8115, [source, type.name]);
  return padded(`tsql.fit_text(${text}, ${length}, ${number}, ${quote(message)}, ${quiet})`, type);
}

/** Numbers keep their last bytes, everything else its first ones. */
export function toBinary(conversion: Conversion): string | undefined {
  const { from, type } = conversion;
  const bytes = byTemplate(conversion);
  const length = lengthOf(type);
  if (bytes === undefined || length === 'max') return bytes;
  const isNumber = from === 'integer' || from === 'bit';
  const cut = padded(`substr(${isNumber ? `reverse(${bytes})` : bytes}, 1, ${length})`, type);
  return isNumber ? `reverse(${cut})` : cut;
}
