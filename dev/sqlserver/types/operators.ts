import type { SqlType } from '../contract.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { BinaryExpression } from '../parser/syntax.ts';
import type { Typed } from './contract.ts';
import { constantShape } from './convert-number.ts';
import { convertTo } from './convert.ts';
import type { ArithmeticOperator } from './result-types.ts';
import { commonType, decimalResult, noOperator, outranks } from './result-types.ts';
import { storageType } from './storage.ts';
import type { TextType } from './type-families.ts';
import { decimalShape, familyOf, isInteger, isNumeric, isText, isUnicode } from './type-families.ts';
import { typeName } from './type-names.ts';
import { fromText, nullOf, textOf } from './typed-sql.ts';

/** "Arithmetic operators", "String concatenation" and "Bitwise operators (Transact-SQL)". */
export function binaryOperation(operator: BinaryExpression['operator'], left: Typed, right: Typed): Typed {
  if (operator === '&' || operator === '|' || operator === '^') return bitwise(operator, left, right);
  if (left.untypedNull && right.untypedNull) return nullOf({ name: 'int' });
  if (left.untypedNull) return nullOf(resultOfNull(operator, right.type));
  if (right.untypedNull) return nullOf(resultOfNull(operator, left.type));
  if (operator === '+' && isText(left.type) && isText(right.type)) {
    return concatenation({ ...left, type: left.type }, { ...right, type: right.type });
  }
  const families = [familyOf(left.type), familyOf(right.type)];
  if (operator === '+' && families.every((family) => family === 'binary')) return joinedBytes(left, right);
  if (left.type.name === 'datetime' || right.type.name === 'datetime')
    return datetimeSum(operator, left, right);
  return arithmetic(operator, left, right);
}

function resultOfNull(operator: ArithmeticOperator, type: SqlType): SqlType {
  if (!isNumeric(type) && !(operator === '+' && isText(type)) && type.name !== 'datetime') {
    throw noOperator(operator, type, type);
  }
  return type;
}

/** Without MAX the result ends at 8,000 bytes. */
function concatenation(left: Typed & { type: TextType }, right: Typed & { type: TextType }): Typed {
  const unicode = isUnicode(left.type) || isUnicode(right.type);
  const most = unicode ? 4000 : 8000;
  const [one, other] = [left.type.length, right.type.length];
  const length = one === 'max' || other === 'max' ? 'max' : Math.min(one + other, most);
  const joined = `${textOf(left)} || ${textOf(right)}`;
  const cut =
    one !== 'max' && other !== 'max' && one + other > most ? `tsql.cut(${joined}, ${most})` : joined;
  const type: SqlType = { name: unicode ? 'nvarchar' : 'varchar', length };
  return fromText(cut, type, left.nullable || right.nullable);
}

function joinedBytes(left: Typed, right: Typed): Typed {
  const lengths = [left.type, right.type].map((type) => ('length' in type ? type.length : 8));
  const [one = 0, other = 0] = lengths;
  const length = one === 'max' || other === 'max' ? 'max' : Math.min(one + other, 8000);
  return {
    sql: `(${left.sql} || ${right.sql})`,
    type: { name: 'varbinary', length },
    nullable: left.nullable || right.nullable,
  };
}

/** A DATETIME and a number of days. */
function datetimeSum(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  if (operator !== '+' && operator !== '-') throw noOperator(operator, left.type, right.type);
  const days = left.type.name === 'datetime' ? right : left;
  if (!isInteger(days.type) || (operator === '-' && days === left)) {
    throw notSupported(`${typeName(left.type)} ${operator} ${typeName(right.type)}`);
  }
  const moment = days === left ? right : left;
  const type: SqlType = { name: 'datetime' };
  const moved = `(tsql.datetime_ticks(${moment.sql}), ${operator}${days.sql}, 864000000000)`;
  const checked = `tsql.within_calendar(tsql.add_ticks${moved}, 552877920000000000, 'datetime')`;
  return { sql: `tsql.ticks_datetime(${checked}, 'datetime', false)`, type, nullable: true };
}

function arithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  const type = arithmeticType(operator, left, right);
  if (type.name === 'decimal') return decimalArithmetic(operator, left, right);
  if (type.name === 'money' || type.name === 'smallmoney')
    return moneyArithmetic(operator, left, right, type);
  const [one, other] = [convertTo(left, type, 'implicit').sql, convertTo(right, type, 'implicit').sql];
  if (operator === '%' && (type.name === 'float' || type.name === 'real')) throw noOperator('%', type, type);
  const sql = `(${one} ${operator} ${other})`;
  if (type.name !== 'tinyint') return { sql, type, nullable: true };
  const message = "'Arithmetic overflow error converting expression to data type tinyint.'";
  return {
    sql: `(tsql.fit_number(${sql}::numeric, 0, 255, 8115, ${message}, false)::smallint)`,
    type,
    nullable: true,
  };
}

