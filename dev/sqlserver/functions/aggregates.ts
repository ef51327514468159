import type { SqlType } from '../contract.ts';
import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { FunctionCall } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { familyOf, isInteger, isNumeric, isText, isUnicode } from '../types/type-families.ts';
import { translateExpression } from './translate-expression.ts';
import { typeName } from '../types/type-names.ts';
import { fromText, quote, textOf } from '../types/typed-sql.ts';
import { orderTexts, overText } from './window-functions.ts';

const names: ReadonlySet<string> = new Set([
  'AVG',
  'COUNT',
  'COUNT_BIG',
  'MAX',
  'MIN',
  'STDEV',
  'STDEVP',
  'STRING_AGG',
  'SUM',
  'VAR',
  'VARP',
]);

export function isAggregate(name: string): boolean {
  return names.has(name);
}

/** "Aggregate functions (Transact-SQL)", with OVER too. */
export function translateAggregate(call: FunctionCall, scope: Scope): Typed {
  const { name, line } = call;
  const inside = call.over ? scope.insideWindow(call) : scope.insideAggregate(call);
  if (call.over && call.distinct)
    throw new SqlFault(10759, 15, 'Use of DISTINCT is not allowed with the OVER clause.', line);
  const over = call.over ? ` OVER (${overText(call.over, inside)})` : '';
  if (name === 'STRING_AGG') return joined(call, inside);
  if (call.withinGroup) throw notSupported(`WITHIN GROUP of ${name}`, line);
  if (call.star) {
    if (name !== 'COUNT' && name !== 'COUNT_BIG')
      throw new SqlFault(102, 15, "Incorrect syntax near '*'.", line);
    return counted(name, `count(*)${over}`);
  }
  const [argument, ...more] = call.arguments;
  if (!argument || more.length > 0) {
    throw new SqlFault(174, 15, `The ${name} function requires 1 argument(s).`, line);
  }
  const value = translateExpression(argument, inside);
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const aggregate = (pg: string, sql = value.sql): string => `${pg}(${distinct}${sql})${over}`;
  switch (name) {
    case 'COUNT':
    case 'COUNT_BIG':
      if (value.untypedNull) throw invalidOperand({ name: 'int' }, 'count');
      return counted(name, aggregate('count'));
    case 'MIN':
    case 'MAX':
      return extreme(name, value, aggregate);
    case 'SUM':
      return summed(numeric(value, 'sum'), aggregate);
    case 'AVG':
      return averaged(numeric(value, 'avg'), aggregate);
    default:
      return deviation(name, numeric(value, name.toLowerCase()), aggregate);
  }
}

function counted(name: string, sql: string): Typed {
  return name === 'COUNT'
    ? { sql: `(${sql})::integer`, type: { name: 'int' }, nullable: true }
    : { sql: `(${sql})`, type: { name: 'bigint' }, nullable: true };
}

function extreme(name: 'MIN' | 'MAX', value: Typed, aggregate: (pg: string) => string): Typed {
  if (value.type.name === 'bit') throw invalidOperand(value.type, name.toLowerCase());
  if (value.type.name === 'uniqueidentifier') throw notSupported(`${name} of uniqueidentifier`);
  const { text: _, constant: __, untypedNull: ___, ...rest } = value;
  return { ...rest, sql: `(${aggregate(name.toLowerCase())})`, nullable: true };
}

function numeric(value: Typed, name: string): Typed {
  if (!isNumeric(value.type) || value.type.name === 'bit') throw invalidOperand(value.type, name);
  return value.untypedNull ? { ...value, sql: 'NULL::integer' } : value;
}

