import { sqlError } from '../errors.ts';
import { translateCondition } from '../expressions/translate-condition.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type {
  CommonTableExpression,
  Condition,
  DeleteStatement,
  QuerySpecification,
  Query,
  TableHint,
  TableReference,
  TableSource,
  UpdateStatement,
} from '../parser/syntax.ts';
import type { CatalogueTable } from './catalogue.ts';
import { pgTable, quoteName } from './catalogue.ts';
import { lockClauses, lockKey, lockText } from './row-locks.ts';
import type { RowLock } from './row-locks.ts';
import type { Source } from './scope.ts';
import { ClauseScope } from './scope.ts';
import { limitOf, orderByOf, resultColumns, seenAs, translateWith } from './translate-query.ts';
import { sourceOf, translateSource, translateSources } from './translate-source.ts';
import type { TableInFrom } from './translate-source.ts';
import type { Translation } from './translation.ts';
import { writtenTable } from './written-table.ts';

type Write = (UpdateStatement | DeleteStatement) & { line: number };

/**
 * How an UPDATE or DELETE reaches its rows. `direct`: PostgreSQL's own form, which after waiting for another session looks
 * at the row again. `picked`: the rows are locked and numbered by a WITH query first (TOP, ORDER BY, READPAST, outer joins).
 */
export interface WritePlan {
  kind: 'direct' | 'picked';
  table: CatalogueTable;
  /** The scope of SET and WHERE. */
  scope: ClauseScope;
  /** The WITH clause so far, with its trailing blank. */
  withSql: string;
  /** PostgreSQL's name of the row that is written. */
  alias: string;
  /** The other sources as RETURNING may name them. */
  others: readonly Source[];
  /** When written through a WITH query or derived table: the table's columns, and what they are called there. */
  names?: ReadonlyMap<string, string>;
  /** Has PostgreSQL compute a value with the row as it was found, and gives the text under which SET can use it. */
  keep(sql: string): string;
  /** FROM (or USING) and WHERE, to be asked for after the last `keep`. */
  rest(): { withSql: string; from: string; where: string };
}

export function planWrite(statement: Write, translation: Translation): WritePlan {
  const { sql: withSql, scope: outer } = translateWith(statement.with, new ClauseScope(translation, []));
  const view = writtenView(statement);
  if (view !== undefined) return planView(statement, view, outer, statement.with.length > 1 ? withSql : '');
  const target = targetOf(statement);
  const { from } = statement;
  const whole = contains(from, target.reference) ? from : [target.reference, ...from];
  const isPicked = statement.top !== undefined || needsPicking(target, whole);
  const flat = isPicked ? undefined : flatten(whole, target.reference);
  return flat === undefined
    ? planPicked(statement, target, whole, outer, withSql)
    : planDirect(statement, target, flat, outer, withSql);
}

/** PostgreSQL's own UPDATE waits for every lock, and locks nothing but the rows it writes. */
function needsPicking({ reference, hints }: Target, sources: readonly TableSource[]): boolean {
  const waitsOtherwise = hints.includes('READPAST') || hints.includes('NOWAIT');
  const others = tableReferences(sources).filter((table) => table !== reference);
  return waitsOtherwise || others.some((table) => lockText(table.hints) !== undefined);
}

// -------------------------------------------------------------------------------------------- which table

interface Target {
  reference: TableReference;
  hints: readonly TableHint[];
}

/** The table of FROM that the statement writes, by alias or name; else the table itself. Table variables read like tables. */
function targetOf({ target, from, line }: Write): Target {
  if (target.kind === 'tableVariable') {
    return {
      reference: { kind: 'table', table: { name: target.variable.name }, hints: [], line },
      hints: [],
    };
  }
  const { table, hints } = target;
  const wanted = table.name.toLowerCase();
  const candidates = tableReferences(from);
  const byAlias =
    table.schema === undefined ? candidates.find(({ alias }) => alias?.toLowerCase() === wanted) : undefined;
  const found = byAlias ?? candidates.find((candidate) => candidate.table.name.toLowerCase() === wanted);
  const reference = found ?? { kind: 'table', table, hints, line };
  return { reference, hints: [...new Set([...reference.hints, ...hints])] };
}

function tableReferences(sources: readonly TableSource[]): TableReference[] {
  return sources.flatMap((source): TableReference[] => {
    if (source.kind === 'table') return [source];
    return 'left' in source ? tableReferences([source.left, source.right]) : [];
  });
}

const contains = (sources: readonly TableSource[], target: TableReference): boolean =>
  tableReferences(sources).includes(target);

// ------------------------------------------------------------------------------------------------ direct

