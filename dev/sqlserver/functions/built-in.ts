import type { SqlType } from '../contract.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { isNumeric, isText, scaleOf, storageType, typeName } from '../types/sql-types.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import { jsonSteps, jsonStepsText } from './json-path.ts';

/** A scalar function that needs neither the session nor the catalogue: what it takes and what it makes of that. */
export interface BuiltIn {
  readings: readonly Reading[];
  least: number;
  most: number;
  build: (...values: Typed[]) => Typed;
}

/** What an argument must be and becomes, by its place and the function's name. */
type Reading = (value: Typed, place: number, name: string) => Typed;
type TypeRule = SqlType | ((...values: Typed[]) => SqlType);

const any: Reading = (value) => value;
const kinds: Readonly<Record<string, Reading>> = {
  any,
  text: asText,
  string: only(isText),
  int: as({ name: 'int' }),
  bigint: as({ name: 'bigint' }),
  float: as({ name: 'float' }),
  date: as({ name: 'date' }),
  number: textAs({ name: 'float' }, (type) => isNumeric(type) && type.name !== 'bit'),
  moment: (value) => as({ name: 'datetime2', scale: scaleOf(value.type) })(value),
  offset: textAs({ name: 'datetimeoffset', scale: 7 }, (type) => type.name === 'datetimeoffset'),
  /** `+hh:mm` or minutes; becomes minutes. */
  zone: (value) => {
    if (isText(value.type)) return typed(`tsql.zone_of_text(${textOf(value)})`, { name: 'int' }, true);
    return typed(`tsql.checked_zone(${as({ name: 'int' })(value).sql})`, { name: 'int' }, true);
  },
  /** A literal number of digits of a second. */
  digits: (value) => {
    if (/^[0-7]$/.test(value.constant ?? '')) return value;
    throw notSupported('a precision that is not a number from 0 to 7');
  },
  /** A literal JSON path; becomes the array of its steps. */
  path: (value) => {
    if (value.constant === undefined) throw notSupported('a JSON path that is not a literal');
    return { ...value, text: jsonStepsText(jsonSteps(value.constant)) };
  },
};

/** `takes` names the kinds of the arguments: `?` may be left out, `...n` stands for any more up to n arguments. */
export function built(takes: string, build: BuiltIn['build']): BuiltIn {
  const words = takes.split(' ').filter((word) => word !== '' && !word.startsWith('...'));
  const readings = words.map((word) => {
    const reading = kinds[word.replace('?', '')];
    if (!reading) throw new RangeError(`no kind of argument: ${word}`);
    return reading;
  });
  const least = words.filter((word) => !word.endsWith('?')).length;
  return { readings, least, most: Number(takes.split('...')[1] ?? words.length), build };
}

/** A PostgreSQL template: `$1` is the first argument; `absent` stands in order for those that are left out. */
export function row(takes: string, type: TypeRule, template: string, ...absent: string[]): BuiltIn {
  const least = takes.split(' ').length - absent.length;
  return built(takes, (...values) => {
    const sql = template.replace(/\$(\d)/g, (_, digit: string) => {
      const value = values[Number(digit) - 1];
      if (!value) return absent[Number(digit) - 1 - least] ?? 'NULL';
      return isText(value.type) ? textOf(value) : value.sql;
    });
    const given = typeof type === 'function' ? type(...values) : type;
    return typed(isText(given) ? sql : `(${sql})::${storageType(given)}`, given, true);
  });
}

/** A template of one argument that is NULL only where its argument is. */
export function keeping(kind: string, type: (value: Typed) => SqlType, template: string): BuiltIn {
  const { build } = row(kind, type, template);
  return built(kind, (value) => ({ ...build(value), nullable: value.nullable }));
}

/** Errors: 174 and 189 for the number of arguments, 8116 and those of conversions for their types. */
export function callBuiltIn(builtIn: BuiltIn, call: FunctionCall, values: readonly Typed[]): Typed {
  const { readings, least, most, build } = builtIn;
  checkCount(call, least, most);
  const name = call.name.toLowerCase();
  return build(...values.map((value, index) => (readings[index] ?? any)(value, index + 1, name)));
}

export function checkCount(
  { name, arguments: { length }, line }: FunctionCall,
  least: number,
  most: number,
): void {
  if (length >= least && length <= most) return;
  const subject = `The ${name.toLowerCase()} function requires ${least}`;
  throw least === most
    ? new SqlFault(174, 15, `${subject} argument(s).`, line)
    : new SqlFault(189, 15, `${subject} to ${most} arguments.`, line);
}

/** Numbers and dates become VARCHAR. */
export function asText(value: Typed): Typed {
  if (isText(value.type) && !value.untypedNull) return value;
  return convertTo(value, { name: 'varchar', length: value.untypedNull ? 1 : 8000 }, 'implicit');
}

export function invalidArgument(value: Typed, place: number, name: string): SqlFault {
  const type = value.untypedNull ? 'NULL' : typeName(value.type);
  const message = `Argument data type ${type} is invalid for argument ${place} of ${name} function.`;
  return new SqlFault(8116, 16, message);
}

/** A literal stays known as one. */
function as(type: SqlType): (value: Typed) => Typed {
  return (value) => {
    const { constant } = value;
    return { ...convertTo(value, type, 'implicit'), ...(constant !== undefined && { constant }) };
  };
}

function only(isRight: (type: SqlType) => boolean): Reading {
  return (value, place, name) => {
    if (!value.untypedNull && isRight(value.type)) return value;
    throw invalidArgument(value, place, name);
  };
}

/** Text, and NULL, as another type; or else only what is right. */
function textAs(type: SqlType, isRight: (type: SqlType) => boolean): Reading {
  return (value, place, name) =>
    isText(value.type) || value.untypedNull ? as(type)(value) : only(isRight)(value, place, name);
}

/** A value built from others of one type: `build` gets their PostgreSQL text (characters as `text`). */
export function combined(
  type: SqlType,
  values: readonly Typed[],
  nullable: boolean,
  build: (texts: string[]) => string,
): Typed {
  const converted = values.map((value) => convertTo(value, type, 'implicit'));
  const texts = converted.map((value) => (isText(type) ? textOf(value) : value.sql));
  return typed(build(texts), type, nullable);
}

/** CASE and its like, whose result has the type of highest precedence. */
export function choice(
  conditions: readonly string[],
  results: readonly Typed[],
  otherwise: Typed | undefined,
): Typed {
  const values = otherwise ? [...results, otherwise] : results;
  if (values.every((value) => value.untypedNull)) throw onlyNulls();
  const nullable = !otherwise || values.some((value) => value.nullable);
  return combined(unionType(values), values, nullable, (texts) => {
    const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${texts[index] ?? 'NULL'}`);
    return `CASE ${branches.join(' ')} ELSE ${otherwise ? (texts.at(-1) ?? 'NULL') : 'NULL'} END`;
  });
}

function onlyNulls(): SqlFault {
  const message =
    'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.';
  return new SqlFault(8133, 16, message);
}