/** The type of higher precedence, which must be a number; text on the other side is read as one. */
function arithmeticType(operator: ArithmeticOperator, left: Typed, right: Typed): SqlType {
  const [high, low] = outranks(right.type, left.type) ? [right.type, left.type] : [left.type, right.type];
  const both = left.type.name === 'bit' && right.type.name === 'bit';
  if (both) {
    throw new SqlFault(
      402,
      16,
      `The data types bit and bit are incompatible in the ${nameOf(operator)} operator.`,
    );
  }
  if (isNumeric(high) && (isNumeric(low) || isText(low))) return high;
  const clash = !isText(high) && !isText(low) && (isNumeric(high) || isNumeric(low));
  if (!clash) throw noOperator(operator, left.type, right.type);
  throw new SqlFault(
    206,
    16,
    `Operand type clash: ${typeName(left.type)} is incompatible with ${typeName(right.type)}`,
    0,
    2,
  );
}

const nameOf = (operator: ArithmeticOperator): string =>
  ({ '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo' })[operator];

/** Text beside a decimal is read as that decimal's type. */
function decimalArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed): Typed {
  const one = isText(left.type) ? convertTo(left, right.type, 'implicit') : left;
  const other = isText(right.type) ? convertTo(right, left.type, 'implicit') : right;
  const shapes = [
    constantShape(one) ?? decimalShape(one.type),
    constantShape(other) ?? decimalShape(other.type),
  ];
  const [first, second] = shapes;
  if (!first || !second) throw noOperator(operator, left.type, right.type);
  const shape = decimalResult(operator, first, second);
  const type: SqlType = { name: 'decimal', ...shape };
  const [a, b] = [asNumeric(one, first), asNumeric(other, second)];
  return { sql: calculated(operator, a, b, shape), type, nullable: true };
}

function asNumeric(value: Typed, shape: { precision: number; scale: number }): string {
  return convertTo(value, { name: 'decimal', ...shape }, 'implicit').sql;
}

function calculated(
  operator: ArithmeticOperator,
  a: string,
  b: string,
  shape: { precision: number; scale: number },
): string {
  const exact = operator === '/' ? `tsql.divide(${a}, ${b}, ${shape.scale})` : `(${a} ${operator} ${b})`;
  if (shape.precision < 38) return exact;
  return `(round(${exact}, ${shape.scale})::numeric(38,${shape.scale}))`;
}

/** Products and quotients of money are exact for whole numbers only; the rest is left out rather than guessed. */
function moneyArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, type: SqlType): Typed {
  const money = [left, right].filter((value) => familyOf(value.type) === 'money').length;
  if ((operator === '*' && money > 1) || operator === '%') throw notSupported(`money ${operator} money`);
  const [one, other] = [plain(left, type), plain(right, type)];
  const exact = operator === '/' ? `tsql.divide(${one}, ${other}, 4)` : `(${one} ${operator} ${other})`;
  return {
    sql: convertTo(
      { sql: exact, type: { name: 'decimal', precision: 38, scale: 4 }, nullable: true },
      type,
      'implicit',
    ).sql,
    type,
    nullable: true,
  };
}

function plain(value: Typed, type: SqlType): string {
  return isInteger(value.type) ? `(${value.sql}::numeric)` : convertTo(value, type, 'implicit').sql;
}

const bitOperators = { '&': '&', '|': '|', '^': '#' } as const;

function bitwise(operator: '&' | '|' | '^', left: Typed, right: Typed): Typed {
  if (left.untypedNull || right.untypedNull) return nullOf((left.untypedNull ? right : left).type);
  const type = commonType(left.type, right.type);
  const whole = (value: Typed): boolean => isInteger(value.type) || value.type.name === 'bit';
  if (!whole(left) || !whole(right)) {
    const [one, other] = [typeName(left.type), typeName(right.type)];
    throw new SqlFault(
      402,
      16,
      `The data types ${one} and ${other} are incompatible in the '${operator}' operator.`,
    );
  }
  const wide = type.name === 'bit' ? 'int' : storageType(type);
  const operand = (value: Typed): string =>
    type.name === 'bit' ? `${value.sql}::int` : convertTo(value, type, 'implicit').sql;
  const sql = `(${operand(left)} ${bitOperators[operator]} ${operand(right)})`;
  const nullable = left.nullable || right.nullable;
  return { sql: type.name === 'bit' ? `(${sql} <> 0)` : `(${sql}::${wide})`, type, nullable };
}

export function unaryOperation(operator: '-' | '+' | '~', operand: Typed): Typed {
  if (operator === '+' || operand.untypedNull) return operand;
  const { type, nullable } = operand;
  if (operator === '~') {
    if (type.name === 'bit') return { sql: `(NOT ${operand.sql})`, type, nullable };
    if (!isInteger(type)) throw invalidOperand(type, "'~'");
    return {
      sql: type.name === 'tinyint' ? `(255 - ${operand.sql})::smallint` : `(~${operand.sql})`,
      type,
      nullable,
    };
  }
  if (!isNumeric(type) || type.name === 'bit') throw invalidOperand(type, 'minus');
  if (type.name === 'tinyint') throw notSupported('minus before a tinyint');
  const negated = operand.constant === undefined ? {} : { constant: `-${operand.constant}` };
  return { sql: `(- ${operand.sql})`, type, nullable, ...negated };
}

function invalidOperand(type: SqlType, name: string): SqlFault {
  return new SqlFault(8117, 16, `Operand data type ${typeName(type)} is invalid for ${name} operator.`);
}
