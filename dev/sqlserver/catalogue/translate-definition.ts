import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import { columnType } from '../types/storage.ts';
import type { DefinitionStatement, ObjectName } from '../parser/syntax.ts';
import type { CatalogueTable, RunQuery } from './catalogue.ts';
import { columnOf, noteOf, pgTable, quoteName, quoteText } from './catalogue.ts';
import { collationOf } from './collation-names.ts';
import { checkName, createIndex, indexName } from './translate-index.ts';
import { selectText } from '../translation/translate-select.ts';
import { alterTableAdd, createTable, noteText } from './translate-table.ts';
import { namesOf } from '../translation/translate-query.ts';
import type { Environment } from '../translation/translation.ts';
import { Translation, writtenName } from '../translation/translation.ts';

type Located<K extends DefinitionStatement['kind']> = Extract<DefinitionStatement, { kind: K }> & {
  line: number;
};

const inDatabase = [
  'createTable',
  'alterTableAdd',
  'alterTableAlterColumn',
  'alterTableDrop',
  'createIndex',
  'dropIndex',
  'dropTable',
  'truncateTable',
  'createSchema',
  'createView',
  'dropView',
] as const;

/** The definitions that live inside one database and take part in its transactions. */
export type DatabaseDefinition = Located<(typeof inDatabase)[number]>;

export function isDatabaseDefinition(statement: {
  kind: string;
  line: number;
}): statement is DatabaseDefinition {
  return inDatabase.some((kind) => kind === statement.kind);
}

/** What PostgreSQL is to run for it, in order. `query` asks the system tables of the session's database. */
export async function translateDefinition(
  statement: DatabaseDefinition,
  environment: Environment,
  query: RunQuery,
): Promise<readonly string[]> {
  const { line } = statement;
  const find = (name: ObjectName): CatalogueTable => alteredTable(name, environment, line);
  switch (statement.kind) {
    case 'createTable':
      return createTable(statement, environment);
    case 'alterTableAdd':
      find(statement.table);
      return alterTableAdd(statement, environment);
    case 'alterTableAlterColumn':
      return alterColumn(statement, find(statement.table), query);
    case 'alterTableDrop':
      return dropParts(statement, find(statement.table), query);
    case 'createIndex': {
      const table = find(statement.table);
      if (await indexOf(table, statement.name, query))
        throw sqlError(1913, [statement.name, `${table.schema}.${table.name}`], line);
      return createIndex(statement, table, environment);
    }
    case 'dropIndex':
      return dropIndex(statement, environment, query);
    case 'dropTable':
      return dropObjects(statement, 'table', statement.tables, environment);
    case 'dropView':
      return dropObjects(statement, 'view', statement.views, environment);
    case 'truncateTable':
      return [`TRUNCATE ${pgTable(find(statement.table))} RESTART IDENTITY`];
    case 'createSchema':
      checkName(statement.schema);
      if (environment.catalogue.schema(statement.schema) !== undefined)
        throw sqlError(2714, [statement.schema], line);
      return [
        `CREATE SCHEMA ${quoteName(statement.schema)}`,
        `GRANT USAGE ON SCHEMA ${quoteName(statement.schema)} TO PUBLIC`,
      ];
    case 'createView':
      return createView(statement, environment);
  }
}

function alteredTable(name: ObjectName, environment: Environment, line: number): CatalogueTable {
  if (name.name.startsWith('#')) return new Translation(environment).table(name, line);
  const table = environment.catalogue.find(name);
  if (table === undefined) throw sqlError(4902, [writtenName(name)], line);
  return table;
}

function alterColumn(
  statement: Located<'alterTableAlterColumn'>,
  table: CatalogueTable,
  query: RunQuery,
): Promise<readonly string[]> {
  const { column: written, type, collation, nullable, line } = statement;
  const column = columnOf(table, written);
  if (column === undefined) throw sqlError(4924, ['ALTER TABLE ALTER COLUMN', written, table.name], line);
  const name = quoteName(column.name);
  const alter = `ALTER TABLE ${pgTable(table)} ALTER COLUMN ${name}`;
  const value = convertTo({ sql: name, type: column.type, nullable: true }, type, 'implicit').sql;
  return readNote(table, column.name, query).then((note) => [
    `${alter} TYPE ${columnType(type, collationOf(collation))} USING ${value}`,
    `${alter} ${nullable === false || table.primaryKey.includes(column.name) ? 'SET' : 'DROP'} NOT NULL`,
    noteText(table, column.name, { ...note, type }),
  ]);
}

async function readNote(table: CatalogueTable, column: string, query: RunQuery) {
  const [row] = await query(
    `SELECT col_description(${quoteText(pgTable(table))}::regclass, attnum) FROM pg_attribute
     WHERE attrelid = ${quoteText(pgTable(table))}::regclass AND attname = ${quoteText(column)}`,
  );
  return noteOf(row?.[0]);
}

