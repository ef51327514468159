import type { SqlType } from '../contract.ts';
import type { Typed } from './contract.ts';
import type { Shape } from './sql-types.ts';
import { decimalShape, isFixed, isText, isUnicode, outranks, varying } from './sql-types.ts';

/** The type of UNION, CASE, COALESCE, VALUES columns and both sides of a comparison; untyped NULLs do not count. */
export function unionType(values: readonly Pick<Typed, 'type' | 'untypedNull'>[]): SqlType {
  const [first, ...rest] = values.filter((value) => !value.untypedNull).map((value) => value.type);
  return rest.reduce(commonType, first ?? { name: 'int' });
}

/** The type by precedence, large enough for the values of both. */
export function commonType(one: SqlType, other: SqlType): SqlType {
  const [high, low] = outranks(other, one) ? [other, one] : [one, other];
  if (high.name === 'decimal') return commonDecimal(high, decimalShape(low) ?? high);
  if ('length' in high && 'length' in low && isText(high) === isText(low)) return commonLength(high, low);
  if ('scale' in high && 'scale' in low) return { name: high.name, scale: Math.max(high.scale, low.scale) };
  return high;
}

type Sized = Extract<SqlType, { length: number | 'max' }>;

function commonLength(high: Sized, low: Sized): SqlType {
  const isMax = high.length === 'max' || low.length === 'max';
  const length = isMax ? 'max' : Math.max(Number(high.length), Number(low.length));
  const unicode = isUnicode(high) || isUnicode(low);
  if (isFixed(high) && isFixed(low) && length !== 'max') {
    return { name: isText(high) ? (unicode ? 'nchar' : 'char') : 'binary', length };
  }
  return varying(high, unicode && length !== 'max' ? Math.min(length, 4000) : length);
}

function commonDecimal(one: Shape, other: Shape): SqlType {
  const scale = Math.max(one.scale, other.scale);
  const whole = Math.max(wholeDigits(one), wholeDigits(other));
  if (whole + scale <= 38) return { name: 'decimal', precision: whole + scale, scale };
  return { name: 'decimal', precision: 38, scale: Math.max(38 - whole, 0) };
}

export const wholeDigits = ({ precision, scale }: Shape): number => precision - scale;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** "Precision, scale, and length (Transact-SQL)": the decimal that an operator of two decimals gives. */
export function decimalResult(operator: ArithmeticOperator, left: Shape, right: Shape): Shape {
  const widest = Math.max(left.scale, right.scale);
  switch (operator) {
    case '+':
    case '-': {
      const whole = Math.max(wholeDigits(left), wholeDigits(right));
      const precision = whole + widest + 1;
      return precision <= 38
        ? { precision, scale: widest }
        : { precision: 38, scale: Math.min(widest, 38 - whole) };
    }
    case '*':
      return cappedProduct(left.precision + right.precision + 1, left.scale + right.scale);
    case '/': {
      const scale = Math.max(6, left.scale + right.precision + 1);
      return cappedProduct(wholeDigits(left) + right.scale + scale, scale);
    }
    case '%': {
      const whole = Math.min(wholeDigits(left), wholeDigits(right));
      return { precision: Math.min(whole + widest, 38), scale: widest };
    }
  }
}

/** More than 38 digits: the fraction gives way to the whole, but keeps six digits. */
function cappedProduct(precision: number, scale: number): Shape {
  if (precision <= 38) return { precision, scale };
  return { precision: 38, scale: Math.min(scale, Math.max(38 - (precision - scale), 6)) };
}
