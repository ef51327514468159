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
export function commonType(first: SqlType, second: SqlType): SqlType {
  const [high, low] = outranks(second, first) ? [second, first] : [first, second];
  if (high.name === 'decimal') {
    const other = decimalShape(low) ?? high;
    const whole = Math.max(wholeDigits(high), wholeDigits(other));
    return { name: 'decimal', ...capped(whole, Math.max(high.scale, other.scale)) };
  }
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

export const wholeDigits = ({ precision, scale }: Shape): number => precision - scale;

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** "Precision, scale, and length (Transact-SQL)": the decimal that an operator of two decimals gives. */
export function decimalResult(operator: ArithmeticOperator, left: Shape, right: Shape): Shape {
  const [one, other] = [wholeDigits(left), wholeDigits(right)];
  const widest = Math.max(left.scale, right.scale);
  switch (operator) {
    case '+':
    case '-':
      return capped(Math.max(one, other), widest, { carry: 1 });
    case '*':
      return capped(one + other + 1, left.scale + right.scale, { least: 6 });
    case '/':
      return capped(one + right.scale, Math.max(6, left.scale + right.precision + 1), { least: 6 });
    case '%':
      return capped(Math.min(one, other), widest);
  }
}

/** Of more than 38 digits the fraction gives way to the whole, down to a least scale. */
function capped(whole: number, scale: number, { carry = 0, least = 0 } = {}): Shape {
  const precision = whole + carry + scale;
  return precision <= 38
    ? { precision, scale }
    : { precision: 38, scale: Math.min(scale, Math.max(38 - whole, least)) };
}
