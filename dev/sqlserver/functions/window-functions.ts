import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { FrameBound, FunctionCall, OrderItem, Window } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { typed } from '../types/typed-sql.ts';
import { checkCount } from './built-in.ts';
import { translateExpression } from './translate-expression.ts';

/** "Ranking functions" and "Analytic functions (Transact-SQL)": how many arguments they take. */
const windowFunctions: Readonly<Record<string, readonly [least: number, most: number]>> = {
  ROW_NUMBER: [0, 0],
  RANK: [0, 0],
  DENSE_RANK: [0, 0],
  PERCENT_RANK: [0, 0],
  CUME_DIST: [0, 0],
  NTILE: [1, 1],
  LAG: [1, 3],
  LEAD: [1, 3],
  FIRST_VALUE: [1, 1],
  LAST_VALUE: [1, 1],
};

export function isWindowFunction(name: string): boolean {
  return windowFunctions[name] !== undefined;
}

/** Errors: 174, 189, 4112, 10752, 10753. */
export function translateWindowFunction(call: FunctionCall, scope: Scope): Typed {
  const { name, over, line } = call;
  const [least, most] = windowFunctions[name] ?? [0, 0];
  if (!over) throw new SqlFault(10753, 15, `The function '${name}' must have an OVER clause.`, line);
  if (over.orderBy.length === 0)
    throw new SqlFault(4112, 15, `The function '${name}' must have an OVER clause with ORDER BY.`, line);
  if (over.frame && !name.endsWith('_VALUE'))
    throw new SqlFault(10752, 15, `The function '${name}' may not have a window frame.`, line);
  if (call.distinct) throw notSupported(`${name} with DISTINCT`, line);
  checkCount(call, least, most);
  const inside = scope.insideWindow(call);
  const values = call.arguments.map((argument) => translateExpression(argument, inside));
  const number = (value: Typed): string => convertTo(value, { name: 'int' }, 'implicit').sql;
  const [first, second, third] = values;
  const applied = (sqls: readonly string[]): string =>
    `(${name.toLowerCase()}(${sqls.join(', ')}) OVER (${overText(over, inside)}))`;
  if (/^(PERCENT|CUME)/.test(name)) return typed(applied([]), { name: 'float' }, true);
  if (!first || name === 'NTILE')
    return typed(`${applied(values.map(number))}::bigint`, { name: 'bigint' }, true);
  const options = [second && number(second), third && convertTo(third, first.type, 'implicit').sql];
  const sql = applied([first.sql, ...options.filter((option) => option !== undefined)]);
  return { sql, type: first.type, nullable: true };
}

/** What stands between the brackets of OVER. */
export function overText({ partitionBy, orderBy, frame }: Window, scope: Scope): string {
  const groups = partitionBy.map((value) => translateExpression(value, scope).sql).join(', ');
  return [
    partitionBy.length > 0 ? `PARTITION BY ${groups}` : '',
    orderBy.length > 0 ? `ORDER BY ${orderTexts(orderBy, scope)}` : '',
    frame ? frameText(frame) : '',
  ].join(' ');
}

/** NULLs are the lowest values, as SQL Server sorts them. */
export function orderTexts(items: readonly OrderItem[], scope: Scope): string {
  const keys = items.map(({ expression, descending }) => {
    const { sql, constant, type } = translateExpression(expression, scope);
    if (constant === undefined) return `${sql} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`;
    const [number, what] =
      type.name === 'int' ? ([5308, 'integer indices'] as const) : ([5309, 'constants'] as const);
    const message = `Windowed functions, aggregates and NEXT VALUE FOR functions do not support ${what} as ORDER BY clause expressions.`;
    throw new SqlFault(number, 16, message);
  });
  return keys.join(', ');
}

/** "SELECT - OVER Clause (Transact-SQL)": RANGE counts no rows. */
function frameText({ unit, start, end = { kind: 'currentRow' } }: NonNullable<Window['frame']>): string {
  if (unit === 'range' && ('rows' in start || 'rows' in end)) {
    const message = 'RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters.';
    throw new SqlFault(4194, 16, message);
  }
  return `${unit} BETWEEN ${boundText(start)} AND ${boundText(end)}`;
}

/** `unboundedPreceding` is UNBOUNDED PRECEDING. */
function boundText(bound: FrameBound): string {
  const words = bound.kind.replace(/[A-Z]/g, ' $&').toUpperCase();
  return 'rows' in bound ? `${bound.rows} ${words}` : words;
}
