import type { CatalogueColumn, CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, primaryKeyOf, quoteName, requiredColumn } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DeleteStatement, InsertStatement, TableHint, UpdateStatement } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { assignTo, convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { limitOf } from './order-by.ts';
import { dirty, lockClauses, lockKeys, lockOf } from './row-locks.ts';
import type { NamedColumn, Source } from './scope.ts';
import { ClauseScope, isSameName } from './scope.ts';
import { listText, seen, selectList, translateQuery } from './translate-query.ts';
import { translateWith, whereText, withText } from './translate-query.ts';
import type { From, TableInFrom } from './translate-source.ts';
import { alone, sourceOf, tableInFrom, together, translateFrom } from './translate-source.ts';
import type { Translated, Translation } from './translation.ts';

type Insert = InsertStatement & { line: number };
type Change = (UpdateStatement | DeleteStatement) & { line: number };

export function translateInsert(statement: Insert, translation: Translation): Translated {
  const { line, target } = statement;
  const table = translation.table(target.table, line);
  refuseTarget(table, target.hints, line);
  const columns =
    statement.columns?.map((name) => requiredColumn(table, name, line)) ??
    table.columns.filter(({ identity }) => !identity);
  refuseTwice(columns, line);
  const { queries, scope } = translateWith(statement.with, new ClauseScope(translation, []));
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const rows = insertedRows(statement, table, columns, scope);
  const text = `${withText(queries)}INSERT INTO ${pgTable(table)} (${names}) ${rows}`;
  return written(statement, table, [sourceOf(table, 'new', 'inserted')], translation, () => text);
}

function insertedRows(
  { source, columns: listed, line }: Insert,
  table: CatalogueTable,
  columns: readonly CatalogueColumn[],
  scope: ClauseScope,
): string {
  const refuseWidth = (width: number, few: 109 | 120, many: 110 | 121): void => {
    if (width === columns.length) return;
    throw sqlError(listed === undefined ? 213 : width < columns.length ? few : many, [], line);
  };
  const assign = (value: Typed, index: number): string => {
    const column = columns[index];
    if (column?.type.name === 'rowversion') throw sqlError(273, [], line);
    if (column?.identity) throw sqlError(544, [table.name], line);
    return column === undefined ? value.sql : assigned(value, column, table, scope);
  };
  if (source.kind === 'query') {
    const query = translateQuery(source.query, scope);
    refuseWidth(query.columns.length, 120, 121);
    return `SELECT ${seen(query.columns, 'q').map(assign).join(', ')} FROM (${query.sql}) AS q`;
  }
  const rows = source.rows.map((row) => {
    refuseWidth(row.length, 109, 110);
    return row.map((value) => (value.kind === 'default' ? undefined : translateExpression(value, scope)));
  });
  // As in a UNION, the values of a column have one type.
  const types = columns.map((_, index) => unionType(rows.flatMap((row) => row[index] ?? [])));
  const texts = rows.map((row) => {
    const cells = row.map((value, index) => {
      const type = types[index];
      if (value === undefined || type === undefined) return 'DEFAULT';
      return assign(value.type.name === type.name ? value : convertTo(value, type, 'implicit'), index);
    });
    return `(${cells.join(', ')})`;
  });
  return `VALUES ${texts.join(', ')}`;
}

/**
 * UPDATE and DELETE. PostgreSQL's own way is taken where it has one: it looks again at a row for which it has waited, and
 * locks no more than what it writes. What it cannot write through (TOP, READPAST, outer joins, APPLY, locks on other
 * tables) a WITH query picks first: it locks the rows, and computes what SET and OUTPUT need.
 */
export function translateChange(statement: Change, translation: Translation): Translated {
  const { queries, scope: outer } = translateWith(statement.with, new ClauseScope(translation, []));
  const { from, target } = fromWithTarget(statement, outer);
  const { table, alias } = target;
  refuseTarget(table, statement.target.hints, statement.line);
  const scope = outer.within(from.sources);
  const where = whereText(from.conditions, statement.where, scope);
  const limit = limitOf(statement.top, { orderBy: [] }, outer);
  const readHints = target.reference.hints.filter((hint) => !dirty.includes(hint));
  const hints: TableHint[] = [...readHints, ...statement.target.hints, 'UPDLOCK'];
  lockKeys(target, hints, statement.where, scope);
  const lock = lockOf(hints);
  const others = from.tables.filter((other) => other !== target);
  const isDirect =
    limit === '' &&
    lock?.waiting === '' &&
    from.members.includes(target) &&
    others.every((other) => other.lock === undefined);

  const primaryKey = primaryKeyOf(table);
  const keys = primaryKey.length > 0 ? primaryKey.map(quoteName) : ['ctid'];
  const kept = keys.map((key) => `${alias}.${key}`);
  /** The text of a value that is computed with the row as it was found. */
  const keep = (sql: string): string => {
    const place = kept.indexOf(sql) + 1;
    return isDirect ? sql : `picked.k${place > 0 ? place : kept.push(sql)}`;
  };
  const isUpdate = statement.kind === 'update';
  const set = isUpdate ? ` SET ${setText(statement, table, scope, keep)}` : '';
  const before = sourceOf(table, 'old', 'deleted');
  const sources = from.sources
    .filter(({ name }) => name !== target.source.name)
    .map((source) => ({ ...source, columns: source.columns.map((column) => keptColumn(column, keep)) }));
  const seenByOutput = isUpdate
    ? [sourceOf(table, 'new', 'inserted'), before, ...sources]
    : [before, ...sources];
  return written(statement, table, seenByOutput, translation, () => {
    const members = from.members.filter((member) => !isDirect || member !== target);
    const read = members.map(({ sql }) => sql(false)).join(', ');
    const list = kept.map((sql, index) => `${sql} AS k${index + 1}`).join(', ');
    const locks = lockClauses([...others, { ...target, lock }]);
    const picked = `picked AS MATERIALIZED (SELECT ${list} FROM ${read}${where}${limit}${locks})`;
    const match = keys.map((key, index) => `written.${key} = picked.k${index + 1}`).join(' AND ');
    const [name, using, which] = isDirect ? [alias, read, where] : ['written', 'picked', ` WHERE ${match}`];
    const change = `${isUpdate ? 'UPDATE' : 'DELETE FROM'} ${pgTable(table)} AS ${name}${set}`;
    const other = using && ` ${isUpdate ? 'FROM' : 'USING'} ${using}`;
    return `${withText(isDirect ? queries : [...queries, picked])}${change}${other}${which}`;
  });
}

/** FROM with the table that is written: the one of that alias or name in it, or one more. */
function fromWithTarget(
  { target: { table, hints }, from: sources, line }: Change,
  outer: ClauseScope,
): { from: From; target: TableInFrom } {
  const isMeant = (name: string | undefined): boolean => isSameName(name, table.name);
  const from = translateFrom(sources, outer);
  const exposed = from.tables.find(({ reference: { alias, table: own } }) =>
    alias === undefined ? isMeant(own.name) : !table.schema && isMeant(alias),
  );
  const [named, second] = exposed
    ? [exposed]
    : from.tables.filter(({ reference }) => isMeant(reference.table.name));
  if (second !== undefined) throw sqlError(8154, [table.name], line);
  if (named !== undefined) return { from, target: named };
  if (!table.schema && (outer.namedQuery(table.name) || from.sources.some(({ name }) => isMeant(name))))
    throw notSupported(`writing to the query ${table.name}`, line);
  const target = tableInFrom({ kind: 'table', table, hints, line }, outer);
  return { from: together(alone(target), from), target };
}

function setText(
  { assignments, line }: UpdateStatement & { line: number },
  table: CatalogueTable,
  scope: ClauseScope,
  keep: (sql: string) => string,
): string {
  const columns: CatalogueColumn[] = [];
  const pairs = assignments.map(({ column: { name, line: at }, value }) => {
    const column = requiredColumn(table, name, at);
    if (column.type.name === 'rowversion') throw sqlError(272, [], line);
    if (column.identity) throw sqlError(8102, [column.name], line);
    columns.push(column);
    if (value.kind === 'default') return `${quoteName(column.name)} = DEFAULT`;
    return `${quoteName(column.name)} = ${keep(assigned(translateExpression(value, scope), column, table, scope))}`;
  });
  refuseTwice(columns, line);
  return pairs.join(', ');
}

/** A column of FROM as OUTPUT can name it. */
const keptColumn = (column: NamedColumn, keep: (sql: string) => string): NamedColumn => ({
  ...column,
  get sql() {
    return keep(column.sql);
  },
});

// ---------------------------------------------------------------------------------------------- what they share

/** Throws 1065 for hints that no target has, 259 for a system view. */
function refuseTarget({ schema }: CatalogueTable, hints: readonly TableHint[], line: number): void {
  if (hints.some((hint) => dirty.includes(hint))) throw sqlError(1065, [], line);
  if (schema !== 'dbo') throw sqlError(259, [], line);
}

function refuseTwice(columns: readonly CatalogueColumn[], line: number): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw sqlError(264, [twice.name], line);
}