/** FROM taken apart: everything but the target, and the conditions of the inner joins around it. */
interface Flat {
  others: readonly TableSource[];
  conditions: readonly Condition[];
}

/** Undefined where an outer join or APPLY stands between: those PostgreSQL cannot write through. */
function flatten(sources: readonly TableSource[], target: TableReference): Flat | undefined {
  const others: TableSource[] = [];
  const conditions: Condition[] = [];
  const take = (source: TableSource): boolean => {
    if (source === target) return true;
    if (!contains([source], target)) {
      others.push(source);
      return true;
    }
    if (source.kind === 'crossJoin') return take(source.left) && take(source.right);
    if (source.kind !== 'join' || source.join !== 'inner') return false;
    conditions.push(source.on);
    return take(source.left) && take(source.right);
  };
  return sources.every(take) ? { others, conditions } : undefined;
}

function planDirect(
  statement: Write,
  { reference: target, hints }: Target,
  flat: Flat,
  outer: ClauseScope,
  withSql: string,
): WritePlan {
  const { translation } = outer;
  const table = writtenTable({ kind: 'table', table: target.table, hints: [] }, translation, target.line);
  const alias = translation.alias();
  const others = flat.others.map((source) => translateSource(source, { outer, locksInside: false }));
  const otherSources = others.flatMap(({ sources }) => sources);
  const scope = outer.within([sourceOf(table, alias, target.alias), ...otherSources]);
  const conditions = [...flat.conditions, ...(statement.where === undefined ? [] : [statement.where])];
  const texts = conditions.map((condition) => translateCondition(condition, scope));
  holdKey(hints, table, alias, statement.where, scope);
  const from = others.map(({ sql }) => sql).join(' CROSS JOIN ');
  const where = texts.length === 0 ? '' : ` WHERE ${texts.map((text) => `(${text})`).join(' AND ')}`;
  return {
    kind: 'direct',
    table,
    scope,
    withSql,
    alias,
    others: otherSources,
    keep: (sql) => sql,
    rest: () => ({ withSql, from, where }),
  };
}

function holdKey(
  written: readonly TableHint[],
  table: CatalogueTable,
  alias: string,
  where: Condition | undefined,
  scope: ClauseScope,
): void {
  const holds = written.some((hint) => hint === 'HOLDLOCK' || hint === 'SERIALIZABLE');
  const hints: readonly TableHint[] = [...written, 'UPDLOCK'];
  if (holds) lockKey({ table, alias }, hints, where, scope);
}

// ------------------------------------------------------------------------------------------------ picked

/** The rows to be written are locked as they are found. */
function writeLock({ optional }: TableInFrom, hints: readonly TableHint[]): RowLock | undefined {
  return optional ? undefined : lockText([...hints, 'UPDLOCK']);
}

function planPicked(
  statement: Write,
  { reference: target, hints }: Target,
  sources: readonly TableSource[],
  outer: ClauseScope,
  withSql: string,
): WritePlan {
  const from = translateSources(sources, outer);
  const written = from.tables.find(({ reference }) => reference === target);
  if (written === undefined) throw notSupported(`writing to ${target.table.name}`, statement.line);
  const scope = outer.within(from.sources);
  const where = statement.where === undefined ? '' : ` WHERE ${translateCondition(statement.where, scope)}`;
  holdKey(hints, written.table, written.alias, statement.where, scope);
  const limit = limitOf(statement.top, { orderBy: [] }, outer);
  const tables = from.tables.map((table) =>
    table === written ? { ...table, lock: writeLock(table, hints) } : table,
  );
  const locks = lockClauses(tables);
  const others = from.sources.filter(({ columns }) => !columns[0]?.value.sql.startsWith(`${written.alias}.`));
  return pickedPlan({
    table: written.table,
    inner: written.alias,
    scope,
    withSql,
    others,
    text: `${from.sql}${where}${limit}${locks}`,
  });
}

interface Picked {
  table: CatalogueTable;
  /** The table's alias inside the WITH query. */
  inner: string;
  scope: ClauseScope;
  withSql: string;
  others: readonly Source[];
  /** From FROM on. */
  text: string;
  names?: ReadonlyMap<string, string>;
}

