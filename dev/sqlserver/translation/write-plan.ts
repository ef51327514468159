import { translateCondition } from '../functions/translate-condition.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Condition, TableHint, TableReference, TableSource } from '../parser/syntax.ts';
import { lockClauses, lockText } from './row-locks.ts';
import { ClauseScope } from './scope.ts';
import { limitOf } from './order-by.ts';
import { translateWith } from './translate-query.ts';
import { sourceOf, translateSource, translateSources } from './translate-source.ts';
import type { Translation } from './translation.ts';
import { writtenTable } from './written-table.ts';
import { holdKey, pickedPlan, writeLock } from './picked-rows.ts';
import type { Write, WritePlan } from './picked-rows.ts';
import { planView, writtenView } from './write-through-query.ts';

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

// ------------------------------------------------------------------------------------------------ picked

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