/** The value as the column stores it. */
function assigned(
  value: Typed,
  { name, type }: CatalogueColumn,
  table: CatalogueTable,
  scope: ClauseScope,
): string {
  return assignTo(value, { table: scope.translation.nameInMessages(table), column: name, type }).sql;
}

/** Whether it gives a unique column what is computed of columns. */
const shiftsKeys = ({ assignments }: UpdateStatement, { indexes }: CatalogueTable): boolean =>
  assignments.some(
    ({ column, value }) =>
      /"kind":"(column|subquery)"/.test(JSON.stringify(value)) &&
      indexes.some(({ unique, columns }) => unique && columns.some((key) => isSameName(key, column.name))),
  );

const verbs = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;

/**
 * The whole statement, which gives back what OUTPUT names (of the rows before and after, `deleted` and `inserted`, and of
 * the other sources) and an identity value that it took. `text` is asked for when OUTPUT has been translated.
 */
function written(
  statement: Insert | Change,
  table: CatalogueTable,
  sources: readonly Source[],
  translation: Translation,
  text: () => string,
): Translated {
  const { kind, output } = statement;
  const columns = output && selectList(output.items, new ClauseScope(translation, sources));
  const identity = kind === 'insert' ? sources[0]?.columns.find((column) => column.identity) : undefined;
  const list = [...(columns ?? []), ...(identity ? [identity] : [])];
  return translation.finished(list.length === 0 ? text() : `${text()} RETURNING ${listText(list)}`, {
    verb: verbs[kind],
    ...(statement.kind === 'update' && { shiftsKeys: shiftsKeys(statement, table) }),
    target: translation.nameInMessages(table),
    types: list.map(({ type }) => type),
    ...(columns && { columns }),
    ...(identity && { identityPlace: list.length - 1 }),
  });
}
