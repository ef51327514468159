import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName } from '../catalogue/catalogue.ts';
import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { jsonSteps, jsonStepsText } from '../functions/json-path.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Expression, OpenJson, TableReference, TableSource } from '../parser/syntax.ts';
import { convertTo } from '../types/convert.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import type { RowLock } from './row-locks.ts';
import { lockOf } from './row-locks.ts';
import type { ClauseScope, NamedColumn, Source } from './scope.ts';
import { isSameName } from './scope.ts';
import type { TranslatedQuery } from './translate-query.ts';
import { commonOf, listText, nestedQuery, seen, withNames } from './translate-query.ts';

/** FROM, or a part of it, in PostgreSQL's words, and what its names mean. Inner joins are members and conditions. */
export interface From {
  members: readonly Member[];
  conditions: readonly string[];
  sources: readonly Source[];
  /** The tables in it, which may be locked or written. */
  tables: readonly TableInFrom[];
}

interface Member {
  /** PostgreSQL locks no rows of a grouped query, nor of a side that may be missing: there tables are locked in brackets. */
  sql: (locksInside: boolean) => string;
}

export interface TableInFrom extends Member {
  reference: TableReference;
  table: CatalogueTable;
  alias: string;
  source: Source;
  /** What its hints ask for. */
  lock: RowLock | undefined;
  /** Whether an outer join can leave it out. */
  optional: boolean;
}

export function translateFrom(sources: readonly TableSource[], outer: ClauseScope): From {
  const from = together(...sources.map((source) => translateSource(source, outer)));
  from.sources.forEach(({ schema, name }, index) => {
    const other = from.sources.slice(0, index).find((before) => isSameName(before.name, name));
    if (other === undefined) return;
    const aliases = [schema, other.schema].filter((each) => each === undefined).length;
    throw sqlError(aliases === 2 ? 1011 : aliases === 1 ? 1012 : 1013, [name]);
  });
  return from;
}

/** `lateral`: inside APPLY, where `scope` also sees what stands to the left. */
function translateSource(source: TableSource, scope: ClauseScope, lateral = ''): From {
  switch (source.kind) {
    case 'table': {
      const named = source.table.schema === undefined ? scope.namedQuery(source.table.name) : undefined;
      if (named === undefined) return alone(tableInFrom(source, scope));
      const alias = scope.translation.alias();
      const recursion = named.isRecursive ? { query: named.name, level: `${alias}.level` } : undefined;
      return derived(named.alias, alias, source.alias ?? named.name, named.columns(), recursion);
    }
    case 'derived':
    case 'values':
    case 'openJson': {
      const { sql, columns } =
        source.kind === 'derived'
          ? nestedQuery(source.query, scope)
          : source.kind === 'values'
            ? translateRows(source.rows, scope.within([]))
            : translateOpenJson(source, scope.within([]));
      const { alias = '' } = source;
      const given = source.kind === 'openJson' ? undefined : source.columns;
      const own = withNames(alias, columns, given);
      return derived(`${lateral}(${sql})`, scope.translation.alias(), alias, own);
    }
    case 'crossJoin':
      return together(
        translateSource(source.left, scope, lateral),
        translateSource(source.right, scope, lateral),
      );
    case 'join': {
      const { join, on } = source;
      const left = translateSource(source.left, scope, lateral);
      const right = translateSource(source.right, scope, lateral);
      const both = together(left, right);
      const condition = translateCondition(on, scope.within(both.sources));
      if (join === 'inner') return { ...both, conditions: [...both.conditions, condition] };
      const leftSide = join === 'left' ? left : optional(left);
      const rightSide = join === 'right' ? right : optional(right);
      return joined(leftSide, `${join.toUpperCase()} JOIN`, rightSide, ` ON ${condition}`);
    }
    case 'apply': {
      const left = translateSource(source.left, scope, lateral);
      const right = translateSource(source.right, scope.within(left.sources), 'LATERAL ');
      return source.outer
        ? joined(left, 'LEFT JOIN', optional(right), ' ON true')
        : joined(left, 'CROSS JOIN', right, '');
    }
  }
}

export const together = (...parts: readonly From[]): From => ({
  members: parts.flatMap(({ members }) => members),
  conditions: parts.flatMap(({ conditions }) => conditions),
  sources: parts.flatMap(({ sources }) => sources),
  tables: parts.flatMap(({ tables }) => tables),
});

/** Two parts as one member. */
function joined(left: From, how: string, right: From, on: string): From {
  const sql = (locksInside: boolean): string =>
    `(${sideText(left, locksInside)} ${how} ${sideText(right, locksInside)}${on})`;
  return { ...together(left, right), members: [{ sql }], conditions: [] };
}

function sideText({ members, conditions }: From, locksInside: boolean): string {
  const [first = '', ...more] = members.map(({ sql }) => sql(locksInside));
  const last = more.pop();
  if (last === undefined) return first;
  return `(${[first, ...more].join(' CROSS JOIN ')} JOIN ${last} ON ${conditions.join(' AND ') || 'true'})`;
}

