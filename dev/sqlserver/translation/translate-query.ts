import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { unionType } from '../types/result-types.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type {
  CommonTableExpression,
  Expression,
  Query,
  QueryBody,
  QuerySpecification,
  SelectItem,
} from '../parser/syntax.ts';
import { limitOf, orderByOf } from './order-by.ts';
import { rowLocks } from './row-locks.ts';
import type { NamedQuery, Source } from './scope.ts';
import { ClauseScope, expressionKey } from './scope.ts';
import { translateSources } from './translate-source.ts';

/** A column of a query's result; the PostgreSQL columns are called c1, c2 … in their order. */
export interface ResultColumn {
  /** '' for an expression without a name. */
  name: string;
  /** `sql` is what the select list holds; whoever puts the query into brackets refers to c1, c2 … instead. */
  value: Typed;
  identity: boolean;
}

export interface TranslatedQuery {
  sql: string;
  columns: readonly ResultColumn[];
}

/** Translates a query in the surroundings that `outer` gives: the queries around it and the WITH before it. */
export function translateQuery(query: Query, outer: ClauseScope): TranslatedQuery {
  return query.body.kind === 'select'
    ? translateSelect(query.body, query, outer)
    : translateSetOperation(query.body, query, outer);
}

/** WITH: its PostgreSQL text, and the scope in which what follows can name its queries. */
export function translateWith(
  expressions: readonly CommonTableExpression[],
  outer: ClauseScope,
): { sql: string; scope: ClauseScope } {
  const named = new Map<string, NamedQuery>();
  let scope = outer;
  const parts = expressions.map((expression) => {
    const alias = outer.translation.alias();
    const isRecursive = mentions(expression.query.body, expression.name);
    if (isRecursive) named.set(expression.name.toLowerCase(), anchorOf(expression, alias, scope));
    scope = outer.withNamed(new Map(named));
    const { sql, columns } = translateQuery(expression.query, new ClauseScope(outer.translation, [], scope));
    named.set(expression.name.toLowerCase(), namedQuery(expression, alias, columns));
    scope = outer.withNamed(new Map(named));
    return {
      isRecursive,
      sql: `${alias}(${columns.map((_, index) => `c${index + 1}`).join(', ')}) AS (${sql})`,
    };
  });
  if (parts.length === 0) return { sql: '', scope: outer };
  const recursive = parts.some((part) => part.isRecursive) ? 'RECURSIVE ' : '';
  return { sql: `WITH ${recursive}${parts.map((part) => part.sql).join(', ')} `, scope };
}

function namedQuery(
  expression: CommonTableExpression,
  alias: string,
  columns: readonly ResultColumn[],
): NamedQuery {
  const names = namesOf(expression.name, columns, expression.columns);
  return {
    alias,
    columns: columns.map(({ value, identity }, index) => ({ name: names[index] ?? '', value, identity })),
  };
}

/** The columns of a recursive query are those of its first branch. */
function anchorOf(expression: CommonTableExpression, alias: string, scope: ClauseScope): NamedQuery {
  const { body } = expression.query;
  if (body.kind === 'select') throw notSupported(`the recursive query ${expression.name} without UNION ALL`);
  const { columns } = translateBody(body.left, new ClauseScope(scope.translation, [], scope));
  return namedQuery(
    expression,
    alias,
    columns.map((column) => ({ ...column, value: { ...column.value, nullable: true } })),
  );
}

function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((part) => mentions(part, name));
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'table' && 'table' in node) {
    const table = node.table;
    if (typeof table === 'object' && table !== null && 'name' in table && typeof table.name === 'string') {
      return (
        !('schema' in table && table.schema !== undefined) && table.name.toLowerCase() === name.toLowerCase()
      );
    }
  }
  return Object.values(node).some((part) => mentions(part, name));
}

/** The names of a derived table's columns; each must have one. */
export function namesOf(
  table: string,
  columns: readonly ResultColumn[],
  given?: readonly string[],
): readonly string[] {
  if (given !== undefined && given.length !== columns.length) throw sqlError(8158, [table]);
  return columns.map((column, index) => {
    const name = given?.[index] ?? column.name;
    if (name === '') throw sqlError(8155, [index + 1, table]);
    return name;
  });
}

// ------------------------------------------------------------------------------------------------ SELECT

function translateSelect(
  select: QuerySpecification,
  query: Omit<Query, 'body'>,
  outer: ClauseScope,
): TranslatedQuery {
  const from = translateSources(select.from, outer, isGroupedBySyntax(select));
  const base = outer.within(from.sources);
  const where = select.where === undefined ? '' : ` WHERE ${translateCondition(select.where, base)}`;
  const grouping = groupBy(select.groupBy, base);
  const scope = base.for({
    aggregates: 'allowed',
    windows: true,
    ...(grouping && { grouped: grouping.keys }),
  });
  const columns = resultColumns(select.items, scope, from.sources);
  const having = select.having === undefined ? '' : ` HAVING ${translateCondition(select.having, scope)}`;
  const orderBy = orderByOf(query.orderBy, columns, scope, select.distinct);
  const isGrouped = grouping !== undefined || scope.findings.aggregate || having !== '';
  if (grouping === undefined && isGrouped && scope.findings.freeColumn !== undefined) {
    throw sqlError(8120, [scope.findings.freeColumn], select.line);
  }
  const limit = limitOf(select.top, query, outer);
  const locks = rowLocks(from, select.where, base);
  const list = columns.map(({ value }, index) => `${outputOf(value)} AS c${index + 1}`).join(', ');
  const text = `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from.sql}${where}${grouping?.sql ?? ''}${having}`;
  return { sql: `${text}${orderBy}${limit}${locks}`, columns };
}

