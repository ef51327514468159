import { SqlFault, notSupported } from '../parser/sql-fault.ts';
import type { FrameBound, FunctionCall, OrderItem, Window } from '../parser/syntax.ts';
import { asBigInt } from './arguments.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { translateExpression } from './translate-expression.ts';

const ranking: ReadonlySet<string> = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE']);
const analytic: ReadonlySet<string> = new Set([
  'LAG',
  'LEAD',
  'FIRST_VALUE',
  'LAST_VALUE',
  'PERCENT_RANK',
  'CUME_DIST',
]);

export function isWindowFunction(name: string): boolean {
  return ranking.has(name) || analytic.has(name);
}

/** "Ranking functions" and "Analytic functions (Transact-SQL)". */
export function translateWindowFunction(call: FunctionCall, scope: Scope): Typed {
  const { name, over, line } = call;
  if (!over) throw new SqlFault(10753, 15, `The function '${name}' must have an OVER clause.`, line);
  if (over.orderBy.length === 0) {
    throw new SqlFault(4112, 15, `The function '${name}' must have an OVER clause with ORDER BY.`, line);
  }
  if (over.frame && name !== 'FIRST_VALUE' && name !== 'LAST_VALUE') {
    throw new SqlFault(10752, 15, `The function '${name}' may not have a window frame.`, line);
  }
  const inside = scope.insideWindow(call);
  const window = ` OVER (${overText(over, inside)})`;
  const values = call.arguments.map((argument) => translateExpression(argument, inside));
  return ranking.has(name) ? rank(call, values, window) : analysed(call, values, window);
}

function rank({ name, line }: FunctionCall, values: readonly Typed[], window: string): Typed {
  const wanted = name === 'NTILE' ? 1 : 0;
  if (values.length !== wanted) {
    throw new SqlFault(174, 15, `The ${name.toLowerCase()} function requires ${wanted} argument(s).`, line);
  }
  const [count] = values;
  const inner = count ? `(${asBigInt(count).sql})::integer` : '';
  const isNullable = name === 'NTILE';
  return {
    sql: `(${name.toLowerCase()}(${inner})${window})::bigint`,
    type: { name: 'bigint' },
    nullable: isNullable,
  };
}

function analysed({ name, line }: FunctionCall, values: readonly Typed[], window: string): Typed {
  if (name === 'PERCENT_RANK' || name === 'CUME_DIST') {
    return { sql: `(${name.toLowerCase()}()${window})`, type: { name: 'float' }, nullable: false };
  }
  const [value, offset, fallback] = values;
  const most = name === 'LAG' || name === 'LEAD' ? 3 : 1;
  if (!value || values.length > most) throw notSupported(`${name} with these arguments`, line);
  const options = [
    ...(offset ? [`(${asBigInt(offset).sql})::integer`] : []),
    ...(fallback ? [convertTo(fallback, value.type, 'implicit').sql] : []),
  ];
  const { text: _, constant: __, ...rest } = value;
  return {
    ...rest,
    sql: `(${name.toLowerCase()}(${[value.sql, ...options].join(', ')})${window})`,
    nullable: true,
  };
}

/** What stands between the brackets of OVER. */
export function overText({ partitionBy, orderBy, frame }: Window, scope: Scope): string {
  const parts: string[] = [];
  if (partitionBy.length > 0) {
    parts.push(
      `PARTITION BY ${partitionBy.map((value) => translateExpression(value, scope).sql).join(', ')}`,
    );
  }
  if (orderBy.length > 0) parts.push(`ORDER BY ${orderTexts(orderBy, scope)}`);
  if (frame) {
    const start = boundText(frame.start);
    parts.push(
      `${frame.unit.toUpperCase()} ${frame.end ? `BETWEEN ${start} AND ${boundText(frame.end)}` : start}`,
    );
  }
  return parts.join(' ');
}

/** NULLs are the lowest values, as SQL Server sorts them. */
export function orderTexts(items: readonly OrderItem[], scope: Scope): string {
  return items
    .map(({ expression, descending }) => {
      const value = translateExpression(expression, scope);
      if (value.constant !== undefined) throw constantOrder();
      return `${value.sql} ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`;
    })
    .join(', ');
}

function constantOrder(): SqlFault {
  const message =
    'Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices as ORDER BY clause expressions.';
  return new SqlFault(5308, 16, message);
}

function boundText(bound: FrameBound): string {
  switch (bound.kind) {
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    case 'currentRow':
      return 'CURRENT ROW';
    case 'preceding':
      return `${bound.rows} PRECEDING`;
    case 'following':
      return `${bound.rows} FOLLOWING`;
  }
}