/** The side of an outer join that can be missing. */
const optional = (side: From): From => ({
  ...side,
  members: side.members.map(({ sql }) => ({ sql: () => sql(true) })),
  sources: side.sources.map((source) => ({
    ...source,
    columns: source.columns.map((column) => ({ ...column, nullable: true })),
  })),
  tables: side.tables.map((table) => ({ ...table, optional: true })),
});

export const alone = (table: TableInFrom): From => ({
  members: [table],
  conditions: [],
  sources: [table.source],
  tables: [table],
});

export function tableInFrom(reference: TableReference, { translation }: ClauseScope): TableInFrom {
  const table = translation.table(reference.table, reference.line);
  const alias = translation.alias();
  const lock = lockOf(reference.hints);
  const sql = (locksInside: boolean): string =>
    lock !== undefined && locksInside
      ? `(SELECT inside.* FROM ${pgTable(table)} AS inside ${lock.strength} ${lock.waiting}) AS ${alias}`
      : `${pgTable(table)} AS ${alias}`;
  const source = sourceOf(table, alias, reference.alias);
  return { sql, reference, table, alias, source, lock, optional: false };
}

/** The columns of a table that PostgreSQL knows as `alias`. */
export function sourceOf(table: CatalogueTable, alias: string, name?: string): Source {
  const columns = table.columns.map((column) => {
    const sql = `${alias}.${quoteName(column.name)}`;
    // Stored as the integer that PostgreSQL can number.
    return { ...column, sql: column.identity && column.type.name === 'decimal' ? `(${sql})::numeric` : sql };
  });
  return name === undefined ? { name: table.name, schema: table.schema, columns } : { name, columns };
}

function derived(
  sql: string,
  alias: string,
  name: string,
  columns: readonly NamedColumn[],
  recursion?: Source['recursion'],
): From {
  const places = columns.map((_, index) => `c${index + 1}`).join(', ');
  const source = { name, columns: seen(columns, alias), ...(recursion && { recursion }) };
  const member = { sql: () => `${sql} AS ${alias}(${places})` };
  return { members: [member], conditions: [], sources: [source], tables: [] };
}

/** VALUES as a table: its columns have the common types of all rows, and no names. */
function translateRows(rows: readonly (readonly Expression[])[], scope: ClauseScope): TranslatedQuery {
  const cells = rows.map((row) => row.map((value) => translateExpression(value, scope)));
  const [first = []] = cells;
  if (cells.some(({ length }) => length !== first.length)) throw sqlError(10709);
  const columns = first.map((_, index) => ({
    name: '',
    ...commonOf(cells.flatMap((row) => row[index] ?? [])),
  }));
  const texts = cells.map((row) => {
    const values = row.map((cell, index) => convertTo(cell, columns[index]?.type ?? cell.type, 'implicit'));
    return `(${values.map(({ sql }) => sql).join(', ')})`;
  });
  return { sql: `VALUES ${texts.join(', ')}`, columns };
}

const anyText: SqlType = { name: 'nvarchar', length: 'max' };

/** PostgreSQL cuts longer names. */
const longestName = 63;

/**
 * OPENJSON … WITH: one row per element of the array, or one for an object; a path that leads nowhere, or to an object,
 * gives NULL (lax mode).
 */
function translateOpenJson({ json, path, columns }: OpenJson, scope: ClauseScope): TranslatedQuery {
  const asText = (expression: Expression): string =>
    textOf(convertTo(translateExpression(expression, scope), anyText, 'implicit'));
  // Members that lie directly in a row: PostgreSQL takes all of them out of it at once.
  const members = new Set<string>();
  const cells = columns.map(({ name, type, path: own, asJson }) => {
    const steps = jsonSteps(own ?? `$."${name}"`);
    const found = `row #> ${jsonStepsText(steps)}`;
    if (asJson) return { ...typed(`tsql.json_part(${found})`, type, true), name };
    const [member = '', further] = steps;
    const isMember = member !== '' && further === undefined && Buffer.byteLength(member) <= longestName;
    if (isMember) members.add(`${quoteName(member)} json`);
    const scalar = typed(
      `tsql.json_scalar(${isMember ? `field.${quoteName(member)}` : found})`,
      anyText,
      true,
    );
    return { ...convertTo(scalar, type, 'explicit'), name, nullable: true };
  });
  const start = path === undefined ? '$' : translateExpression(path, scope).constant;
  if (start === undefined) throw notSupported('OPENJSON with a path that is not a literal');
  const rows = `tsql.json_rows(${asText(json)}, ${jsonStepsText(jsonSteps(start))}) AS row`;
  const object = "CASE json_typeof(row) WHEN 'object' THEN row ELSE '{}' END";
  const fields = members.size === 0 ? '' : `, json_to_record(${object}) AS field(${[...members].join(', ')})`;
  return {
    // A WITH query, because PostgreSQL would read every cell anew for each row of a table that it joins this to.
    sql: `WITH cell AS MATERIALIZED (SELECT ${listText(cells)} FROM ${rows}${fields}) SELECT * FROM cell`,
    columns: cells,
  };
}
