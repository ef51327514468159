import type { CatalogueColumn, CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName, requiredColumn } from '../catalogue/catalogue.ts';
import { sqlError } from '../errors.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { InsertStatement } from '../parser/syntax.ts';
import type { Typed } from '../types/contract.ts';
import { ClauseScope } from './scope.ts';
import { seen, translateQuery, translateWith, withText } from './translate-query.ts';
import { sourceOf } from './translate-source.ts';
import type { Environment, Translated } from './translation.ts';
import { Translation } from './translation.ts';
import { assigned, outputColumns, refuseTwice, refuseTarget, written } from './written-rows.ts';

type Insert = InsertStatement & { line: number };

export function translateInsert(statement: Insert, environment: Environment): Translated {
  const { line, target } = statement;
  const translation = new Translation(environment);
  const table = translation.table(target.table, line);
  refuseTarget(table, target.hints, line);
  const columns =
    statement.columns?.map((name) => requiredColumn(table, name, line)) ??
    table.columns.filter(({ identity }) => !identity);
  refuseTwice(columns, line);
  const { queries, scope } = translateWith(statement.with, new ClauseScope(translation, []));
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const rows = insertedRows(statement, table, columns, scope);
  const inserted = sourceOf(table, 'new', 'inserted');
  return written(translation, {
    verb: 'INSERT',
    table,
    text: `${withText(queries)}INSERT INTO ${pgTable(table)} (${names}) ${rows}`,
    output: outputColumns(statement.output, [inserted], translation),
    identity: inserted.columns.find(({ identity }) => identity),
  });
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
    return column === undefined ? value.sql : assigned(value, column, table, scope.translation);
  };
  if (source.kind === 'query') {
    const query = translateQuery(source.query, scope);
    refuseWidth(query.columns.length, 120, 121);
    const cells = seen(query.columns, 'q').map(({ value }, index) => assign(value, index));
    return `SELECT ${cells.join(', ')} FROM (${query.sql}) AS q`;
  }
  const rows = source.rows.map((row) => {
    refuseWidth(row.length, 109, 110);
    const cells = row.map((value, index) =>
      value.kind === 'default' ? 'DEFAULT' : assign(translateExpression(value, scope), index),
    );
    return `(${cells.join(', ')})`;
  });
  return `VALUES ${rows.join(', ')}`;
}
