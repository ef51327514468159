import type { SqlType } from '../contract.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { isNumeric, isText, scaleOf, storageType, typeName } from '../types/sql-types.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import { jsonSteps, jsonStepsText } from './json-path.ts';

/** A scalar function that needs neither the session nor the catalogue: what it takes and what it makes of that. */
export interface BuiltIn {
  takes: Takes;
  build: (...values: Typed[]) => Typed;
}

/** `?` may be left out; `...n` repeats the kind before it, up to n arguments. */
type Takes = readonly (Kind | `${Kind}?` | `...${number}`)[];
type Kind = keyof typeof kinds;
type Reading = (value: Typed, place: number, name: string) => Typed;
type TypeRule = SqlType | ((...values: Typed[]) => SqlType);

/** How an argument is read: what it must be, and what it becomes. */
const kinds = {
  any: (value) => value,
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
} satisfies Record<string, Reading>;

export function built(takes: Takes, build: BuiltIn['build']): BuiltIn {
  return { takes, build };
}

/** A PostgreSQL template: `$1` is the first argument; `absent` stands in order for those that are left out. */
export function row(takes: Takes, type: TypeRule, template: string, ...absent: string[]): BuiltIn {
  const least = takes.length - absent.length;
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
export function keeping(kind: Kind, type: (value: Typed) => SqlType, template: string): BuiltIn {
  const { build } = row([kind], type, template);
  return built([kind], (value) => ({ ...build(value), nullable: value.nullable }));
}

/** Errors: 174 and 189 for the number of arguments, 8116 and those of conversions for their types. */
export function callBuiltIn({ takes, build }: BuiltIn, call: FunctionCall, values: readonly Typed[]): Typed {
  const named = takes.filter((kind) => !kind.startsWith('...'));
  const repeated = takes.find((kind) => kind.startsWith('...'))?.slice(3);
  checkCount(call, named.filter((kind) => !kind.endsWith('?')).length, Number(repeated ?? named.length));
  const name = call.name.toLowerCase();
  return build(
    ...values.map((value, index) => {
      const kind = (named[index] ?? 'any').replace('?', '') as Kind;
      return kinds[kind](value, index + 1, name);
    }),
  );
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