function summed({ type, sql }: Typed, aggregate: (pg: string, sql?: string) => string): Typed {
  const { name } = type;
  if (name === 'bigint') return { sql: `(${aggregate('sum')})::bigint`, type, nullable: true };
  if (name === 'decimal') {
    const result: SqlType = { name, precision: 38, scale: type.scale };
    return { sql: `(${aggregate('sum')})::numeric(38,${type.scale})`, type: result, nullable: true };
  }
  const family = familyOf(type);
  if (family === 'money') return { sql: `(${aggregate('sum')})`, type: { name: 'money' }, nullable: true };
  if (family !== 'float')
    return { sql: `(${aggregate('sum')})::integer`, type: { name: 'int' }, nullable: true };
  return { sql: `(${aggregate('sum', `${sql}::float8`)})`, type: { name: 'float' }, nullable: true };
}

/** The average of integers is an integer, cut towards zero. */
function averaged({ type, sql }: Typed, aggregate: (pg: string, sql?: string) => string): Typed {
  if (type.name === 'real' || type.name === 'float') {
    return { sql: `(${aggregate('avg', `${sql}::float8`)})`, type: { name: 'float' }, nullable: true };
  }
  const sum = aggregate('sum', `${sql}::numeric`);
  const count = `nullif(${aggregate('count')}, 0)`;
  if (isInteger(type)) {
    const wide = type.name === 'bigint';
    const average = `div(${sum}, ${count})`;
    return {
      sql: `(${average}::${wide ? 'bigint' : 'integer'})`,
      type: { name: wide ? 'bigint' : 'int' },
      nullable: true,
    };
  }
  const scale = type.name === 'decimal' ? Math.max(type.scale, 6) : 4;
  const result: SqlType =
    type.name === 'decimal' ? { name: 'decimal', precision: 38, scale } : { name: 'money' };
  return { sql: `tsql.divide(${sum}, ${count}, ${scale})`, type: result, nullable: true };
}

const deviations: Readonly<Record<string, string>> = {
  STDEV: 'stddev_samp',
  STDEVP: 'stddev_pop',
  VAR: 'var_samp',
  VARP: 'var_pop',
};

function deviation(name: string, { sql }: Typed, aggregate: (pg: string, sql?: string) => string): Typed {
  const pg = deviations[name] ?? '';
  return { sql: `(${aggregate(pg, `${sql}::float8`)})`, type: { name: 'float' }, nullable: true };
}

/** STRING_AGG: NULLs are left out; a result of more than 8,000 bytes is 9829 unless the argument is MAX. */
function joined(call: FunctionCall, scope: Scope): Typed {
  const [first, second, ...more] = call.arguments;
  if (!first || !second || more.length > 0) {
    throw new SqlFault(174, 15, 'The string_agg function requires 2 argument(s).', call.line);
  }
  if (call.over || call.distinct) throw notSupported('STRING_AGG with OVER or DISTINCT', call.line);
  const given = translateExpression(first, scope);
  const value = isText(given.type) ? given : convertTo(given, { name: 'nvarchar', length: 4000 }, 'implicit');
  const separator = translateExpression(second, scope);
  if (!isText(separator.type))
    throw new SqlFault(
      8116,
      16,
      `Argument data type ${typeName(separator.type)} is invalid for argument 2 of string_agg function.`,
    );
  const order = call.withinGroup ? ` ORDER BY ${orderTexts(call.withinGroup, scope)}` : '';
  const sql = `string_agg(${textOf(value)}, ${textOf(separator)}${order})`;
  const unicode = isUnicode(value.type);
  const isMax = 'length' in value.type && value.type.length === 'max';
  const most = unicode ? 4000 : 8000;
  const message =
    'STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.';
  const checked = isMax ? sql : `tsql.fit_text(${sql}, ${most}, 9829, ${quote(message)}, false)`;
  return fromText(checked, { name: unicode ? 'nvarchar' : 'varchar', length: isMax ? 'max' : most }, true);
}

function invalidOperand(type: SqlType, name: string): SqlFault {
  return new SqlFault(8117, 16, `Operand data type ${typeName(type)} is invalid for ${name} operator.`);
}
