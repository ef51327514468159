import { sql, type Kysely } from 'kysely';
import { tables } from '../../../src/adapters/mssql/migrations/tables.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';

/** Every row of these tables (those of the control database unless given), to be compared. */
export async function allRows(
  db: Kysely<ControlSchema>,
  names: readonly string[] = Object.keys(tables),
): Promise<Record<string, unknown[]>> {
  const read = names.map(async (name) => {
    const { rows } = await sql`SELECT * FROM ${sql.table(name)}`.execute(db);
    return [name, rows.map((row) => JSON.stringify(row)).toSorted()] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
