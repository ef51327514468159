import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ComparisonOperator } from '../parser/syntax.ts';
import type { Typed } from './contract.ts';
import { oldMoment, ticksTo1900 } from './convert-moment.ts';
import type { Overflow } from './convert-number.ts';
import { plainNumber, shapeOf, withinRange } from './convert-number.ts';
import { convertTo } from './convert.ts';
import type { ArithmeticOperator } from './result-types.ts';
import { commonType, decimalResult } from './result-types.ts';
import {
  familyOf,
  isInteger,
  isNumeric,
  isText,
  isUnicode,
  lengthOf,
  outranks,
  storageType,
  typeName,
  varying,
} from './sql-types.ts';
import { nullOf, textOf, typed } from './typed-sql.ts';

const operatorNames = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo' } as const;

/** "Arithmetic operators" and "String concatenation (Transact-SQL)". */
export function binaryOperation(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  if (left.untypedNull && right.untypedNull) return nullOf(left.type);
  const [one, other] = [
    left.untypedNull ? right.type : left.type,
    right.untypedNull ? left.type : right.type,
  ];
  const isString = ['text', 'binary'].includes(familyOf(one)) && familyOf(one) === familyOf(other);
  const type = operator === '+' && isString ? one : arithmeticType(operator, one, other);
  if (left.untypedNull || right.untypedNull) return nullOf(type);
  return isString ? joined(left, right) : arithmetic(operator, left, right, type);
}

/** Without MAX the result ends at 8,000 bytes. */
function joined(left: Typed, right: Typed): Typed {
  const [one, other] = [lengthOf(left.type), lengthOf(right.type)];
  const most = isUnicode(left.type) || isUnicode(right.type) ? 4000 : 8000;
  const whole = one === 'max' || other === 'max' ? 'max' : one + other;
  const type = varying(
    isUnicode(left.type) ? left.type : right.type,
    whole === 'max' ? whole : Math.min(whole, most),
  );
  const sql = [left, right].map((value) => (isText(type) ? textOf(value) : value.sql)).join(' || ');
  const cut = lengthOf(type) === whole || !isText(type) ? sql : `tsql.cut(${sql}, ${most})`;
  return typed(cut, type, left.nullable || right.nullable);
}

/**
 * The type of higher precedence, which must be a number, or DATETIME for sums; text on the other side is read as that.
 * Error 206 for a number and what is none, 8117 for one type that has no such operator, 402 for two.
 */
function arithmeticType(operator: ArithmeticOperator, left: SqlType, right: SqlType): SqlType {
  const [high, low] = outranks(right, left) ? [right, left] : [left, right];
  const [family, lower] = [familyOf(high), familyOf(low)];
  const isRead = isNumeric(low) || lower === 'text' || lower === 'datetime';
  const isMoved = family === 'datetime' && (operator === '+' || operator === '-');
  const isNumber = isNumeric(high) && family !== 'bit' && (family !== 'float' || operator !== '%');
  if (isRead && (isNumber || isMoved)) return high;
  const [one, other, name] = [typeName(left), typeName(right), operatorNames[operator]];
  const isOne = one === other ? one !== 'bit' : isRead && (family === 'datetime' || family === 'float');
  if (isOne) throw sqlError(8117, [typeName(high), name]);
  const isClash = !isText(left) && !isText(right) && isNumeric(left) !== isNumeric(right);
  throw isClash ? sqlError(206, [one, other]) : sqlError(402, [one, other, name]);
}

/** Numbers of one type; decimals keep their digits, and money's whole factors. A DATETIME is moved by a time since 1900. */
function arithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, type: SqlType): Typed {
  const family = familyOf(type);
  const isKept = family === 'decimal' ? isNumeric : family === 'money' ? isInteger : () => false;
  const values = [left, right].map((each) => (isKept(each.type) ? each : convertTo(each, type, 'implicit')));
  const isExact = family === 'decimal' || family === 'money';
  const [one = '', other = ''] = values.map((value) => (isExact ? plainNumber(value) : value.sql));
  const [a = noDigits, b = noDigits] = values.map((value) => shapeOf(value));
  const { precision, scale } =
    family === 'money' ? { precision: 19, scale: 4 } : decimalResult(operator, a, b);
  const isQuotient = isExact && operator === '/';
  const sql = isQuotient ? `tsql.divide(${one}, ${other}, ${scale})` : `${one} ${operator} ${other}`;
  if (family === 'decimal') {
    const capped = precision < 38 ? sql : `round(${sql}, ${scale})::numeric(38,${scale})`;
    return typed(capped, { name: 'decimal', precision, scale }, true);
  }
  // Products and quotients of money are exact for whole numbers only; the rest is left out rather than guessed.
  const isGuess = operator === '%' || (operator === '*' && !values.some((value) => isInteger(value.type)));
  if (family === 'money' && isGuess) throw notSupported(`money ${operator} money`);
  const fault: Overflow = [8115, 'expression', type.name];
  if (family === 'datetime') {
    return typed(oldMoment(`(${one} ${operator} (${other} - ${ticksTo1900}))`, type, fault), type, true);
  }
  const isWatched = family === 'money' || type.name === 'tinyint';
  return typed(isWatched ? `${withinRange(sql, type, fault)}::${storageType(type)}` : sql, type, true);
}

const noDigits = { precision: 0, scale: 0 };

export function unaryOperation(operator: '-' | '+', operand: Typed): Typed {
  if (operator === '+' || operand.untypedNull) return operand;
  const { type, nullable, constant } = operand;
  if (!isNumeric(type) || type.name === 'bit') throw sqlError(8117, [typeName(type), 'minus']);
  if (type.name === 'tinyint') throw notSupported('minus before a tinyint');
  const negated = typed(`- ${operand.sql}`, type, nullable);
  return constant === undefined ? negated : { ...negated, constant: `-${constant}` };
}

/** A comparison of two values as a PostgreSQL condition. */
export function compared(operator: ComparisonOperator, left: Typed, right: Typed): string {
  const [one, other] = comparable(left, right);
  return `(${one.sql} ${operator} ${other.sql})`;
}

/** Both values with one type by precedence, ready for PostgreSQL's operators. */
export function comparable(left: Typed, right: Typed): [Typed, Typed] {
  if (left.untypedNull || right.untypedNull) {
    const { type } = left.untypedNull ? right : left;
    return [convertTo(left, type, 'implicit'), convertTo(right, type, 'implicit')];
  }
  if (isText(left.type) && isText(right.type)) {
    return [left, { ...right, sql: `(${right.sql} COLLATE tsql.ci_as)` }];
  }
  const type = commonType(left.type, right.type);
  return [comparedAs(left, right, type), comparedAs(right, left, type)];
}

/** A bit beside the number 0 or 1 stays a bit, so that its index is used. */
function comparedAs(value: Typed, other: Typed, type: SqlType): Typed {
  const hasBit = value.type.name === 'bit' || other.type.name === 'bit';
  const isFlag = hasBit && type.name === 'int' && /^[01]$/.test(value.constant ?? other.constant ?? '');
  if (isFlag) return convertTo(value, { name: 'bit' }, 'explicit');
  return value.type.name === type.name ? value : convertTo(value, type, 'implicit');
}
