import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { Expression, OrderItem, Query } from '../parser/syntax.ts';
import type { ClauseScope } from './scope.ts';
import type { ResultColumn } from './translate-query.ts';

/** ORDER BY with its leading blank. Without a scope (UNION), or with `onlyListed` (DISTINCT), only the result's columns. */
export function orderByOf(
  items: readonly OrderItem[],
  columns: readonly ResultColumn[],
  scope: ClauseScope | undefined,
  onlyListed: boolean,
): string {
  if (items.length === 0) return '';
  const parts = items.map(({ expression, descending }) => {
    const place = placeOf(expression, columns);
    const column = place === undefined ? undefined : columns[place - 1];
    if (column !== undefined) return sortKey(String(place), column.value.nullable, descending);
    if (scope === undefined) throw sqlError(104);
    const value = translateExpression(expression, scope);
    const listed = columns.findIndex((candidate) => candidate.value.sql === value.sql);
    if (listed >= 0) return sortKey(String(listed + 1), value.nullable, descending);
    if (onlyListed) throw sqlError(145);
    return sortKey(`(${value.sql})`, value.nullable, descending);
  });
  return ` ORDER BY ${parts.join(', ')}`;
}

/** NULL is the smallest value in SQL Server and the greatest in PostgreSQL. */
function sortKey(sql: string, nullable: boolean, descending: boolean): string {
  if (descending) return `${sql} DESC${nullable ? ' NULLS LAST' : ''}`;
  return `${sql}${nullable ? ' NULLS FIRST' : ''}`;
}

/** Where ORDER BY names a column of the result by number or by its name: from 1. */
function placeOf(expression: Expression, columns: readonly ResultColumn[]): number | undefined {
  if (expression.kind === 'literal') {
    const place = expression.type === 'integer' ? Number(expression.text) : Number.NaN;
    if (Number.isNaN(place)) throw sqlError(408, [1]);
    if (place < 1 || place > columns.length) throw sqlError(108, [place]);
    return place;
  }
  if (expression.kind !== 'column' || expression.qualifier.length > 0) return undefined;
  const wanted = expression.name.toLowerCase();
  const places = columns.flatMap(({ name }, index) => (name.toLowerCase() === wanted ? [index + 1] : []));
  if (places.length > 1 && new Set(places.map((place) => columns[place - 1]?.value.sql)).size > 1) {
    throw sqlError(209, [expression.name], expression.line);
  }
  return places[0];
}

/** TOP, OFFSET and FETCH. */
export function limitOf(top: Expression | undefined, query: Omit<Query, 'body'>, outer: ClauseScope): string {
  const rows = (expression: Expression): string =>
    convertTo(translateExpression(expression, outer.within([])), { name: 'bigint' }, 'implicit').sql;
  if (top !== undefined && query.offset !== undefined) throw sqlError(10741);
  if (top !== undefined) return ` LIMIT ${rows(top)}`;
  const offset = query.offset === undefined ? '' : ` OFFSET ${rows(query.offset)}`;
  return query.fetch === undefined ? offset : `${offset} LIMIT ${rows(query.fetch)}`;
}
