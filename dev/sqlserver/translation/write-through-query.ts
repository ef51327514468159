import { sqlError } from '../errors.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { CommonTableExpression, QuerySpecification, Query } from '../parser/syntax.ts';
import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { quoteName } from '../catalogue/catalogue.ts';
import { lockClauses } from './row-locks.ts';
import type { Source } from './scope.ts';
import { ClauseScope } from './scope.ts';
import { limitOf, orderByOf } from './order-by.ts';
import { resultColumns } from './translate-query.ts';
import { translateSources } from './translate-source.ts';
import { holdKey, pickedPlan, writeLock } from './picked-rows.ts';
import type { Write, WritePlan } from './picked-rows.ts';

interface View {
  name: string;
  query: Query;
  columns: readonly string[] | undefined;
}

/** `WITH q AS (SELECT TOP … ORDER BY …) UPDATE q …`, or the same with a derived table in FROM. */
export function writtenView({ target, with: queries, from }: Write): View | undefined {
  if (target.kind !== 'table' || target.table.schema !== undefined) return undefined;
  const wanted = target.table.name.toLowerCase();
  const [only, second] = from;
  if (only?.kind === 'derived' && second === undefined && only.alias.toLowerCase() === wanted) {
    return { name: wanted, query: only.query, columns: only.columns };
  }
  const isCommon = ({ name }: CommonTableExpression): boolean => name.toLowerCase() === wanted;
  const common = queries.find(isCommon);
  if (common === undefined) return undefined;
  const isPlain =
    from.length === 0 ||
    (second === undefined && only?.kind === 'table' && only.table.name.toLowerCase() === wanted);
  if (!isPlain) throw notSupported(`writing to the query ${target.table.name} together with FROM`);
  return { name: wanted, query: common.query, columns: common.columns };
}

export function planView(statement: Write, view: View, outer: ClauseScope, withSql: string): WritePlan {
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
