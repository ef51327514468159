import type { SqlType } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { BuiltIn } from './arguments.ts';
import { argument, asBigInt, asInt, asText, invalidArgument, longest, taking, varying } from './arguments.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { translateFormat } from './format.ts';
import type { TextType } from '../types/type-families.ts';
import { isText, isUnicode } from '../types/type-families.ts';
import { fromText, quote, textOf } from '../types/typed-sql.ts';

/** Upper and lower case letter by letter, as SQL Server has them: no letter becomes two. */
const letters = 'COLLATE pg_catalog.pg_c_utf8';

/** Text from text: `build` gets the first argument as PostgreSQL text. */
function mapping(build: (text: string) => string, type: (type: TextType) => SqlType = varying): BuiltIn {
  return taking(1, 1, (values) => {
    const value = asText(argument(values, 0));
    return fromText(build(textOf(value)), type(value.type), value.nullable);
  });
}

function cutEnd(build: (text: string, count: string) => string): BuiltIn {
  return taking(2, 2, (values) => {
    const [value, count] = [asText(argument(values, 0)), argument(values, 1)];
    return fromText(build(textOf(value), asBigInt(count).sql), shortened(value.type, count), true);
  });
}

/** A constant count bounds the length of the result. */
function shortened(type: TextType, count: Typed): SqlType {
  const most = Number(count.constant);
  if (count.constant === undefined || !(most > 0) || (type.length !== 'max' && type.length <= most))
    return varying(type);
  return varying(type, most > (isUnicode(type) ? 4000 : 8000) ? type.length : most);
}

/** INT, or BIGINT where the text is MAX. */
function counted(sql: string, type: TextType): Typed {
  const wide = type.length === 'max';
  return {
    sql: `(${sql}${wide ? '::bigint' : ''})`,
    type: { name: wide ? 'bigint' : 'int' },
    nullable: true,
  };
}

