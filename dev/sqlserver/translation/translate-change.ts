import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName, requiredColumn } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DeleteStatement, TableHint, UpdateStatement } from '../parser/syntax.ts';
import { limitOf } from './order-by.ts';
import { dirty, lockClauses, lockKeys, lockOf } from './row-locks.ts';
import type { Source } from './scope.ts';
import { ClauseScope, isSameName } from './scope.ts';
import { seenAs, translateWith, whereText, withText } from './translate-query.ts';
import type { From, TableInFrom } from './translate-source.ts';
import { alone, sourceOf, tableInFrom, together, translateFrom } from './translate-source.ts';
import type { Environment, Translated } from './translation.ts';
import { Translation } from './translation.ts';
import { assigned, outputColumns, refuseTwice, refuseTarget, written } from './written-rows.ts';

type Change = (UpdateStatement | DeleteStatement) & { line: number };

/** UPDATE and DELETE. */
export function translateChange(statement: Change, environment: Environment): Translated {
  const translation = new Translation(environment);
  const { queries, scope: outer } = translateWith(statement.with, new ClauseScope(translation, []));
  const { from, target } = fromWithTarget(statement, outer);
  const { table } = target;
  refuseTarget(table, statement.target.hints, statement.line);
  const read = target.reference.hints.filter((hint) => !dirty.includes(hint));
  const hints: TableHint[] = [...read, ...statement.target.hints, 'UPDLOCK'];
  const scope = outer.within(from.sources);
  const where = whereText(from.conditions, statement.where, scope);
  lockKeys(target, hints, statement.where, scope);
  const limit = limitOf(statement.top, { orderBy: [] }, outer);
  const locks = from.tables.map((one) => (one === target ? { ...one, lock: lockOf(hints) } : one));
  const isDirect =
    limit === '' &&
    from.members.includes(target) &&
    locks.every(({ alias, lock }) => (alias === target.alias ? lock?.waiting === '' : lock === undefined));
  const rows = isDirect
    ? directRows(from, target, where)
    : pickedRows(from, target, `${where}${limit}${lockClauses(locks)}`);

  const isUpdate = statement.kind === 'update';
  const name = `${pgTable(table)} AS ${rows.alias}`;
  const change = isUpdate
    ? `UPDATE ${name} SET ${setText(statement, table, scope, rows)}`
    : `DELETE FROM ${name}`;
  const images = [
    ...(isUpdate ? [sourceOf(table, 'new', 'inserted')] : []),
    sourceOf(table, 'old', 'deleted'),
  ];
  const others = from.sources.filter((source) => source.name !== target.source.name);
  const sources = [...images, ...others.map((source) => keptSource(source, rows))];
  const output = outputColumns(statement.output, sources, translation);
  const reached = rows.reached();
  const using = reached.from && ` ${isUpdate ? 'FROM' : 'USING'} ${reached.from}`;
  return written(translation, {
    verb: isUpdate ? 'UPDATE' : 'DELETE',
    table,
    text: `${withText([...queries, ...reached.queries])}${change}${using}${reached.where}`,
    output,
  });
}

/** FROM with the table that is written: the one of that alias or name in it, or one more. */
function fromWithTarget(
  { target: { table, hints }, from: sources, line }: Change,
  outer: ClauseScope,
): { from: From; target: TableInFrom } {
  const isMeant = (name: string | undefined): boolean => isSameName(name, table.name);
  const from = translateFrom(sources, outer);
  const named =
    from.tables.find(({ reference }) => !table.schema && isMeant(reference.alias)) ??
    from.tables.find(({ reference }) => isMeant(reference.table.name));
  if (named !== undefined) return { from, target: named };
  if (outer.namedQuery(table.name) || from.sources.some(({ name }) => isMeant(name)))
    throw notSupported(`writing to the query ${table.name}`, line);
  const target = tableInFrom({ kind: 'table', table, hints, line }, outer);
  return { from: together(alone(target), from), target };
}

function setText(
  { assignments, line }: UpdateStatement & { line: number },
  table: CatalogueTable,
  scope: ClauseScope,
  rows: ReachedRows,
): string {
  const set = assignments.map(({ column: { name, line: at }, value }) => {
    const column = requiredColumn(table, name, at);
    if (column.type.name === 'rowversion') throw sqlError(272, [], line);
    if (column.identity) throw sqlError(8102, [column.name], line);
    if (value.kind === 'default') return { column, sql: 'DEFAULT' };
    const stored = assigned(translateExpression(value, scope), column, table, scope.translation);
    return { column, sql: rows.keep(stored) };
  });
  refuseTwice(
    set.map(({ column }) => column),
    line,
  );
  return set.map(({ column, sql }) => `${quoteName(column.name)} = ${sql}`).join(', ');
}

/** A source of FROM as OUTPUT can name it. */
const keptSource = (source: Source, rows: ReachedRows): Source => ({
  ...source,
  columns: source.columns.map(({ name, value, identity }) => ({
    name,
    identity,
    get value() {
      return seenAs(value, rows.keep(value.sql));
    },
  })),
});

/** How PostgreSQL comes to the rows to be written. */
interface ReachedRows {
  /** Its name of the row that is written. */
  alias: string;
  /** Gives the text under which SET and OUTPUT can use a value that is computed with the row as it was found. */
  keep(sql: string): string;
  /** To be asked for after the last `keep`. */
  reached(): { queries: string[]; from: string; where: string };
}

/** PostgreSQL's own way: it looks again at a row for which it has waited, and locks no more than what it writes. */
function directRows({ members }: From, target: TableInFrom, where: string): ReachedRows {
  const others = members.filter((member) => member !== target).map(({ sql }) => sql(false));
  return {
    alias: target.alias,
    keep: (sql) => sql,
    reached: () => ({ queries: [], from: others.join(', '), where }),
  };
}

/** What PostgreSQL cannot write through (TOP, READPAST, outer joins, APPLY): a WITH query locks the rows and computes. */
function pickedRows({ members }: From, { table, alias }: TableInFrom, rest: string): ReachedRows {
  const keys = table.primaryKey.length > 0 ? table.primaryKey.map(quoteName) : ['ctid'];
  const kept = keys.map((key) => `${alias}.${key}`);
  return {
    alias: 'written',
    keep(sql) {
      const place = kept.indexOf(sql) + 1;
      return `picked.k${place > 0 ? place : kept.push(sql)}`;
    },
    reached() {
      const list = kept.map((sql, index) => `${sql} AS k${index + 1}`).join(', ');
      const from = members.map(({ sql }) => sql(false)).join(', ');
      const match = keys.map((key, index) => `written.${key} = picked.k${index + 1}`).join(' AND ');
      const query = `picked AS MATERIALIZED (SELECT ${list} FROM ${from}${rest})`;
      return { queries: [query], from: 'picked', where: ` WHERE ${match}` };
    },
  };
}
