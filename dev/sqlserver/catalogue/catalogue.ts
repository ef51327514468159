import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { ObjectName } from '../parser/syntax.ts';
import type { PgRow } from '../session/flight.ts';
import { systemViews } from './system-views.ts';

export interface CatalogueColumn {
  name: string;
  type: SqlType;
  nullable: boolean;
  identity: boolean;
  hasDefault: boolean;
}

export interface CatalogueIndex {
  name: string;
  /** Of a constraint, which has the same name. */
  constraint: 'PRIMARY KEY' | 'UNIQUE KEY' | null;
  clustered: boolean;
  /** In all rows of the table: not one with a filter. */
  unique: boolean;
  columns: readonly string[];
}

export interface CatalogueTable {
  /** dbo, or that of a system view: sys, INFORMATION_SCHEMA. */
  schema: string;
  name: string;
  columns: readonly CatalogueColumn[];
  indexes: readonly CatalogueIndex[];
}

export type RunQuery = (text: string) => Promise<readonly PgRow[]>;

/** The tables of dbo, each as the JSON text of a `CatalogueTable`. */
const tablesWhere = (which: string): string => `
SELECT json_build_object('schema', 'dbo', 'name', c.relname,
  'columns', (SELECT json_agg(json_build_object('name', a.attname, 'type', col_description(c.oid, a.attnum)::json -> 'type',
      'nullable', NOT a.attnotnull, 'identity', a.attidentity <> '', 'hasDefault', a.atthasdef OR a.attidentity <> '') ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
  'indexes', (SELECT coalesce(json_agg(json_build_object('name', coalesce(p.conname, obj_description(i.indexrelid, 'pg_class')),
      'constraint', CASE p.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE KEY' END, 'clustered', i.indisclustered,
      'unique', i.indisunique AND i.indpred IS NULL, 'columns', (SELECT json_agg(a.attname ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        WHERE k.place <= i.indnkeyatts))), '[]')
    FROM pg_index i LEFT JOIN pg_constraint p ON p.conindid = i.indexrelid AND p.contype IN ('p', 'u') WHERE i.indrelid = c.oid))
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'dbo'::regnamespace AND ${which}`;

async function readTables(query: RunQuery, which: string): Promise<readonly CatalogueTable[]> {
  const rows = await query(tablesWhere(which));
  return rows.map(([json]) => JSON.parse(json ?? '') as CatalogueTable);
}

/** Its columns; none when there is no primary key. */
export const primaryKeyOf = ({ indexes }: CatalogueTable): readonly string[] =>
  indexes.find(({ constraint }) => constraint === 'PRIMARY KEY')?.columns ?? [];

/** The names of one database as they stood at one moment. Names ignore case. */
export class Catalogue {
  readonly database: string;
  readonly #tables: Map<string, CatalogueTable>;

  private constructor(database: string, tables: Iterable<readonly [string, CatalogueTable]>) {
    this.database = database;
    this.#tables = new Map(tables);
  }

  static async load(database: string, query: RunQuery): Promise<Catalogue> {
    const tables = [...systemViews, ...(await readTables(query, 'true'))];
    return new Catalogue(
      database,
      tables.map((table) => [keyOf(table), table]),
    );
  }

  /** The same names, but these tables are read again: they were made, changed or dropped. */
  async with(names: readonly string[], query: RunQuery): Promise<Catalogue> {
    const changed = new Catalogue(this.database, this.#tables);
    for (const name of names) changed.#tables.delete(keyOf({ name }));
    const list = names.map((name) => quoteText(name.toLowerCase())).join(', ');
    for (const table of await readTables(query, `lower(c.relname) IN (${list})`))
      changed.#tables.set(keyOf(table), table);
    return changed;
  }

  find(name: ObjectName): CatalogueTable | undefined {
    return this.#tables.get(keyOf(name));
  }
}

const keyOf = ({ schema = 'dbo', name }: { schema?: string | undefined; name: string }): string =>
  `${schema}.${name}`.toLowerCase();

export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The column of that name, whatever its case. */
export const columnOf = (table: CatalogueTable, name: string): CatalogueColumn | undefined =>
  table.columns.find((column) => isSameName(column.name, name));

/** Throws 207. */
export function requiredColumn(table: CatalogueTable, name: string, line = 0): CatalogueColumn {
  const column = columnOf(table, name);
  if (column === undefined) throw sqlError(207, [name], line);
  return column;
}

/** A name or a text inside PostgreSQL's SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string =>
  ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export const pgTable = ({ schema, name }: CatalogueTable): string =>
  `${quoteName(schema)}.${quoteName(name)}`;
