import { quoteText } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type {
  CommonTableExpression,
  Condition,
  Expression,
  Query,
  QueryBody,
  QuerySpecification,
  SelectItem,
} from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { limitOf, orderByOf, withTies } from './order-by.ts';
import { lockClauses, lockKeys } from './row-locks.ts';
import type { ClauseScope, NamedColumn } from './scope.ts';
import { expressionKey, isSameName } from './scope.ts';
import { translateFrom } from './translate-source.ts';

export interface TranslatedQuery {
  sql: string;
  /** In PostgreSQL's text they are called c1, c2 … in their order. */
  columns: readonly NamedColumn[];
  /** The recursive query that it is a part of and names; a column `level` then follows the others. */
  recursive?: string | undefined;
}

/** Translates a query in the surroundings that `outer` gives: the queries around it and the WITH before it. */
export function translateQuery({ body, ...rest }: Query, outer: ClauseScope): TranslatedQuery {
  if (body.kind === 'select') return translateSelect(body, rest, outer);
  const { sql, columns, recursive } = translateBody(body, outer);
  const rows = `${orderByOf(rest.orderBy, columns)}${limitOf(undefined, rest, outer)}`;
  return { sql: `${sql}${rows}`, columns, recursive };
}

/** A query in brackets: a derived table, a subquery or one of WITH. */
export function nestedQuery(query: Query, outer: ClauseScope): TranslatedQuery {
  const { body, orderBy, offset } = query;
  const isLimited = offset !== undefined || (body.kind === 'select' && body.top !== undefined);
  if (orderBy.length > 0 && !isLimited) throw sqlError(1033);
  return translateQuery(query, outer);
}

// ------------------------------------------------------------------------------------------------ SELECT

function translateSelect(
  select: QuerySpecification,
  rest: Omit<Query, 'body'>,
  outer: ClauseScope,
  isBranch = false,
): TranslatedQuery {
  const from = translateFrom(select.from, outer);
  const base = outer.within(from.sources);
  const where = whereText(from.conditions, select.where, base);
  const grouped = groupsOf(select.groupBy, base.for({ noAggregate: 144, windows: false }));
  const clause = { windows: true, grouped };
  const columns = selectList(select.items, base.for({ ...clause, free: 8120 }));
  const having =
    select.having === undefined
      ? ''
      : ` HAVING ${translateCondition(select.having, base.for({ windows: false, grouped, free: 8121 }))}`;
  const orderBy = orderByOf(rest.orderBy, columns, base.for({ ...clause, free: 8127 }), select.distinct);
  const isGrouped = grouped !== undefined || having !== '' || base.findings.aggregate;
  if (isGrouped && base.findings.free) throw base.findings.free;
  const limit = limitOf(select.top, rest, outer);
  if (select.ties && rest.orderBy.length === 0) throw sqlError(1062, [], select.line);
  if (select.ties && from.tables.some(({ lock }) => lock?.waiting === 'SKIP LOCKED'))
    throw notSupported('TOP … WITH TIES with READPAST', select.line);
  for (const table of from.tables) lockKeys(table, table.reference.hints, select.where, base);
  // PostgreSQL locks no rows of such a query: its tables are locked in brackets.
  const locksInside = isBranch || isGrouped || select.distinct || base.findings.window;
  const groupBy = grouped && ` GROUP BY ${[...grouped.values()].map(({ sql }) => sql).join(', ')}`;
  const members = from.members.map((member) => member.sql(locksInside)).join(', ');
  const recursion = from.sources.find((source) => source.recursion)?.recursion;
  const list = `${listText(columns)}${recursion ? `, ${nextLevel(recursion.level, outer.translation.maxRecursion)}` : ''}`;
  return {
    sql: [
      `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${members && ` FROM ${members}`}${where}`,
      `${groupBy ?? ''}${having}${orderBy}${select.ties ? withTies(limit) : limit}${locksInside ? '' : lockClauses(from.tables)}`,
    ].join(''),
    columns,
    recursive: recursion?.query,
  };
}

/** The columns of a select list or of OUTPUT. */
export function selectList(items: readonly SelectItem[], scope: ClauseScope): NamedColumn[] {
  return items.flatMap((item): NamedColumn[] => {
    if (item.kind === 'star') return starColumns(item, scope);
    const { expression } = item;
    const value = translateExpression(expression, scope);
    const alias = item.kind === 'value' ? item.alias : undefined;
    if (expression.kind !== 'column') return [{ ...value, name: alias ?? '' }];
    const identity = scope.lookUp(expression)?.identity ?? false;
    return [{ ...value, name: alias ?? expression.name, identity }];
  });
}

/** The columns of `*` or `t.*`. */
function starColumns(
  { qualifier, line }: Extract<SelectItem, { kind: 'star' }>,
  scope: ClauseScope,
): NamedColumn[] {
  const wanted = qualifier.at(-1);
  const sources = scope.sources.filter(({ name }) => wanted === undefined || isSameName(wanted, name));
  if (scope.sources.length === 0) throw sqlError(263, [], line);
  if (sources.length === 0) throw sqlError(107, [wanted ?? ''], line);
  for (const { name: source, columns } of sources)
    for (const { name } of columns) scope.column({ kind: 'column', qualifier: [source], name, line });
  return sources.flatMap(({ columns }) => columns);
}

/** A NULL without a type needs one in PostgreSQL before anybody puts the query into brackets. */
export const listText = (columns: readonly NamedColumn[]): string =>
  columns
    .map(({ sql, untypedNull }, index) => `${untypedNull ? 'NULL::integer' : sql} AS c${index + 1}`)
    .join(', ');

