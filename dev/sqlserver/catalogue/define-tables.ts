import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { DefinitionStatement, ObjectName } from '../parser/syntax.ts';
import { executeScript } from '../session/execute-statement.ts';
import type { SessionContext } from '../session/session-context.ts';
import type { Environment } from '../translation/translation.ts';
import { writtenName } from '../translation/translation.ts';
import { isSameName, pgTable, quoteName } from './catalogue.ts';
import type { CatalogueTable } from './catalogue.ts';
import { createIndex, indexName } from './create-index.ts';
import { checkName, tableParts } from './table-parts.ts';

const verbs = {
  createTable: 'CREATE TABLE',
  alterTableAdd: 'ALTER TABLE',
  createIndex: 'CREATE INDEX',
  dropIndex: 'DROP INDEX',
  dropTable: 'DROP TABLE',
  truncateTable: 'TRUNCATE TABLE',
};

type Of<K extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: K }> & { line: number };

/** The definitions that live inside one database and take part in its transactions. */
export type TableDefinition = Of<keyof typeof verbs>;

export async function defineTables(statement: TableDefinition, context: SessionContext): Promise<void> {
  const { kind, line } = statement;
  const names = kind === 'dropTable' ? statement.tables : [statement.table];
  const [first] = names;
  const target = first?.name ?? '';
  const verb = verbs[kind];
  if (!context.principal.isOwner) {
    if (kind === 'createTable') throw sqlError(262, [verb, context.database.name], line);
    if (kind === 'dropTable') throw sqlError(3701, ['drop', 'table', target], line);
    if (kind === 'dropIndex') throw sqlError(3701, ['drop', 'index', `${target}.${statement.index}`], line);
    throw sqlError(1088, [target], line);
  }
  const texts = translate(statement, await context.environment(new Map()));
  if (texts.length === 0) return;
  const written =
    kind === 'dropTable' && first ? writtenName(first) : `${context.database.name}.dbo.${target}`;
  await executeScript(texts, context, { verb, target: written });
  await context.defined(names.map(({ name }) => name));
}

/** What PostgreSQL is to run for it, in order. */
function translate(statement: TableDefinition, environment: Environment): readonly string[] {
  const { line } = statement;
  const here = { environment, line };
  const find = (name: ObjectName) => ownTable(name, environment, line);
  const required = (name: ObjectName, number: 1088 | 4701 | 4902): CatalogueTable => {
    const table = find(name);
    if (table === undefined) throw sqlError(number, [writtenName(name)], line);
    return table;
  };
  switch (statement.kind) {
    case 'createTable': {
      const { schema = 'dbo', name } = statement.table;
      checkName(name);
      if (find(statement.table) !== undefined) throw sqlError(2714, [name], line);
      if (schema.toLowerCase() !== 'dbo') throw sqlError(2760, [schema], line);
      const empty = { schema: 'dbo', name, columns: [], indexes: [] };
      const { table, parts, after } = tableParts(statement.elements, empty, here);
      return [`CREATE TABLE ${pgTable(table)} (${parts.join(', ')})`, ...after];
    }
    case 'alterTableAdd': {
      const before = required(statement.table, 4902);
      const { parts, after } = tableParts(statement.elements, before, here, statement.withNoCheck);
      const add = `ALTER TABLE ${pgTable(before)} ADD ${parts.join(', ADD ')}`;
      return parts.length === 0 ? after : [add, ...after];
    }
    case 'createIndex':
      return createIndex(statement, required(statement.table, 1088), environment);
    case 'dropIndex': {
      const table = find(statement.table);
      const index = table?.indexes.find(({ name }) => isSameName(name, statement.index));
      if (index?.constraint)
        throw sqlError(3723, [`${writtenName(statement.table)}.${index.name}`, index.constraint], line);
      if (table !== undefined && index !== undefined)
        return [`DROP INDEX dbo.${quoteName(indexName(table.name, index.name))}`];
      if (statement.ifExists) return [];
      throw sqlError(3701, ['drop', 'index', `${writtenName(statement.table)}.${statement.index}`], line);
    }
    case 'dropTable':
      return statement.tables.flatMap((name) => {
        const table = find(name);
        if (table !== undefined) return [`DROP TABLE ${pgTable(table)}`];
        if (statement.ifExists) return [];
        throw sqlError(3701, ['drop', 'table', writtenName(name)], line);
      });
    case 'truncateTable':
      return [`TRUNCATE ${pgTable(required(statement.table, 4701))} RESTART IDENTITY`];
  }
}

/** The table of that name; a system view is none. */
function ownTable(name: ObjectName, { catalogue }: Environment, line: number): CatalogueTable | undefined {
  const { database = catalogue.database } = name;
  if (!isSameName(database, catalogue.database))
    throw notSupported(`the name ${writtenName(name)} in another database`, line);
  const table = catalogue.find(name);
  return table?.schema === 'dbo' ? table : undefined;
}
