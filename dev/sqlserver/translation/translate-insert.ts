import { sqlError } from '../errors.ts';
import { assignTo } from '../types/convert.ts';
import type { Typed } from '../types/contract.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { InsertStatement, InsertValue } from '../parser/syntax.ts';
import type { CatalogueColumn, CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName, quoteText, requiredColumn } from '../catalogue/catalogue.ts';
import { returning } from './output-clause.ts';
import { ClauseScope } from './scope.ts';
import { bracketed, translateQuery, translateWith } from './translate-query.ts';
import type { Translated } from './translated.ts';
import { finished } from './translated.ts';
import type { BoundStatement, Environment } from './translation.ts';
import { Translation } from './translation.ts';
import { writtenTable, writtenTarget } from './written-table.ts';

const MAX_ROWS = 1_000;

export function translateInsert(
  statement: InsertStatement & { line: number },
  environment: Environment,
): Translated {
  const translation = new Translation(environment);
  if (statement.top !== undefined) throw notSupported('TOP in INSERT', statement.line);
  const table = writtenTable(statement.target, translation, statement.line);
  const columns = insertedColumns(statement, table);
  const { sql: withSql, scope } = translateWith(statement.with, new ClauseScope(translation, []));
  const source = insertSource(statement, table, columns, scope);
  const output = returning(statement.output, { table, scope, deleted: false, others: [], oldAlias: 'old' });
  const identity = table.columns.find((column) => column.identity);
  const list = output.list;
  if (identity !== undefined) list.push({ sql: `new.${quoteName(identity.name)}`, type: identity.type });
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const into = `INSERT INTO ${pgTable(table)}${columns.length === 0 ? '' : ` (${names})`}`;
  const text = output.wrap(withSql, `${into} ${source}`);
  return finished(translation, text, {
    ...output.result,
    types: list.map(({ type }) => type),
    verb: 'INSERT',
    target: writtenTarget(table, environment),
    ...(identity !== undefined && !output.isInto && { identityPlace: list.length - 1 }),
    after: identity !== undefined && columns.includes(identity) ? [raisedIdentity(table, identity)] : [],
  });
}

function insertedColumns(
  statement: InsertStatement & { line: number },
  table: CatalogueTable,
): CatalogueColumn[] {
  const { columns: names, source, line } = statement;
  if (source.kind === 'defaultValues') return [];
  const columns =
    names?.map((name) => requiredColumn(table, name, line)) ??
    table.columns.filter((column) => !column.identity);
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw sqlError(264, [twice.name], line);
  return [...columns];
}

function insertSource(
  statement: InsertStatement & { line: number },
  table: CatalogueTable,
  columns: readonly CatalogueColumn[],
  scope: ClauseScope,
): string {
  const { source, line } = statement;
  const { environment } = scope.translation;
  const assign = (value: Typed, column: CatalogueColumn): string => {
    refuseGenerated(column, table, environment, line);
    const target = { table: writtenTarget(table, environment), column: column.name, type: column.type };
    return assignTo(value, target).sql;
  };
  switch (source.kind) {
    case 'defaultValues':
      return 'DEFAULT VALUES';
    case 'values':
      return valuesText(source.rows, columns, scope, assign, {
        isListed: statement.columns !== undefined,
        line,
      });
    case 'query': {
      const query = translateQuery(source.query, new ClauseScope(scope.translation, [], scope));
      if (query.columns.length < columns.length)
        throw sqlError(statement.columns === undefined ? 213 : 120, [], line);
      if (query.columns.length > columns.length)
        throw sqlError(statement.columns === undefined ? 213 : 121, [], line);
      const cells = bracketed(query.columns, 'q').map((value, index) => {
        const column = columns[index];
        return column === undefined ? value.sql : assign(value, column);
      });
      return `SELECT ${cells.join(', ')} FROM (${query.sql}) AS q`;
    }
  }
}

function valuesText(
  rows: readonly (readonly InsertValue[])[],
  columns: readonly CatalogueColumn[],
  scope: ClauseScope,
  assign: (value: Typed, column: CatalogueColumn) => string,
  { isListed, line }: { isListed: boolean; line: number },
): string {
  if (rows.length > MAX_ROWS) throw sqlError(10738, [], line);
  const texts = rows.map((row) => {
    if (row.length !== columns.length)
      throw sqlError(!isListed ? 213 : row.length > columns.length ? 110 : 109, [], line);
    const cells = columns.map((column, index) => {
      const value = row[index];
      if (value === undefined || value.kind === 'default') return 'DEFAULT';
      return assign(translateExpression(value, scope), column);
    });
    return `(${cells.join(', ')})`;
  });
  return `VALUES ${texts.join(', ')}`;
}

function refuseGenerated(
  column: CatalogueColumn,
  table: CatalogueTable,
  environment: Environment,
  line: number,
): void {
  if (column.type.name === 'rowversion') throw sqlError(273, [], line);
  const isAllowed = environment.identityInsert === `${table.schema}.${table.name}`.toLowerCase();
  if (column.identity && !isAllowed) throw sqlError(544, [table.name], line);
}

/** After an explicit identity value the next generated one lies above it. */
function raisedIdentity(table: CatalogueTable, column: CatalogueColumn): BoundStatement {
  const sequence = `pg_get_serial_sequence(${quoteText(pgTable(table))}, ${quoteText(column.name)})`;
  const greatest = `SELECT max(${quoteName(column.name)})::bigint FROM ${pgTable(table)}`;
  const text = `SELECT setval(${sequence}, GREATEST((${greatest}), nextval(${sequence}) - 1))`;
  return { text, bindings: [], typeIds: [] };
}
