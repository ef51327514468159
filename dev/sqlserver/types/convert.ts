import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { AssignmentTarget, ConversionMode, Typed } from './contract.ts';
import { toMoment } from './convert-moment.ts';
import { toNumber } from './convert-number.ts';
import { byTemplate, padded, toBinary, toText } from './convert-text.ts';
import type { Family } from './sql-types.ts';
import { familyOf, isNumeric, isText, lengthOf, typeName, varying } from './sql-types.ts';
import { nullOf, quote, textOf, typed } from './typed-sql.ts';

/** A value on its way into a type: `quiet` gives NULL instead of a run-time error. */
export interface Conversion {
  value: Typed;
  from: Family;
  type: SqlType;
  to: Family;
  quiet: boolean;
  style: number | undefined;
}

/** Gives PostgreSQL text in the storage of the type (`text` for characters); undefined: there is no such conversion. */
type Convert = (conversion: Conversion) => string | undefined;

const converts: Readonly<Partial<Record<Family, Convert>>> = {
  text: toText,
  binary: toBinary,
  uuid: byTemplate,
};

/** Pairs that only CAST and CONVERT convert ("Data type conversion (database engine)"). */
const explicitOnly: Readonly<Partial<Record<Family, readonly Family[]>>> = {
  text: ['binary'],
  datetime: ['bit', 'integer', 'decimal', 'money', 'float'],
  money: ['text'],
};

/** CAST, CONVERT, and what happens by itself. Errors: 529, 257, 206 at once; 241, 242, 245, 8114, 8115 … when it runs. */
export function convertTo(value: Typed, type: SqlType, mode: ConversionMode, style?: number): Typed {
  if (value.untypedNull) return nullOf(type);
  if (style === undefined && Object.values(value.type).join() === Object.values(type).join()) {
    // CAST makes a value of its type: 1 is a number of one digit, CAST(1 AS int) one of ten.
    const { constant: _, ...rest } = value;
    return mode === 'implicit' ? value : rest;
  }
  const [from, to] = [familyOf(value.type), familyOf(type)];
  const convert = converts[to] ?? (isNumeric(type) ? toNumber : toMoment);
  const sql = convert({ value, from, type, to, quiet: mode === 'try', style });
  const isRefused = mode === 'implicit' && explicitOnly[from]?.includes(to);
  if (sql !== undefined && !isRefused) return typed(sql, type, value.nullable || mode === 'try');
  throw sqlError(mode !== 'implicit' ? 529 : isRefused ? 257 : 206, [typeName(value.type), typeName(type)]);
}

/** The value as INSERT and UPDATE store it: text that does not fit is 2628, and nothing is cut but trailing spaces. */
export function assignTo(value: Typed, { type, table, column }: AssignmentTarget): Typed {
  const [given, length] = [lengthOf(value.type), lengthOf(type)];
  const isSized = 'length' in type && length !== 'max' && !value.untypedNull;
  if (!isSized || familyOf(type) !== familyOf(value.type)) return convertTo(value, type, 'implicit');
  const whole = convertTo(value, varying(type, 'max'), 'implicit');
  const sql = isText(type) ? textOf(whole) : whole.sql;
  const { message } = sqlError(2628, [table, column, '%1']);
  const isShort = given !== 'max' && given <= length;
  const checked = isShort ? sql : `tsql.fit(${sql}, ${length}, ${quote(message)})`;
  return typed(padded(checked, type), type, value.nullable);
}