/** Whether its rows are no longer the tables' rows. */
function isGroupedBySyntax({ distinct, groupBy: groups, having, items }: QuerySpecification): boolean {
  return distinct || groups.length > 0 || having !== undefined || hasAggregate(items);
}

const aggregates = [
  'COUNT',
  'COUNT_BIG',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
  'STRING_AGG',
  'STDEV',
  'STDEVP',
  'VAR',
  'VARP',
];

function hasAggregate(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(hasAggregate);
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'subquery') return false;
  if ('kind' in node && node.kind === 'call' && 'name' in node && aggregates.includes(String(node.name)))
    return true;
  return Object.values(node).some(hasAggregate);
}

/** A NULL without a type needs one in PostgreSQL before anybody puts the query into brackets. */
const outputOf = (value: Typed): string => (value.untypedNull ? 'NULL::integer' : value.sql);

export function resultColumns(
  items: readonly SelectItem[],
  scope: ClauseScope,
  sources: readonly Source[],
): ResultColumn[] {
  return items.flatMap((item): ResultColumn[] => {
    if (item.kind === 'star') return starColumns(item, scope, sources);
    const { expression } = item;
    const value = translateExpression(expression, scope);
    const own = expression.kind === 'column' ? expression.name : '';
    const column = expression.kind === 'column' ? scope.lookUp(expression) : undefined;
    const name = item.kind === 'value' ? (item.alias ?? column?.name ?? own) : item.variable.name;
    return [{ name, value, identity: column?.identity ?? false }];
  });
}

/** The columns of `*` or `t.*`. */
export function starColumns(
  { qualifier, line }: { qualifier: readonly string[]; line: number },
  scope: ClauseScope,
  sources: readonly Source[],
): ResultColumn[] {
  const wanted = qualifier.at(-1)?.toLowerCase();
  const chosen = wanted === undefined ? sources : sources.filter(({ name }) => name === wanted);
  if (sources.length === 0) throw sqlError(263, [], line);
  if (chosen.length === 0) throw sqlError(107, [wanted ?? ''], line);
  return chosen.flatMap((source) =>
    source.columns.map(({ name, identity }) => {
      const value = scope.column({ kind: 'column', qualifier: [source.name], name, line });
      return { name, value, identity };
    }),
  );
}

function groupBy(
  expressions: readonly Expression[],
  scope: ClauseScope,
): { sql: string; keys: ReadonlyMap<string, Typed> } | undefined {
  if (expressions.length === 0) return undefined;
  const keys = new Map<string, Typed>();
  const parts = expressions.map((expression) => {
    if (expression.kind === 'literal') throw sqlError(164);
    const value = translateExpression(expression, scope);
    keys.set(expression.kind === 'column' ? value.sql : expressionKey(expression, scope), value);
    return value.sql;
  });
  return { sql: ` GROUP BY ${parts.join(', ')}`, keys };
}

// ---------------------------------------------------------------------------------------- UNION and its like

function translateSetOperation(
  body: Exclude<QueryBody, QuerySpecification>,
  query: Omit<Query, 'body'>,
  outer: ClauseScope,
): TranslatedQuery {
  const { sql, columns } = translateBody(body, outer);
  const orderBy = orderByOf(query.orderBy, columns, undefined, true);
  return { sql: `${sql}${orderBy}${limitOf(undefined, query, outer)}`, columns };
}

function translateBody(body: QueryBody, outer: ClauseScope): TranslatedQuery {
  if (body.kind === 'select') return translateSelect(body, { orderBy: [] }, outer);
  const left = translateBody(body.left, outer);
  const right = translateBody(body.right, outer);
  if (left.columns.length !== right.columns.length) throw sqlError(205);
  const columns = left.columns.map((column, index): ResultColumn => {
    const other = right.columns[index]?.value ?? column.value;
    const type = unionType([column.value, other]);
    const nullable = column.value.nullable || other.nullable;
    return { name: column.name, value: { sql: column.value.sql, type, nullable }, identity: false };
  });
  const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
  return {
    sql: `(${converted(left, columns, outer)}) ${operator} (${converted(right, columns, outer)})`,
    columns,
  };
}

/** The query with its columns brought to the types of `columns`. */
function converted(query: TranslatedQuery, columns: readonly ResultColumn[], outer: ClauseScope): string {
  const isAlike = query.columns.every(
    ({ value }, index) => !value.untypedNull && sameType(value.type, columns[index]?.value.type),
  );
  if (isAlike) return query.sql;
  const alias = outer.translation.alias();
  const list = bracketed(query.columns, alias).map((value, index) => {
    const type = columns[index]?.value.type ?? value.type;
    return `${convertTo(value, type, 'implicit').sql} AS c${index + 1}`;
  });
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS ${alias}`;
}

const sameType = (left: SqlType, right: SqlType | undefined): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** The columns of a query as seen from outside its brackets. */
export function bracketed(columns: readonly ResultColumn[], alias: string): Typed[] {
  return columns.map(({ value }, index) => seenAs(value, `${alias}.c${index + 1}`));
}

/** The same value under another PostgreSQL text. */
export function seenAs(value: Omit<Typed, 'sql'>, sql: string): Typed {
  const { type, nullable, untypedNull, collation } = value;
  return { sql, type, nullable, ...(untypedNull && { untypedNull }), ...(collation && { collation }) };
}
