import type { SqlType } from '../contract.ts';
import type { SqlErrorNumber } from '../errors.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Conversion } from './convert.ts';
import { wholeDigits } from './result-types.ts';
import type { Family, Shape } from './sql-types.ts';
import { decimalShape, familyOf, isNumeric, rangeOf, runtimeName, storageType } from './sql-types.ts';
import { quote, textOf } from './typed-sql.ts';

const casts: Readonly<Partial<Record<Family, string>>> = {
  bit: '::int::numeric',
  integer: '::numeric',
  float: '::numeric',
  decimal: '',
  money: '',
};
const bytesOf: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, int: 4, bigint: 8 };

/** The value as PostgreSQL numeric; undefined for what is no number. */
export function plainNumber({ type, sql }: Typed): string | undefined {
  const cast = casts[familyOf(type)];
  return cast === undefined ? undefined : `${sql}${cast}`;
}

/** An integer constant needs its own digits only, whatever its type. */
export function shapeOf({ constant, type }: Typed): Shape | undefined {
  const isWhole = constant !== undefined && familyOf(type) === 'integer';
  return isWhole ? { precision: constant.replace('-', '').length, scale: 0 } : decimalShape(type);
}

/** BIT and all the numbers. They are rounded, but DECIMAL and FLOAT are cut for an integer. */
export function toNumber(conversion: Conversion): string | undefined {
  const { value, from, type, to, quiet } = conversion;
  if (to === 'bit' && /^[01]$/.test(value.constant ?? '')) return String(value.constant === '1');
  const isFloat = from === 'float' && to === 'float';
  const number = isFloat ? value.sql : numberOf(conversion);
  if (number === undefined || from === 'binary') return number;
  const stored = storageType(type);
  if (to === 'bit') return `${number} <> 0`;
  const [source, target] = [shapeOf(value), decimalShape(type)];
  if (!target) return `${number}::${stored}`;
  const cut = to === 'integer' && (from === 'decimal' || from === 'float');
  const isRounded = !source || source.scale > target.scale;
  const rounded = isRounded ? `${cut ? 'trunc' : 'round'}(${number}, ${target.scale})` : number;
  // Whole digits to spare; an integer has not all numbers of its digits.
  const spare = source ? wholeDigits(target) - wholeDigits(source) - (isRounded && !cut ? 1 : 0) : -1;
  const isWhole = to === 'integer' && (from === 'integer' || from === 'bit');
  const isFull = spare === 0 && (to === 'decimal' || (isWhole && value.constant === undefined));
  const mayBeLow = type.name === 'tinyint' && from !== 'bit' && !/^\d/.test(value.constant ?? '');
  if ((spare > 0 || isFull) && !mayBeLow)
    return `${isWhole && from === 'integer' ? value.sql : rounded}::${stored}`;
  return `${withinRange(rounded, type, overflow(value.type, type), quiet)}::${stored}`;
}

/** Days since 1900 of a DATETIME, the last bytes of binary as an integer. */
function numberOf({ value, from, type, quiet }: Conversion): string | undefined {
  if (from === 'text') return numberOfText(value, type, quiet);
  if (from === 'datetime') return `((${value.sql} - 599266080000000000) / 864000000000.0)`;
  if (from !== 'binary') return plainNumber(value);
  const bytes = bytesOf[type.name];
  if (bytes === undefined) throw notSupported(`${value.type.name} to ${type.name}`);
  return `reverse(substr(reverse(${value.sql}), 1, ${bytes}))::${storageType(type)}`;
}

/** An error with the parts of its message, in which `%1` is the number. */
export type Overflow = readonly [SqlErrorNumber, ...string[]];

/** The number where it is in the type's range, else the error. */
export function withinRange(number: string, type: SqlType, fault: Overflow, quiet = false): string {
  const [code, ...details] = fault;
  const message = quote(sqlError(code, details).message);
  return `tsql.fit_number(${number}, ${rangeOf(type).join(', ')}, ${code}, ${message}, ${quiet})`;
}

function numberOfText(value: Typed, type: SqlType, quiet: boolean): string {
  const [source, target, family] = [runtimeName(value.type), runtimeName(type), familyOf(type)];
  const isStrict = family === 'decimal' || family === 'float' || target === 'bigint';
  const number = isStrict ? 8114 : family === 'money' ? 235 : 245;
  const { message } = sqlError(number, isStrict ? [source, target] : [source, '%1', target]);
  return `tsql.text_to_number(${textOf(value)}, '${family}', ${number}, ${quote(message)}, ${quiet})`;
}

function overflow(from: SqlType, type: SqlType): Overflow {
  const [source, target, family] = [runtimeName(from), runtimeName(type), familyOf(from)];
  const isSmall = target === 'tinyint' || target === 'smallint';
  if (familyOf(type) !== 'integer') return [8115, source, target];
  if (family === 'float') return [232, target, '%1'];
  if (family === 'integer' && isSmall) return [220, target, '%1'];
  if (family === 'text' && isSmall) return [244, source, '%1', target === 'tinyint' ? 'INT1' : 'INT2'];
  if (family === 'text' && target === 'int') return [248, source, '%1'];
  return [8115, isNumeric(from) && family !== 'integer' ? source : 'expression', target];
}
