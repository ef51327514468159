import type { SqlType } from '../contract.ts';
import type { Typed } from './contract.ts';
import type { Conversion, ConversionContext } from './convert.ts';
import { storageType } from './storage.ts';
import type { IntegerName } from './type-families.ts';
import { decimalShape, familyOf, integerRanges, isInteger } from './type-families.ts';
import { runtimeName, typeName } from './type-names.ts';
import { quote, textOf } from './typed-sql.ts';

const unitsPerDay = 25_920_000;

export const toBit: Conversion = (value, _type, { quiet }) => {
  switch (familyOf(value.type)) {
    case 'bit':
      return value.sql;
    case 'integer':
    case 'decimal':
    case 'money':
    case 'float':
      return value.constant === '0' ? 'false' : value.constant === '1' ? 'true' : `${value.sql} <> 0`;
    case 'text':
      return `tsql.text_to_bit(${textOf(value)}, ${quote(typeName(value.type))}, ${quiet})`;
    case 'moment':
      return value.type.name === 'datetime' ? `${value.sql} <> 0` : undefined;
    case 'binary':
    case 'date':
    case 'time':
    case 'offset':
    case 'uuid':
      return undefined;
  }
};

const ranks: Readonly<Record<IntegerName, number>> = { tinyint: 0, smallint: 1, int: 2, bigint: 3 };

export const toInteger: Conversion = (value, type, { quiet }) => {
  if (!isInteger(type)) return undefined;
  const { name } = type;
  const stored = storageType(type);
  const [low, high] = integerRanges[name];
  const fit = (number: string, code: number, message: string): string =>
    `tsql.fit_number(${number}, ${low}, ${high}, ${code}, ${quote(message)}, ${quiet})::${stored}`;
  const overflow = (source: string): string =>
    `Arithmetic overflow error converting ${source} to data type ${name}.`;
  const source = runtimeName(value.type);
  switch (familyOf(value.type)) {
    case 'bit':
      return `${value.sql}::int::${stored}`;
    case 'integer': {
      if (isWithin(value, name)) return `${value.sql}::${stored}`;
      const small = name === 'tinyint' || name === 'smallint';
      const message = small
        ? `Arithmetic overflow error for data type ${name}, value = %1.`
        : overflow('expression');
      return fit(`${value.sql}::numeric`, small ? 220 : 8115, message);
    }
    case 'decimal':
      return fit(`trunc(${value.sql})`, 8115, overflow(source));
    case 'money':
      return fit(`round(${value.sql}, 0)`, 8115, overflow(source));
    case 'float':
      return fit(
        `trunc(${value.sql}::numeric)`,
        232,
        `Arithmetic overflow error for type ${name}, value = %1.000000.`,
      );
    case 'text':
      return `tsql.text_to_int(${textOf(value)}, ${quote(source)}, '${name}', ${low}, ${high}, ${quiet})::${stored}`;
    case 'moment':
      if (value.type.name !== 'datetime') return undefined;
      return fit(`round(${value.sql} / ${unitsPerDay}.0)`, 8115, overflow('expression'));
    case 'binary':
      return name === 'bigint' || name === 'int' ? bytesToInteger(value, name) : undefined;
    case 'date':
    case 'time':
    case 'offset':
    case 'uuid':
      return undefined;
  }
};

/** Does the type, or the constant itself, lie in the range of the integer type? */
function isWithin(value: Typed, name: IntegerName): boolean {
  const source = value.type.name;
  if (source in ranks && ranks[source as IntegerName] <= ranks[name]) return true;
  const [low, high] = integerRanges[name];
  return (
    value.constant !== undefined &&
    BigInt(value.constant) >= BigInt(low) &&
    BigInt(value.constant) <= BigInt(high)
  );
}

function bytesToInteger(value: Typed, name: 'int' | 'bigint'): string {
  const number = `tsql.bytes_to_bigint(${value.sql})`;
  return name === 'bigint' ? number : `((${number} << 32) >> 32)::integer`;
}

export const toDecimal: Conversion<Extract<SqlType, { name: 'decimal' }>> = (value, type, { quiet }) => {
  const { precision, scale } = type;
  const source = runtimeName(value.type);
  if (familyOf(value.type) === 'text') {
    return `tsql.text_to_decimal(${textOf(value)}, ${quote(source)}, ${precision}, ${scale}, ${quiet})`;
  }
  const number = plainNumber(value);
  if (number === undefined) return undefined;
  const shape = constantShape(value) ?? decimalShape(value.type);
  const rounded = shape && shape.scale <= scale ? number : `round(${number}, ${scale})`;
  const digits = precision - scale;
  const carries = shape !== undefined && shape.scale > scale;
  if (shape && shape.precision - shape.scale + (carries ? 1 : 0) <= digits) return rounded;
  const limit = `${'9'.repeat(digits) || '0'}${scale > 0 ? `.${'9'.repeat(scale)}` : ''}`;
  const message = `Arithmetic overflow error converting ${source} to data type numeric.`;
  return `tsql.fit_number(${rounded}, -${limit}, ${limit}, 8115, ${quote(message)}, ${quiet})`;
};

/** An integer constant needs its own digits only, whatever its type. */
export function constantShape(value: Typed): { precision: number; scale: number } | undefined {
  if (value.constant === undefined || familyOf(value.type) !== 'integer') return undefined;
  return { precision: value.constant.replace('-', '').length, scale: 0 };
}

/** The value as PostgreSQL numeric; undefined for what is no number. */
export function plainNumber(value: Typed): string | undefined {
  switch (familyOf(value.type)) {
    case 'bit':
      return `${value.sql}::int::numeric`;
    case 'integer':
    case 'float':
      return `${value.sql}::numeric`;
    case 'decimal':
    case 'money':
      return value.sql;
    case 'moment':
      return value.type.name === 'datetime' ? `(${value.sql} / ${unitsPerDay}.0)` : undefined;
    case 'text':
    case 'date':
    case 'time':
    case 'offset':
    case 'binary':
    case 'uuid':
      return undefined;
  }
}

const moneyRanges = {
  money: ['-922337203685477.5808', '922337203685477.5807'],
  smallmoney: ['-214748.3648', '214748.3647'],
} as const;

export const toMoney: Conversion = (value, type, { quiet }) => {
  const number =
    familyOf(value.type) === 'text'
      ? `tsql.text_to_money(${textOf(value)}, ${quote(typeName(value.type))}, ${quiet})`
      : plainNumber(value);
  if (number === undefined || familyOf(value.type) === 'moment') return undefined;
  const [low, high] = moneyRanges[type.name === 'smallmoney' ? 'smallmoney' : 'money'];
  const message = `Arithmetic overflow error converting ${runtimeName(value.type)} to data type ${type.name}.`;
  return `tsql.fit_number(round(${number}, 4), ${low}, ${high}, 8115, ${quote(message)}, ${quiet})`;
};

export const toFloat: Conversion = (value, type, context) => {
  const stored = storageType(type);
  if (familyOf(value.type) === 'float') return `${value.sql}::${stored}`;
  if (familyOf(value.type) === 'text') return `${textToFloat(value, context)}::${stored}`;
  const number = plainNumber(value);
  return number === undefined ? undefined : `${number}::${stored}`;
};

function textToFloat(value: Typed, { quiet }: ConversionContext): string {
  return `tsql.text_to_float(${textOf(value)}, ${quote(typeName(value.type))}, ${quiet})`;
}
