import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from '../schema.ts';
import { seedName, type PresentSchema } from './plan-migration.ts';
import { seeds } from './seeds.ts';

/** Reads which tables, columns, indexes and seeds the default schema of the login has. */
export async function readPresentSchema(db: Kysely<ControlSchema>): Promise<PresentSchema> {
  const columns = await sql<{ owner: string; name: string }>`
    SELECT t.name AS owner, c.name AS name
    FROM sys.tables t JOIN sys.columns c ON c.object_id = t.object_id
    WHERE t.schema_id = SCHEMA_ID()`.execute(db);
  const indexes = await sql<{ owner: string; name: string }>`
    SELECT t.name AS owner, i.name AS name
    FROM sys.tables t JOIN sys.indexes i ON i.object_id = t.object_id
    WHERE t.schema_id = SCHEMA_ID() AND i.name IS NOT NULL`.execute(db);
  const columnsOf = namesByOwner(columns.rows);
  const indexesOf = namesByOwner(indexes.rows);
  const present = new Map(
    [...columnsOf].map(([table, names]) => [
      table,
      { columns: names, indexes: indexesOf.get(table) ?? new Set<string>() },
    ]),
  );
  return { tables: present, seeds: await presentSeeds(db, columnsOf) };
}

function namesByOwner(
  rows: readonly { owner: string; name: string }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = Map.groupBy(rows, ({ owner }) => owner.toLowerCase());
  return new Map(
    [...groups].map(([owner, group]) => [owner, new Set(group.map(({ name }) => name.toLowerCase()))]),
  );
}

async function presentSeeds(
  db: Kysely<ControlSchema>,
  columnsOf: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const seed of seeds) {
    const { table, key } = seed;
    if (!columnsOf.get(table.toLowerCase())?.has(key.column.toLowerCase())) continue;
    const { rows } = await sql`
      SELECT ${sql.ref(key.column)} FROM ${sql.table(table)} WHERE ${sql.ref(key.column)} = ${key.value}`.execute(
      db,
    );
    if (rows.length > 0) found.add(seedName(seed));
  }
  return found;
}