export const textFunctions: Readonly<Record<string, BuiltIn>> = {
  LEN: taking(1, 1, (values) => {
    const value = asText(argument(values, 0));
    return counted(`tsql.units(rtrim(${textOf(value)}, ' '))`, value.type);
  }),
  LEFT: cutEnd((text, count) => `tsql.slice(${text}, 1, ${count}, 'left')`),
  RIGHT: cutEnd((text, count) => {
    const length = `tsql.units(${text})`;
    return `tsql.slice(${text}, greatest(${length} - ${count}, 0) + 1, least(${count}, ${length}), 'right')`;
  }),
  SUBSTRING: taking(3, 3, (values) => {
    const [text, start, count] = [argument(values, 0), asBigInt(argument(values, 1)), argument(values, 2)];
    if (!isText(text.type)) throw invalidArgument(text.type, 1, 'substring');
    const sql = `tsql.slice(${textOf(text)}, ${start.sql}, ${asBigInt(count).sql}, 'substring')`;
    return fromText(sql, shortened(text.type, count), true);
  }),
  UPPER: mapping((text) => `upper(${text} ${letters})`),
  LOWER: mapping((text) => `lower(${text} ${letters})`),
  LTRIM: mapping((text) => `ltrim(${text}, ' ')`),
  RTRIM: mapping((text) => `rtrim(${text}, ' ')`),
  TRIM: taking(1, 2, (values) => {
    const value = asText(argument(values, 0));
    const characters = values[1] ? textOf(asText(values[1])) : "' '";
    return fromText(`btrim(${textOf(value)}, ${characters})`, varying(value.type), true);
  }),
  REVERSE: mapping((text) => `reverse(${text})`),
  REPLACE: taking(3, 3, (values) => {
    const [text, from, to] = [0, 1, 2].map((index) => asText(argument(values, index)));
    if (!text || !from || !to) throw notSupported('REPLACE');
    const unicode = [text, from, to].some((value) => isUnicode(value.type));
    const isMax = [text, from, to].some((value) => value.type.length === 'max');
    const type: SqlType = {
      name: unicode ? 'nvarchar' : 'varchar',
      length: isMax ? 'max' : unicode ? 4000 : 8000,
    };
    const sql = `replace(${textOf(text)} COLLATE tsql.ci_as, ${textOf(from)}, ${textOf(to)})`;
    return fromText(isMax ? sql : `tsql.cut(${sql}, ${unicode ? 4000 : 8000})`, type, true);
  }),
  REPLICATE: taking(2, 2, (values) => {
    const [value, count] = [asText(argument(values, 0)), asInt(argument(values, 1)).sql];
    const type = longest(value.type);
    const sql = `CASE WHEN ${count} >= 0 THEN repeat(${textOf(value)}, ${count}) END`;
    return fromText(
      value.type.length === 'max' ? sql : `tsql.cut(${sql}, ${isUnicode(type) ? 4000 : 8000})`,
      type,
      true,
    );
  }),
  STUFF: taking(4, 4, (values) => {
    const [text, inserted] = [asText(argument(values, 0)), asText(argument(values, 3))];
    const [start, count] = [asBigInt(argument(values, 1)).sql, asBigInt(argument(values, 2)).sql];
    const wide = isUnicode(inserted.type) ? inserted : text;
    return fromText(
      `tsql.stuff(${textOf(text)}, ${start}, ${count}, ${textOf(inserted)})`,
      longest(wide.type),
      true,
    );
  }),
  SPACE: taking(1, 1, (values) => {
    const count = asInt(argument(values, 0)).sql;
    const sql = `CASE WHEN ${count} >= 0 THEN repeat(' ', least(${count}, 8000)) END`;
    return fromText(sql, { name: 'varchar', length: 8000 }, true);
  }),
  CHARINDEX: taking(2, 3, (values) => {
    const [wanted, text] = [asText(argument(values, 0)), asText(argument(values, 1))];
    const start = values[2] ? asBigInt(values[2]).sql : '1';
    return counted(`tsql.find(${textOf(wanted)}, ${textOf(text)}, ${start})`, text.type);
  }),
  PATINDEX: taking(2, 2, (values) => {
    const [pattern, text] = [asText(argument(values, 0)), asText(argument(values, 1))];
    return counted(`tsql.pattern_place(${textOf(pattern)}, ${textOf(text)})`, text.type);
  }),
  CONCAT: taking(2, 254, (values) => concatenated(values, (texts) => `concat(${texts.join(', ')})`)),
  CONCAT_WS: taking(3, 254, (values) => {
    const joined = concatenated(
      values,
      ([separator = '', ...texts]) => `concat_ws(coalesce(${separator}, ''), ${texts.join(', ')})`,
    );
    return { ...joined, type: isText(joined.type) ? longest(joined.type) : joined.type };
  }),
  ASCII: taking(1, 1, (values) => {
    const byte = `tsql.bytes_1252(left(${textOf(asText(argument(values, 0)))}, 1))`;
    return {
      sql: `(CASE WHEN length(${byte}) > 0 THEN get_byte(${byte}, 0) END)`,
      type: { name: 'int' },
      nullable: true,
    };
  }),
  UNICODE: taking(1, 1, (values) => {
    const text = textOf(asText(argument(values, 0)));
    return { sql: `nullif(ascii(${text}), 0)`, type: { name: 'int' }, nullable: true };
  }),
  CHAR: taking(1, 1, (values) => {
    const code = asInt(argument(values, 0)).sql;
    const sql = `CASE WHEN ${code} BETWEEN 1 AND 255 THEN convert_from(set_byte('\\x00'::bytea, 0, ${code}), 'WIN1252') END`;
    return fromText(sql, { name: 'char', length: 1 }, true);
  }),
  NCHAR: taking(1, 1, (values) => {
    const code = asInt(argument(values, 0)).sql;
    const sql = `CASE WHEN ${code} BETWEEN 1 AND 65535 AND ${code} NOT BETWEEN 55296 AND 57343 THEN chr(${code}) END`;
    return fromText(sql, { name: 'nchar', length: 1 }, true);
  }),
  QUOTENAME: taking(1, 2, (values) => {
    const text = textOf(
      convertTo(asText(argument(values, 0)), { name: 'nvarchar', length: 'max' }, 'implicit'),
    );
    const [open, close] = quotes(values[1]?.constant ?? (values[1] ? undefined : '['));
    const sql = `CASE WHEN tsql.units(${text}) <= 128 THEN ${quote(open)} || replace(${text}, ${quote(close)}, ${quote(close + close)}) || ${quote(close)} END`;
    return fromText(sql, { name: 'nvarchar', length: 258 }, true);
  }),
  STR: taking(1, 3, (values) => {
    const value = convertTo(argument(values, 0), { name: 'float' }, 'implicit').sql;
    const [width, decimals] = [values[1], values[2]].map((option) =>
      option ? asInt(option).sql : undefined,
    );
    const length = Number(values[1]?.constant ?? 10);
    const type: SqlType = { name: 'varchar', length: length >= 1 && length <= 8000 ? length : 8000 };
    return fromText(`tsql.str(${value}, ${width ?? '10'}, ${decimals ?? '0'})`, type, true);
  }),
  FORMAT: taking(2, 3, (values) => translateFormat(argument(values, 0), argument(values, 1), values[2])),
};

/** CONCAT takes anything: NULL is '', and there is no NULL in its result. */
function concatenated(values: readonly Typed[], build: (texts: string[]) => string): Typed {
  const texts = values.map((value) =>
    isText(value.type) && !value.untypedNull
      ? value
      : convertTo(value, { name: 'varchar', length: 41 }, 'explicit'),
  );
  const types = texts.map((value) => value.type).filter((type) => isText(type));
  const unicode = types.some((type) => isUnicode(type));
  const isMax = types.some((type) => type.length === 'max');
  const most = unicode ? 4000 : 8000;
  const total = types.reduce((sum, type) => sum + (type.length === 'max' ? 0 : type.length), 0);
  const length = isMax ? 'max' : Math.min(total, most);
  const sql = build(texts.map((value) => textOf(value)));
  const type: SqlType = { name: unicode ? 'nvarchar' : 'varchar', length };
  return fromText(!isMax && total > most ? `tsql.cut(${sql}, ${most})` : sql, type, false);
}

function quotes(mark: string | undefined): [open: string, close: string] {
  if (mark === '[' || mark === ']' || mark === '') return ['[', ']'];
  if (mark === '"' || mark === "'" || mark === '`') return [mark, mark];
  throw notSupported('QUOTENAME with this quote character');
}
