import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { ObjectName } from '../parser/syntax.ts';
import type { PgRow } from '../session/flight.ts';

export interface CatalogueColumn {
  name: string;
  type: SqlType;
  nullable: boolean;
  identity: boolean;
  hasDefault: boolean;
}

export interface CatalogueTable {
  /** The object id of SQL Server and of PostgreSQL. */
  id: number;
  /** As PostgreSQL knows them; `schema` is pg_temp for temporary tables. */
  schema: string;
  name: string;
  kind: 'table' | 'view';
  columns: readonly CatalogueColumn[];
  primaryKey: readonly string[];
}

/** What PostgreSQL cannot hold of a column, kept as its comment: so it is dropped, renamed and rolled back with the column. */
export interface ColumnNote {
  type: SqlType;
  default?: { name: string; generated: boolean };
  identity?: { seed: string; increment: string };
}

const systemSchemas = ['pg_catalog', 'information_schema', 'pg_toast', 'tsql'];

/** Every table and view that a name can mean, one row per column; the last part of the WHERE is the caller's. */
const catalogueQuery = (which: string): string => `
SELECT c.oid, n.nspname, c.relname, c.relkind = 'v', a.attname, d.description, a.attnotnull, a.attidentity <> '', a.atthasdef,
       t.typname, array_position(k.conkey, a.attnum)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE c.relkind IN ('r', 'v') AND ${which}
ORDER BY c.oid, a.attnum`;

const systemTables = catalogueQuery("n.nspname IN ('sys', 'INFORMATION_SCHEMA')");
const permanent = catalogueQuery(
  `n.nspname NOT IN ('sys', 'INFORMATION_SCHEMA', ${systemSchemas.map((name) => `'${name}'`).join(', ')}) AND n.nspname NOT LIKE 'pg\\_%'`,
);
const temporary = catalogueQuery('n.oid = pg_my_temp_schema()');

export type RunQuery = (text: string) => Promise<readonly PgRow[]>;

/** The same in every database of the server. */
let systemViews: readonly CatalogueTable[] | undefined;

/** The names of one database as they stood at one moment. Names ignore case. */
export class Catalogue {
  readonly database: string;
  readonly #tables = new Map<string, CatalogueTable>();
  readonly #schemas = new Map<string, string>();

  private constructor(database: string) {
    this.database = database;
  }

  static async load(database: string, query: RunQuery): Promise<Catalogue> {
    const catalogue = new Catalogue(database);
    const schemas = await query("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'");
    for (const [name] of schemas) {
      if (name != null && !systemSchemas.includes(name)) catalogue.#schemas.set(name.toLowerCase(), name);
    }
    systemViews ??= tablesOf(await query(systemTables));
    for (const table of [...systemViews, ...tablesOf(await query(permanent))]) {
      catalogue.#tables.set(keyOf(table.schema, table.name), table);
    }
    return catalogue;
  }

  /** The same names but for one table or view, which is read again; for statements that define one object. */
  async with(object: { schema: string; name: string }, query: RunQuery): Promise<Catalogue> {
    const { schema, name } = object;
    const [table] = tablesOf(
      await query(catalogueQuery(`n.nspname = ${quoteText(schema)} AND c.relname = ${quoteText(name)}`)),
    );
    const changed = new Catalogue(this.database);
    for (const [key, known] of this.#schemas) changed.#schemas.set(key, known);
    for (const [key, known] of this.#tables) changed.#tables.set(key, known);
    if (table === undefined) changed.#tables.delete(keyOf(schema, name));
    else changed.#tables.set(keyOf(schema, name), table);
    return changed;
  }

  schema(name: string | undefined): string | undefined {
    return this.#schemas.get((name ?? 'dbo').toLowerCase());
  }

  find(name: ObjectName): CatalogueTable | undefined {
    return this.#tables.get(keyOf(name.schema ?? 'dbo', name.name));
  }
}

/** The temporary tables of one session; a table variable is one with its `@`. */
export async function loadTemporaryTables(query: RunQuery): Promise<ReadonlyMap<string, CatalogueTable>> {
  const tables = tablesOf(await query(temporary));
  return new Map(tables.map((table) => [table.name.toLowerCase(), { ...table, schema: 'pg_temp' }]));
}

function tablesOf(rows: readonly PgRow[]): CatalogueTable[] {
  const tables = new Map<string, CatalogueTable & { columns: CatalogueColumn[]; primaryKey: string[] }>();
  for (const [
    id,
    schema,
    name,
    isView,
    column,
    note,
    notNull,
    identity,
    hasDefault,
    pgType,
    keyPosition,
  ] of rows) {
    let table = tables.get(String(id));
    if (table === undefined) {
      table = {
        id: Number(id),
        schema: String(schema),
        name: String(name),
        kind: isView === 't' ? 'view' : 'table',
        columns: [],
        primaryKey: [],
      };
      tables.set(String(id), table);
    }
    table.columns.push({
      name: String(column),
      type: noteOf(note)?.type ?? plainType(String(pgType)),
      nullable: notNull !== 't',
      identity: identity === 't',
      hasDefault: hasDefault === 't' || identity === 't',
    });
    if (keyPosition != null) table.primaryKey[Number(keyPosition) - 1] = String(column);
  }
  return [...tables.values()];
}

export function noteOf(comment: string | null | undefined): ColumnNote | undefined {
  return comment == null ? undefined : (JSON.parse(comment) as ColumnNote);
}

/** The type of a system view's column, which carries no note. */
function plainType(pgType: string): SqlType {
  switch (pgType) {
    case 'bool':
      return { name: 'bit' };
    case 'int2':
      return { name: 'smallint' };
    case 'int4':
      return { name: 'int' };
    case 'int8':
      return { name: 'bigint' };
    default:
      return { name: 'nvarchar', length: 128 };
  }
}

const keyOf = (schema: string, name: string): string => `${schema}.${name}`.toLowerCase();

/** The column of that name, whatever its case. */
export function columnOf(table: CatalogueTable, name: string): CatalogueColumn | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}

export function requiredColumn(table: CatalogueTable, name: string, line = 0): CatalogueColumn {
  const column = columnOf(table, name);
  if (column === undefined) throw sqlError(207, [name], line);
  return column;
}

/** A name or a text inside PostgreSQL's SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string =>
  ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export const pgTable = (table: { schema: string; name: string }): string =>
  `${quoteName(table.schema)}.${quoteName(table.name)}`;