function pickedPlan({ table, inner, scope, withSql, others, text, names }: Picked): WritePlan {
  const { translation } = scope;
  const alias = translation.alias();
  const picked = translation.alias();
  const keys = table.primaryKey.length > 0 ? table.primaryKey.map(quoteName) : ['ctid'];
  const kept = keys.map((key) => `${inner}.${key}`);
  const keep = (sql: string): string => `${picked}.k${kept.push(sql)}`;
  const plan: WritePlan = {
    kind: 'picked',
    table,
    scope,
    withSql,
    alias,
    others: others.map((source) => ({
      ...source,
      columns: source.columns.map((column) => ({
        ...column,
        value: seenAs(column.value, keep(column.value.sql)),
      })),
    })),
    keep,
    rest() {
      const list = kept.map((sql, index) => `${sql} AS k${index + 1}`).join(', ');
      const joined = withSql === '' ? 'WITH ' : `${withSql.trimEnd()}, `;
      const match = keys.map((key, index) => `${alias}.${key} = ${picked}.k${index + 1}`).join(' AND ');
      return {
        withSql: `${joined}${picked} AS MATERIALIZED (SELECT ${list}${text}) `,
        from: picked,
        where: ` WHERE ${match}`,
      };
    },
  };
  return names === undefined ? plan : { ...plan, names };
}

// --------------------------------------------------------------------- through a WITH query or a derived table

interface View {
  name: string;
  query: Query;
  columns: readonly string[] | undefined;
  isNamed: boolean;
}

/** `WITH q AS (SELECT TOP … ORDER BY …) UPDATE q …`, or the same with a derived table in FROM. */
function writtenView({ target, with: queries, from }: Write): View | undefined {
  if (target.kind !== 'table' || target.table.schema !== undefined) return undefined;
  const wanted = target.table.name.toLowerCase();
  const [only, second] = from;
  if (only?.kind === 'derived' && second === undefined && only.alias.toLowerCase() === wanted) {
    return { name: wanted, query: only.query, columns: only.columns, isNamed: false };
  }
  const isCommon = ({ name }: CommonTableExpression): boolean => name.toLowerCase() === wanted;
  const common = queries.find(isCommon);
  if (common === undefined) return undefined;
  const isPlain =
    from.length === 0 ||
    (second === undefined && only?.kind === 'table' && only.table.name.toLowerCase() === wanted);
  if (!isPlain) throw notSupported(`writing to the query ${target.table.name} together with FROM`);
  return { name: wanted, query: common.query, columns: common.columns, isNamed: true };
}

function planView(statement: Write, view: View, outer: ClauseScope, withSql: string): WritePlan {
  const { body } = view.query;
  if (body.kind !== 'select' || body.distinct || body.groupBy.length > 0) {
    throw notSupported(`writing to the query ${view.name}, which is not a plain SELECT`, statement.line);
  }
  const isLimited = body.top !== undefined || view.query.fetch !== undefined;
  if (statement.top !== undefined || (isLimited && statement.where !== undefined)) {
    throw notSupported(`TOP or WHERE on the query ${view.name}, which has its own`, statement.line);
  }
  const from = translateSources(body.from, outer);
  const [written] = from.tables;
  if (written === undefined) throw notSupported(`writing to the query ${view.name}`, statement.line);
  const base = outer.within(from.sources);
  const { source, names } = viewSource(view, body, base, written.alias, written.table);
  const scope = outer.within([source]);
  const conditions = [
    ...(body.where === undefined ? [] : [translateCondition(body.where, base)]),
    ...(statement.where === undefined ? [] : [translateCondition(statement.where, scope)]),
  ];
  const { reference } = written;
  holdKey(reference.hints, written.table, written.alias, body.where, base);
  const where =
    conditions.length === 0 ? '' : ` WHERE ${conditions.map((text) => `(${text})`).join(' AND ')}`;
  const orderBy = orderByOf(view.query.orderBy, [], base, false);
  const locks = lockClauses([{ ...written, lock: writeLock(written, reference.hints) }]);
  const text = `${from.sql}${where}${orderBy}${limitOf(body.top, view.query, outer)}${locks}`;
  return pickedPlan({ table: written.table, inner: written.alias, scope, withSql, others: [], text, names });
}

function viewSource(
  view: View,
  body: QuerySpecification,
  base: ClauseScope,
  alias: string,
  table: CatalogueTable,
): { source: Source; names: ReadonlyMap<string, string> } {
  const columns = resultColumns(body.items, base, base.sources);
  const names = new Map<string, string>();
  const named = columns.map(({ name, value, identity }, index) => {
    const own = view.columns?.[index] ?? name;
    const column = table.columns.find((candidate) => value.sql === `${alias}.${quoteName(candidate.name)}`);
    if (column !== undefined) names.set(column.name.toLowerCase(), own);
    return { name: own, value, identity };
  });
  if (named.some(({ name }) => name === '')) throw sqlError(8155, [1, view.name]);
  return { source: { name: view.name, columns: named }, names };
}

export const writtenAs = (plan: WritePlan): string => `${pgTable(plan.table)} AS ${plan.alias}`;
