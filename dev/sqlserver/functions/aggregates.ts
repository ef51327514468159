import type { SqlType } from '../contract.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { FunctionCall } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { columnType, isInteger, isNumeric, isText, typeName } from '../types/sql-types.ts';
import { fromText, quote, textOf } from '../types/typed-sql.ts';
import { longest } from './built-in-functions.ts';
import { invalidArgument } from './built-in.ts';
import { translateExpression } from './translate-expression.ts';
import { orderTexts, overText } from './window-functions.ts';

/** The value that an aggregate takes, and how a PostgreSQL aggregate is applied to it or to what is made of it. */
type Aggregate = (value: Typed, apply: (aggregate: string, sql?: string) => string) => Typed;

/** "Aggregate functions (Transact-SQL)" of one value. */
const aggregates: Readonly<Record<string, Aggregate>> = {
  COUNT: (_, apply) => result(apply('count'), { name: 'int' }),
  COUNT_BIG: (_, apply) => result(apply('count'), { name: 'bigint' }),
  MIN: (value, apply) => extreme('min', value, apply),
  MAX: (value, apply) => extreme('max', value, apply),
  SUM: (value, apply) => {
    const type = totalType('sum', value);
    return result(apply('sum', type.name === 'float' ? `${value.sql}::float8` : value.sql), type);
  },
  /** The average of integers is an integer, cut towards zero. */
  AVG: (value, apply) => {
    const type = totalType('avg', value);
    if (type.name === 'float') return result(apply('avg', `${value.sql}::float8`), type);
    const [sum, count] = [apply('sum', `${value.sql}::numeric`), `nullif(${apply('count')}, 0)`];
    if (isInteger(type)) return result(`div(${sum}, ${count})`, type);
    if (type.name !== 'decimal') return result(`tsql.divide(${sum}, ${count}, 4)`, type);
    const scale = Math.max(type.scale, 6);
    return result(`tsql.divide(${sum}, ${count}, ${scale})`, { ...type, scale });
  },
};

export function isAggregate(name: string): boolean {
  return name === 'STRING_AGG' || aggregates[name] !== undefined;
}

/** An aggregate, with OVER too. Errors: 102, 174, 8117, 10759. */
export function translateAggregate(call: FunctionCall, scope: Scope): Typed {
  const { name, over, star, line } = call;
  const inside = over ? scope.insideWindow(call) : scope.insideAggregate(call);
  const aggregate = aggregates[name];
  if (!aggregate) return joined(call, inside);
  if (over && call.distinct)
    throw new SqlFault(10759, 15, 'Use of DISTINCT is not allowed with the OVER clause.', line);
  if (call.withinGroup) throw notSupported(`WITHIN GROUP of ${name}`, line);
  if (star && !name.startsWith('COUNT')) throw new SqlFault(102, 15, "Incorrect syntax near '*'.", line);
  const [argument, ...more] = call.arguments;
  if (!star && (!argument || more.length > 0))
    throw new SqlFault(174, 15, `The ${name} function requires 1 argument(s).`, line);
  const all: Typed = { sql: '*', type: { name: 'int' }, nullable: false };
  const value = argument ? translateExpression(argument, inside) : all;
  if (value.untypedNull) throw invalidOperand('NULL', name);
  const suffix = over ? ` OVER (${overText(over, inside)})` : '';
  const distinct = call.distinct ? 'DISTINCT ' : '';
  return aggregate(value, (pg, sql = value.sql) => `${pg}(${distinct}${sql})${suffix}`);
}

function result(sql: string, type: SqlType): Typed {
  return { sql: `(${sql})::${columnType(type)}`, type, nullable: true };
}

function extreme(pg: 'min' | 'max', value: Typed, apply: (aggregate: string) => string): Typed {
  if (value.type.name === 'bit') throw invalidOperand('bit', pg);
  if (value.type.name === 'uniqueidentifier') throw notSupported(`${pg.toUpperCase()} of uniqueidentifier`);
  return { sql: `(${apply(pg)})`, type: value.type, nullable: true };
}

/** The type of a sum, which is wide enough for many values. */
function totalType(name: string, { type }: Typed): SqlType {
  if (!isNumeric(type) || type.name === 'bit') throw invalidOperand(typeName(type), name);
  if (type.name === 'decimal') return { ...type, precision: 38 };
  if (type.name === 'money' || type.name === 'smallmoney') return { name: 'money' };
  if (isInteger(type)) return { name: type.name === 'bigint' ? 'bigint' : 'int' };
  return { name: 'float' };
}

/** STRING_AGG: NULLs are left out; a result of more than 8,000 bytes is 9829 unless the argument is MAX. */
function joined(call: FunctionCall, scope: Scope): Typed {
  const [first, second, ...more] = call.arguments;
  if (!first || !second || more.length > 0)
    throw new SqlFault(174, 15, 'The string_agg function requires 2 argument(s).', call.line);
  if (call.over || call.distinct) throw notSupported('STRING_AGG with OVER or DISTINCT', call.line);
  const given = translateExpression(first, scope);
  const value = isText(given.type) ? given : convertTo(given, { name: 'nvarchar', length: 4000 }, 'implicit');
  const separator = translateExpression(second, scope);
  if (!isText(separator.type)) throw invalidArgument(separator, 2, 'string_agg');
  const order = call.withinGroup ? ` ORDER BY ${orderTexts(call.withinGroup, scope)}` : '';
  const sql = `string_agg(${textOf(value)}, ${textOf(separator)}${order})`;
  const type = longest(value);
  if (type.length === 'max') return fromText(sql, type, true);
  const message =
    'STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.';
  return fromText(`tsql.fit_text(${sql}, ${type.length}, 9829, ${quote(message)}, false)`, type, true);
}

function invalidOperand(type: string, name: string): SqlFault {
  const message = `Operand data type ${type} is invalid for ${name.toLowerCase()} operator.`;
  return new SqlFault(8117, 16, message);
}
