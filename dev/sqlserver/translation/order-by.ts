import { sqlError } from '../errors.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { Expression, OrderItem, Query } from '../parser/syntax.ts';
import { convertTo } from '../types/convert.ts';
import { familyOf } from '../types/sql-types.ts';
import { quote } from '../types/typed-sql.ts';
import type { ClauseScope, NamedColumn } from './scope.ts';

/** ORDER BY with its leading blank. Without a scope (UNION), or with `onlyListed` (DISTINCT), only the result's columns. */
export function orderByOf(
  items: readonly OrderItem[],
  columns: readonly NamedColumn[],
  scope?: ClauseScope,
  onlyListed = false,
): string {
  const keys = items.map(({ expression, descending }, place) => {
    if (expression.kind === 'variable') throw sqlError(1008, [place + 1], expression.line);
    const { sql, nullable } = sortKey(expression, columns, scope, onlyListed);
    // NULL is the smallest value in SQL Server and the greatest in PostgreSQL.
    const nulls = nullable ? ` NULLS ${descending ? 'LAST' : 'FIRST'}` : '';
    return `${sql}${descending ? ' DESC' : ''}${nulls}`;
  });
  return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
}

function sortKey(
  expression: Expression,
  columns: readonly NamedColumn[],
  scope: ClauseScope | undefined,
  onlyListed: boolean,
): { sql: string; nullable: boolean } {
  const named = namedColumn(expression, columns);
  if (named !== undefined) return { sql: String(columns.indexOf(named) + 1), nullable: named.nullable };
  if (scope === undefined) throw sqlError(104);
  const { sql, nullable } = translateExpression(expression, scope);
  const place = columns.findIndex((column) => column.sql === sql) + 1;
  if (place === 0 && onlyListed) throw sqlError(145);
  return { sql: place === 0 ? `(${sql})` : String(place), nullable };
}

/** The column of the result that ORDER BY names, or means by its number. */
function namedColumn(expression: Expression, columns: readonly NamedColumn[]): NamedColumn | undefined {
  if (expression.kind === 'literal') {
    if (expression.type !== 'integer') throw sqlError(408, [1]);
    const column = columns[Number(expression.text) - 1];
    if (column === undefined) throw sqlError(108, [expression.text]);
    return column;
  }
  if (expression.kind !== 'column' || expression.qualifier.length > 0) return undefined;
  const wanted = expression.name.toLowerCase();
  const [column, ...more] = columns.filter(({ name }) => name.toLowerCase() === wanted);
  if (more.some(({ sql }) => sql !== column?.sql)) throw sqlError(209, [expression.name], expression.line);
  return column;
}

/** TOP, OFFSET and FETCH. */
export function limitOf(top: Expression | undefined, rest: Omit<Query, 'body'>, outer: ClauseScope): string {
  if (top !== undefined && rest.offset !== undefined) throw sqlError(10741);
  const rows = (count: Expression | undefined, word: string, least: 0 | 1, number: 127 | 10742 | 10744) => {
    if (count === undefined) return '';
    const value = translateExpression(count, outer.within([]));
    if (familyOf(value.type) !== 'integer') throw sqlError(1060);
    const { sql } = convertTo(value, { name: 'bigint' }, 'implicit');
    if (Number(value.constant) >= least) return ` ${word} ${sql}`;
    return ` ${word} tsql.row_count(${sql}, ${least}, ${number}, ${quote(sqlError(number).message)})`;
  };
  const offset = rows(rest.offset, 'OFFSET', 0, 10742);
  return `${offset}${top ? rows(top, 'LIMIT', 0, 127) : rows(rest.fetch, 'LIMIT', 1, 10744)}`;
}

/** The last of its kind come with it. */
export const withTies = (limit: string): string =>
  limit.replace(/^ LIMIT (.*)$/s, ' FETCH FIRST ($1) ROWS WITH TIES');
