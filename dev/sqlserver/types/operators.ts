import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { SqlFault } from '../parser/sql-fault.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ComparisonOperator } from '../parser/syntax.ts';
import type { Typed } from './contract.ts';
import { oldMoment, ticksTo1900 } from './convert-moment.ts';
import { plainNumber, shapeOf, withinRange } from './convert-number.ts';
import { convertTo } from './convert.ts';
import type { ArithmeticOperator } from './result-types.ts';
import { commonType, decimalResult } from './result-types.ts';
import { familyOf, isInteger, isNumeric, isText, isUnicode, outranks, typeName } from './sql-types.ts';
import { nullOf, textOf, typed } from './typed-sql.ts';

const operatorNames = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo' } as const;

/** "Arithmetic operators" and "String concatenation (Transact-SQL)". */
export function binaryOperation(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  if (left.untypedNull && right.untypedNull) return nullOf(left.type);
  if (left.untypedNull || right.untypedNull) {
    return nullOf(typeBesideNull(operator, (left.untypedNull ? right : left).type));
  }
  const family = familyOf(left.type);
  const isString = family === 'text' || family === 'binary';
  if (operator === '+' && isString && family === familyOf(right.type)) return joined(left, right);
  const type = arithmeticType(operator, left.type, right.type);
  if (type.name === 'decimal') return decimalArithmetic(operator, left, right, type);
  return typed(arithmetic(operator, left, right, type), type, true);
}

function typeBesideNull(operator: ArithmeticOperator, type: SqlType): SqlType {
  const isKnown = isNumeric(type) || (operator === '+' && isText(type)) || familyOf(type) === 'datetime';
  if (!isKnown) throw noOperator(operator, type, type);
  return type;
}

/** Without MAX the result ends at 8,000 bytes. */
function joined(left: Typed, right: Typed): Typed {
  const [one = 0, other = 0] = [left, right].map(({ type }) => ('length' in type ? type.length : 8));
  const unicode = isUnicode(left.type) || isUnicode(right.type);
  const most = unicode ? 4000 : 8000;
  const length = one === 'max' || other === 'max' ? 'max' : one + other;
  const nullable = left.nullable || right.nullable;
  const kept = length === 'max' ? length : Math.min(length, most);
  if (!isText(left.type)) {
    return typed(`${left.sql} || ${right.sql}`, { name: 'varbinary', length: kept }, nullable);
  }
  const sql = `${textOf(left)} || ${textOf(right)}`;
  const type: SqlType = { name: unicode ? 'nvarchar' : 'varchar', length: kept };
  return typed(kept === length ? sql : `tsql.cut(${sql}, ${most})`, type, nullable);
}

/** The type of higher precedence, which must be a number, or DATETIME for sums; text on the other side is read as that. */
function arithmeticType(operator: ArithmeticOperator, left: SqlType, right: SqlType): SqlType {
  const [high, low] = outranks(right, left) ? [right, left] : [left, right];
  const [family, other] = [familyOf(high), familyOf(low)];
  const isNumber = isNumeric(high) && family !== 'bit' && !(operator === '%' && family === 'float');
  const isMoved = family === 'datetime' && (operator === '+' || operator === '-');
  const isOperand = isNumeric(low) || other === 'text' || other === 'datetime';
  if (isOperand && (isNumber || isMoved)) return high;
  throw noOperator(operator, left, right);
}

/** Two numbers of one type. To a DATETIME the time of another since 1900 is added: a number says it in days. */
function arithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, type: SqlType): string {
  const family = familyOf(type);
  if (family === 'money') return moneyArithmetic(operator, left, right, type);
  const [one, other] = [convertTo(left, type, 'implicit').sql, convertTo(right, type, 'implicit').sql];
  const fault = [8115, 'expression', type.name] as const;
  if (family === 'datetime')
    return oldMoment(`(${one} ${operator} (${other} - ${ticksTo1900}))`, type, fault);
  const sql = `${one} ${operator} ${other}`;
  return type.name === 'tinyint' ? `${withinRange(`(${sql})`, type, fault)}::smallint` : sql;
}

function decimalArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, type: SqlType): Typed {
  const values = [left, right].map((value) =>
    isText(value.type) ? convertTo(value, type, 'implicit') : value,
  );
  const [one, other] = values.map((value) => shapeOf(value));
  const [a = '', b = ''] = values.map((value) => plainNumber(value));
  if (!one || !other) throw noOperator(operator, left.type, right.type);
  const shape = decimalResult(operator, one, other);
  const exact = operator === '/' ? `tsql.divide(${a}, ${b}, ${shape.scale})` : `${a} ${operator} ${b}`;
  const { precision, scale } = shape;
  const sql = precision < 38 ? exact : `round(${exact}, ${scale})::numeric(38,${scale})`;
  return typed(sql, { name: 'decimal', precision, scale }, true);
}

/** Products and quotients of money are exact for whole numbers only; the rest is left out rather than guessed. */
function moneyArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, type: SqlType): string {
  const isMoney = [left, right].every((value) => familyOf(value.type) === 'money');
  if ((operator === '*' && isMoney) || operator === '%') throw notSupported(`money ${operator} money`);
  const [a, b] = [left, right].map((value) =>
    isInteger(value.type) ? plainNumber(value) : convertTo(value, type, 'implicit').sql,
  );
  const exact = operator === '/' ? `tsql.divide(${a}, ${b}, 4)` : `${a} ${operator} ${b}`;
  return withinRange(exact, type, [8115, 'expression', type.name]);
}

/** Error 206 for a number and what is none, 8117 for one type that has no such operator, 402 for two. */
function noOperator(operator: ArithmeticOperator, left: SqlType, right: SqlType): SqlFault {
  const [one, other, name] = [typeName(left), typeName(right), operatorNames[operator]];
  const isClash = !isText(left) && !isText(right) && isNumeric(left) !== isNumeric(right);
  if (isClash) return sqlError(206, [one, other]);
  return one === other && one !== 'bit' ? sqlError(8117, [one, name]) : sqlError(402, [one, other, name]);
}

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
  if (value.type.name === type.name) return value;
  const isExact = isInteger(value.type) || familyOf(value.type) === 'money';
  if (type.name === 'decimal' && isExact) return { ...value, sql: `${value.sql}::numeric` };
  return convertTo(value, type, 'implicit');
}
