import type { SqlType } from '../contract.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Conversion, ConversionContext } from './convert.ts';
import { momentText } from './moment-styles.ts';
import type { TextType } from './type-families.ts';
import { familyOf, isText, isUnicode } from './type-families.ts';
import { runtimeName } from './type-names.ts';
import { quote, textOf } from './typed-sql.ts';

export const toText: Conversion<TextType> = (value, type, context) => {
  const text = isText(value.type) ? fromOtherText(value, value.type, type) : written(value, type, context);
  if (text === undefined) return undefined;
  const isFixed = type.name === 'char' || type.name === 'nchar';
  return isFixed ? `tsql.pad(${text}, ${type.length})` : text;
};

function fromOtherText(value: Typed, from: TextType, to: TextType): string {
  const text = textOf(value);
  const mapped = isUnicode(from) && !isUnicode(to) ? `tsql.to_1252(${text})` : text;
  if (to.length === 'max' || (from.length !== 'max' && from.length <= to.length)) return mapped;
  return isUnicode(to) ? `tsql.cut(${mapped}, ${to.length})` : `left(${mapped}, ${to.length})`;
}

function written(value: Typed, type: TextType, context: ConversionContext): string | undefined {
  switch (familyOf(value.type)) {
    case 'bit':
      return `${value.sql}::int::text`;
    case 'integer':
      return integerText(value, type, context);
    case 'decimal':
      return fitted(`${value.sql}::numeric(38,${scaleOf(value.type)})::text`, 41, value, type, context);
    case 'money':
      return fitted(moneyText(value, context.style), 22, value, type, context);
    case 'float':
      return fitted(floatText(value, context.style), 25, value, type, context);
    case 'date':
    case 'time':
    case 'moment':
    case 'offset':
      return cutTo(momentText(value, context.style), type);
    case 'uuid':
      return uuidText(value, type);
    case 'binary':
      return cutTo(binaryText(value, type, context.style), type);
    case 'text':
      return textOf(value);
  }
}

function scaleOf(type: SqlType): number {
  return type.name === 'decimal' ? type.scale : 0;
}

const widest = { tinyint: 3, smallint: 6, int: 11, bigint: 20 } as const;

/** "Truncating and rounding results" of CAST: too long integers become `*` in char types, an error in nchar types. */
function integerText(value: Typed, type: TextType, context: ConversionContext): string {
  const { name } = value.type;
  const text = `${value.sql}::text`;
  const longest = name in widest ? widest[name as keyof typeof widest] : 20;
  if (type.length === 'max' || type.length >= longest) return text;
  if (isUnicode(type) || name === 'bigint') return fitted(text, longest, value, type, context);
  return `CASE WHEN length(${text}) > ${type.length} THEN '*' ELSE ${text} END`;
}

/** The text, or 8115 where it is longer than the type. */
function fitted(
  text: string,
  longest: number,
  value: Typed,
  type: TextType,
  { quiet }: ConversionContext,
): string {
  if (type.length === 'max' || type.length >= longest) return text;
  const source = familyOf(value.type) === 'integer' ? 'expression' : runtimeName(value.type);
  const message = `Arithmetic overflow error converting ${source} to data type ${type.name}.`;
  return `tsql.fit_text(${text}, ${type.length}, 8115, ${quote(message)}, ${quiet})`;
}

function cutTo(text: string, type: TextType): string {
  return type.length === 'max' ? text : `left(${text}, ${type.length})`;
}

function moneyText(value: Typed, style = 0): string {
  if (style === 0) return `round(${value.sql}, 2)::numeric(38,2)::text`;
  if (style === 1) return `to_char(round(${value.sql}, 2), 'FM999,999,999,999,990.00')`;
  if (style === 2 || style === 126) return `${value.sql}::numeric(38,4)::text`;
  throw unknownStyle(style, value.type);
}

function floatText(value: Typed, style = 0): string {
  if (style === 0) return `tsql.float_text(${value.sql}, 6)`;
  if (style === 1) return `tsql.float_scientific(${value.sql}, 8)`;
  if (style === 2) return `tsql.float_scientific(${value.sql}, 16)`;
  throw unknownStyle(style, value.type);
}

function uuidText(value: Typed, type: TextType): string {
  const text = `tsql.uuid_text(${value.sql})`;
  if (type.length === 'max' || type.length >= 36) return text;
  throw new SqlFault(8170, 16, 'Insufficient result space to convert uniqueidentifier value to char.', 0, 2);
}

function binaryText(value: Typed, type: TextType, style = 0): string {
  const hexadecimal = `upper(encode(${value.sql}, 'hex'))`;
  if (style === 1) return `'0x' || ${hexadecimal}`;
  if (style === 2) return hexadecimal;
  if (style !== 0 || isUnicode(type) || value.type.name === 'rowversion')
    throw unknownStyle(style, value.type);
  return `convert_from(${value.sql}, 'WIN1252')`;
}

function unknownStyle(style: number, type: SqlType): SqlFault {
  return notSupported(`style ${style} of CONVERT for ${type.name}`);
}
