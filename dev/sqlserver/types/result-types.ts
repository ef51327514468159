import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Typed } from './contract.ts';
import type { TextType } from './type-families.ts';
import { decimalShape, isText, isUnicode } from './type-families.ts';
import { typeName } from './type-names.ts';

/** "Data type precedence (Transact-SQL)", the highest first. */
const precedence: readonly SqlType['name'][] = [
  'datetimeoffset',
  'datetime2',
  'datetime',
  'smalldatetime',
  'date',
  'time',
  'float',
  'real',
  'decimal',
  'money',
  'smallmoney',
  'bigint',
  'int',
  'smallint',
  'tinyint',
  'bit',
  'rowversion',
  'uniqueidentifier',
  'nvarchar',
  'nchar',
  'varchar',
  'char',
  'varbinary',
  'binary',
];

export function outranks(one: SqlType, other: SqlType): boolean {
  return precedence.indexOf(one.name) < precedence.indexOf(other.name);
}

/** The type of UNION, CASE, COALESCE, VALUES columns and both sides of a comparison; untyped NULLs do not count. */
export function unionType(values: readonly Pick<Typed, 'type' | 'untypedNull'>[]): SqlType {
  const [first, ...rest] = values.filter((value) => !value.untypedNull).map((value) => value.type);
  return rest.reduce(commonType, first ?? { name: 'int' });
}

/** The type by precedence, large enough for the values of both. */
export function commonType(one: SqlType, other: SqlType): SqlType {
  const [high, low] = outranks(other, one) ? [other, one] : [one, other];
  if (isText(high) && isText(low)) return commonText(high, low);
  if (high.name === 'decimal') return commonDecimal(high, low);
  if (high.name === 'varbinary' || high.name === 'binary') return commonBinary(high, low);
  if ('scale' in high && 'scale' in low) return { name: high.name, scale: Math.max(high.scale, low.scale) };
  return high;
}

function commonText(one: TextType, other: TextType): SqlType {
  const unicode = isUnicode(one) || isUnicode(other);
  const fixed = one.name === 'nchar' || one.name === 'char';
  const otherFixed = other.name === 'nchar' || other.name === 'char';
  const length = one.length === 'max' || other.length === 'max' ? 'max' : Math.max(one.length, other.length);
  if (fixed && otherFixed && length !== 'max') return { name: unicode ? 'nchar' : 'char', length };
  return {
    name: unicode ? 'nvarchar' : 'varchar',
    length: unicode && length !== 'max' ? Math.min(length, 4000) : length,
  };
}

function commonDecimal(one: Extract<SqlType, { name: 'decimal' }>, other: SqlType): SqlType {
  const shape = decimalShape(other);
  if (!shape) return one;
  const scale = Math.max(one.scale, shape.scale);
  const whole = Math.max(one.precision - one.scale, shape.precision - shape.scale);
  if (whole + scale <= 38) return { name: 'decimal', precision: whole + scale, scale };
  return { name: 'decimal', precision: 38, scale: Math.max(38 - whole, 0) };
}

function commonBinary(one: Extract<SqlType, { name: 'binary' | 'varbinary' }>, other: SqlType): SqlType {
  if (other.name !== 'binary' && other.name !== 'varbinary') return one;
  const length = one.length === 'max' || other.length === 'max' ? 'max' : Math.max(one.length, other.length);
  if (one.name === 'binary' && other.name === 'binary' && length !== 'max') return { name: 'binary', length };
  return { name: 'varbinary', length };
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const operatorNames: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};

/** Error 8117 for one type that has no such operator, 402 for two that have none together. */
export function noOperator(operator: ArithmeticOperator, left: SqlType, right: SqlType): SqlFault {
  const name = operatorNames[operator];
  if (left.name === right.name) {
    return new SqlFault(8117, 16, `Operand data type ${typeName(left)} is invalid for ${name} operator.`);
  }
  const message = `The data types ${typeName(left)} and ${typeName(right)} are incompatible in the ${name} operator.`;
  return new SqlFault(402, 16, message);
}

interface Shape {
  precision: number;
  scale: number;
}

/** "Precision, scale, and length (Transact-SQL)": the decimal that an operator of two decimals gives. */
export function decimalResult(operator: ArithmeticOperator, left: Shape, right: Shape): Shape {
  const wholes = [left.precision - left.scale, right.precision - right.scale] as const;
  const widest = Math.max(left.scale, right.scale);
  switch (operator) {
    case '+':
    case '-':
      return cappedSum(Math.max(...wholes), Math.max(...wholes) + widest + 1, widest);
    case '*':
      return cappedProduct(left.precision + right.precision + 1, left.scale + right.scale);
    case '/': {
      const scale = Math.max(6, left.scale + right.precision + 1);
      return cappedProduct(wholes[0] + right.scale + scale, scale);
    }
    case '%':
      return { precision: Math.min(Math.min(...wholes) + widest, 38), scale: widest };
  }
}

function cappedSum(whole: number, precision: number, scale: number): Shape {
  if (precision <= 38) return { precision, scale };
  return { precision: 38, scale: whole < 38 - scale ? scale : Math.max(38 - whole, 0) };
}

function cappedProduct(precision: number, scale: number): Shape {
  if (precision <= 38) return { precision, scale };
  const whole = precision - scale;
  if (whole < 32) return { precision: 38, scale: Math.min(scale, 38 - whole) };
  return { precision: 38, scale: Math.min(scale, 6) };
}