async function dropParts(
  { items, line }: Located<'alterTableDrop'>,
  table: CatalogueTable,
  query: RunQuery,
): Promise<readonly string[]> {
  const steps: string[] = [];
  for (const { kind, name, ifExists } of items) {
    const found =
      kind === 'column'
        ? await dropColumn(table, name, query, line)
        : await dropConstraint(table, name, query);
    if (found === undefined && !ifExists) {
      throw kind === 'column'
        ? sqlError(4924, ['ALTER TABLE DROP COLUMN', name, table.name], line)
        : sqlError(3728, [name], line);
    }
    steps.push(...(found ?? []));
  }
  return steps;
}

async function dropColumn(
  table: CatalogueTable,
  name: string,
  query: RunQuery,
  line: number,
): Promise<string[] | undefined> {
  const column = columnOf(table, name);
  if (column === undefined) return undefined;
  const note = await readNote(table, column.name, query);
  const [user] = await query(`
    SELECT CASE WHEN p.oid IS NULL THEN 'index' ELSE 'object' END, coalesce(p.conname, obj_description(i.indexrelid, 'pg_class'))
    FROM pg_index i LEFT JOIN pg_constraint p ON p.conindid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
    WHERE i.indrelid = ${quoteText(pgTable(table))}::regclass AND a.attname = ${quoteText(column.name)}
    UNION ALL
    SELECT 'object', p.conname FROM pg_constraint p JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = ANY (p.conkey)
    WHERE p.contype IN ('c', 'f') AND p.conrelid = ${quoteText(pgTable(table))}::regclass AND a.attname = ${quoteText(column.name)}`);
  const [kind, dependent] = note?.default === undefined ? (user ?? []) : ['object', note.default.name];
  if (kind != null && dependent != null) throw sqlError(5074, [kind, dependent, 'column', column.name], line);
  return [`ALTER TABLE ${pgTable(table)} DROP COLUMN ${quoteName(column.name)}`];
}

async function dropConstraint(
  table: CatalogueTable,
  name: string,
  query: RunQuery,
): Promise<string[] | undefined> {
  const alter = `ALTER TABLE ${pgTable(table)}`;
  const [row] = await query(
    `SELECT conname FROM pg_constraint WHERE conrelid = ${quoteText(pgTable(table))}::regclass AND lower(conname) = lower(${quoteText(name)})`,
  );
  if (row?.[0] != null) return [`${alter} DROP CONSTRAINT ${quoteName(row[0])}`];
  for (const column of table.columns) {
    const note = await readNote(table, column.name, query);
    if (note?.default?.name.toLowerCase() !== name.toLowerCase()) continue;
    const { default: _dropped, ...rest } = note;
    return [
      `${alter} ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT`,
      noteText(table, column.name, rest),
    ];
  }
  return undefined;
}

async function indexOf(table: CatalogueTable, name: string, query: RunQuery): Promise<boolean> {
  const relation = `${quoteName(table.schema)}.${quoteName(indexName(table.name, name))}`;
  const [row] = await query(`SELECT to_regclass(${quoteText(relation)}) IS NOT NULL`);
  return row?.[0] === 't';
}

async function dropIndex(
  { index, table: written, ifExists, line }: Located<'dropIndex'>,
  environment: Environment,
  query: RunQuery,
): Promise<readonly string[]> {
  const table =
    environment.catalogue.find(written) ?? environment.temporaryTables.get(written.name.toLowerCase());
  if (table !== undefined && (await indexOf(table, index, query))) {
    return [`DROP INDEX ${quoteName(table.schema)}.${quoteName(indexName(table.name, index))}`];
  }
  if (ifExists) return [];
  throw sqlError(3701, ['drop', 'index', `${writtenName(written)}.${index}`], line);
}

function dropObjects(
  { ifExists, line }: { ifExists: boolean; line: number },
  kind: 'table' | 'view',
  names: readonly ObjectName[],
  environment: Environment,
): readonly string[] {
  return names.flatMap((name) => {
    const object =
      environment.catalogue.find(name) ?? environment.temporaryTables.get(name.name.toLowerCase());
    if (object?.kind === kind) return [`DROP ${kind.toUpperCase()} ${pgTable(object)}`];
    if (ifExists) return [];
    throw sqlError(3701, ['drop', kind, writtenName(name)], line);
  });
}

function createView(
  { view, columns, select, line }: Located<'createView'>,
  environment: Environment,
): readonly string[] {
  const schema = environment.catalogue.schema(view.schema);
  if (schema === undefined) throw sqlError(2760, [view.schema ?? ''], line);
  if (environment.catalogue.find(view) !== undefined) throw sqlError(2714, [view.name], line);
  const { text, query } = selectText(select, new Translation(environment, 'definition'));
  const names = namesOf(view.name, query.columns, columns);
  const table: CatalogueTable = { id: 0, schema, name: view.name, kind: 'view', columns: [], primaryKey: [] };
  return [
    `CREATE VIEW ${pgTable(table)} (${names.map(quoteName).join(', ')}) AS ${text}`,
    ...query.columns.map(({ value }, index) => noteText(table, names[index] ?? '', { type: value.type })),
  ];
}
