import type { SqlType } from '../contract.ts';
import type { SqlErrorNumber } from '../errors.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { Conversion } from './convert.ts';
import { wholeDigits } from './result-types.ts';
import type { Shape } from './sql-types.ts';
import { decimalShape, familyOf, isNumeric, rangeOf, runtimeName, storageType } from './sql-types.ts';
import { quote, textOf } from './typed-sql.ts';

const bytesOf: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, int: 4, bigint: 8 };

/** The value as PostgreSQL numeric; undefined for what is no number. */
export function plainNumber({ type, sql }: Typed): string | undefined {
  switch (familyOf(type)) {
    case 'bit':
      return `${sql}::int::numeric`;
    case 'integer':
    case 'float':
      return `${sql}::numeric`;
    case 'decimal':
    case 'money':
      return sql;
    default:
      return undefined;
  }
}

function daysSince1900({ type, sql }: Typed): string | undefined {
  return familyOf(type) === 'datetime' ? `((${sql} - 599266080000000000) / 864000000000.0)` : undefined;
}

/** An integer constant needs its own digits only, whatever its type. */
export function shapeOf({ constant, type }: Typed): Shape | undefined {
  const isWhole = constant !== undefined && familyOf(type) === 'integer';
  return isWhole ? { precision: constant.replace('-', '').length, scale: 0 } : decimalShape(type);
}

/** BIT and all the numbers. They are rounded, but DECIMAL and FLOAT are cut for an integer. */
export function toNumber({ value, from, type, to, quiet }: Conversion): string | undefined {
  if (to === 'bit' && (value.constant === '0' || value.constant === '1'))
    return String(value.constant === '1');
  const stored = storageType(type);
  if (from === 'binary') return `reverse(substr(reverse(${value.sql}), 1, ${byteCount(type)}))::${stored}`;
  const number =
    from === 'text' ? numberOfText(value, type, quiet) : (daysSince1900(value) ?? plainNumber(value));
  if (number === undefined) return undefined;
  if (to === 'bit') return `${number} <> 0`;
  const target = decimalShape(type);
  if (!target) return `${number}::${stored}`;
  const source = shapeOf(value);
  const cut = to === 'integer' && (from === 'decimal' || from === 'float');
  const isRounded = !source || source.scale > target.scale;
  const rounded = isRounded ? `${cut ? 'trunc' : 'round'}(${number}, ${target.scale})` : number;
  if (source) {
    const spare = wholeDigits(target) - wholeDigits(source) - (isRounded && !cut ? 1 : 0);
    const isWhole = to === 'integer' && (from === 'integer' || from === 'bit');
    if (isWhole && spare >= (value.constant === undefined ? 0 : 1)) {
      return `${value.sql}${from === 'bit' ? '::int' : ''}::${stored}`;
    }
    if (spare > 0 || (spare === 0 && to === 'decimal')) return `${rounded}::${stored}`;
  }
  return `${withinRange(rounded, type, overflow(value.type, type), quiet)}::${stored}`;
}

/** The number where it is in the type's range, else the error with the number for `%1`. */
export function withinRange(
  number: string,
  type: SqlType,
  [code, ...details]: readonly [SqlErrorNumber, ...string[]],
  quiet = false,
): string {
  const message = quote(sqlError(code, details).message);
  return `tsql.fit_number(${number}, ${rangeOf(type).join(', ')}, ${code}, ${message}, ${quiet})`;
}

function byteCount(type: SqlType): number {
  const count = bytesOf[type.name];
  if (count === undefined) throw notSupported(`binary to ${type.name}`);
  return count;
}

function numberOfText(value: Typed, type: SqlType, quiet: boolean): string {
  const [source, target, family] = [runtimeName(value.type), runtimeName(type), familyOf(type)];
  const isStrict = family === 'decimal' || family === 'float' || target === 'bigint';
  const fault = isStrict
    ? sqlError(8114, [source, target])
    : family === 'money'
      ? sqlError(235)
      : sqlError(245, [source, '%1', target]);
  return `tsql.text_to_number(${textOf(value)}, '${family}', ${fault.number}, ${quote(fault.message)}, ${quiet})`;
}

function overflow(from: SqlType, type: SqlType): readonly [SqlErrorNumber, ...string[]] {
  const [source, target] = [runtimeName(from), runtimeName(type)];
  const isSmall = target === 'tinyint' || target === 'smallint';
  if (familyOf(type) !== 'integer') return [8115, source, target];
  switch (familyOf(from)) {
    case 'float':
      return [232, target, '%1'];
    case 'integer':
      return isSmall ? [220, target, '%1'] : [8115, 'expression', target];
    case 'text':
      if (isSmall) return [244, source, '%1', target === 'tinyint' ? 'INT1' : 'INT2'];
      return target === 'int' ? [248, source, '%1'] : [8115, 'expression', target];
    default:
      return [8115, isNumeric(from) ? source : 'expression', target];
  }
}