/** WHERE with its leading blank, and with the conditions of the joins in FROM. */
export function whereText(
  joins: readonly string[],
  where: Condition | undefined,
  scope: ClauseScope,
): string {
  const conditions = where === undefined ? joins : [...joins, translateCondition(where, scope)];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function groupsOf(expressions: readonly Expression[], scope: ClauseScope): Map<string, Typed> | undefined {
  if (expressions.length === 0) return undefined;
  return new Map(
    expressions.map((expression) => {
      if (expression.kind === 'literal') throw sqlError(164);
      const value = translateExpression(expression, scope);
      return [expression.kind === 'column' ? value.sql : expressionKey(expression, scope), value];
    }),
  );
}

// ---------------------------------------------------------------------------------------- UNION and its like

function translateBody(body: QueryBody, outer: ClauseScope): TranslatedQuery {
  if (body.kind === 'select') return translateSelect(body, { orderBy: [] }, outer, true);
  const left = translateBody(body.left, outer);
  const right = translateBody(body.right, outer);
  if (left.columns.length !== right.columns.length) throw sqlError(205);
  const columns = left.columns.map((column, index): NamedColumn => {
    const other = right.columns[index] ?? column;
    if (right.recursive !== undefined && JSON.stringify(column.type) !== JSON.stringify(other.type))
      throw sqlError(240, [column.name, right.recursive]);
    return { ...commonOf([column, other]), sql: column.sql, name: column.name };
  });
  if (right.recursive !== undefined) {
    const first = left.recursive === undefined ? `SELECT *, 0 FROM (${left.sql}) AS anchor` : left.sql;
    return { sql: `(${first}) UNION ALL (${right.sql})`, columns, recursive: right.recursive };
  }
  const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
  return {
    sql: `(${converted(left, columns, outer)}) ${operator} (${converted(right, columns, outer)})`,
    columns,
  };
}

/** A column of these values: of their common type. */
export const commonOf = (values: readonly Typed[]): Typed => ({
  sql: '',
  type: unionType(values),
  nullable: values.some(({ nullable }) => nullable),
});

/** The query with its columns brought to the types of `columns`. */
function converted(query: TranslatedQuery, columns: readonly NamedColumn[], outer: ClauseScope): string {
  const alias = outer.translation.alias();
  const own = seen(query.columns, alias);
  const cells = own.map((column, index) =>
    convertTo(column, columns[index]?.type ?? column.type, 'implicit'),
  );
  if (cells.every(({ sql }, index) => sql === own[index]?.sql)) return query.sql;
  const list = cells.map(({ sql }, index) => `${sql} AS c${index + 1}`);
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS ${alias}`;
}

/** The columns of a query as they are seen from outside its brackets. */
export const seen = (columns: readonly NamedColumn[], alias: string): NamedColumn[] =>
  columns.map((column, index) => seenAs(column, `${alias}.c${index + 1}`));

/** The same value under another PostgreSQL text. */
export function seenAs(
  { name, type, nullable, untypedNull, identity }: NamedColumn,
  sql: string,
): NamedColumn {
  return { name, sql, type, nullable, ...(untypedNull && { untypedNull }), ...(identity && { identity }) };
}

// -------------------------------------------------------------------------------------------------- WITH

/** WITH: PostgreSQL's text of each of its queries, and the scope in which what follows can name them. */
export function translateWith(
  expressions: readonly CommonTableExpression[],
  outer: ClauseScope,
): { queries: string[]; scope: ClauseScope } {
  let scope = outer;
  const queries = expressions.map(({ name, columns: given, query }, place) => {
    if (expressions.slice(0, place).some((other) => isSameName(other.name, name)))
      throw sqlError(239, [name]);
    const before = scope;
    const alias = outer.translation.alias();
    const anchor = (): NamedColumn[] => {
      const { body } = query;
      if (body.kind === 'select' || body.operator !== 'union' || !body.all) throw sqlError(252, [name]);
      const { columns } = translateBody(body.left, before);
      const nullable = columns.map((column) => ({ ...column, nullable: true }));
      return withNames(name, nullable, given);
    };
    const own = before.within([], { name, alias, columns: anchor, isRecursive: true });
    const { sql, columns, recursive } = nestedQuery(query, own);
    const named = withNames(name, columns, given);
    scope = before.within([], { name, alias, columns: () => named, isRecursive: false });
    const places = [...columns.map((_, index) => `c${index + 1}`), ...(recursive ? ['level'] : [])];
    return `${alias}(${places.join(', ')}) AS (${sql})`;
  });
  return { queries, scope };
}

/** One level deeper than `level`. */
function nextLevel(level: string, most: number): string {
  if (most === 0) return `${level} + 1`;
  const { message } = sqlError(530, [most]);
  return `${level} + 1 + COALESCE(length(tsql.fault(${level} < ${most}, 530, ${quoteText(message)})::text), 0)`;
}

export const withText = (queries: readonly string[]): string =>
  queries.length === 0 ? '' : `WITH RECURSIVE ${queries.join(', ')} `;

/** The columns of a derived table or WITH query, each of which must have a name. */
export function withNames(
  table: string,
  columns: readonly NamedColumn[],
  given?: readonly string[],
): NamedColumn[] {
  if (given !== undefined && given.length !== columns.length)
    throw sqlError(given.length < columns.length ? 8158 : 8159, [table]);
  const names = new Set<string>();
  return columns.map((column, index) => {
    const name = given?.[index] ?? column.name;
    if (name === '') throw sqlError(8155, [index + 1, table]);
    if (names.size === names.add(name.toLowerCase()).size) throw sqlError(8156, [name, table]);
    return { ...column, name };
  });
}
