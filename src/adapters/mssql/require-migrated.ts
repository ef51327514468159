import type { Kysely } from 'kysely';
import { ExpectedError } from '../../core/expected-error.ts';
import { planMigration } from './migrations/plan-migration.ts';
import { readPresentSchema } from './migrations/read-present-schema.ts';
import { requireServerVersion } from './require-server-version.ts';
import type { ControlSchema } from './schema.ts';

/** Refuses a control database that will not do: an old server, or one whose tables the migrations have yet to make. */
export async function requireMigrated(db: Kysely<ControlSchema>): Promise<void> {
  await requireServerVersion(db);
  const missing = planMigration(await readPresentSchema(db));
  if (missing.length === 0) return;
  throw new ExpectedError(
    'schema_missing',
    `The control database lacks ${missing.length} of the tables, columns, indexes and rows that this version needs. ` +
      'Run: npm run migrate (in Azure: npm run prepare-database, which also lets the identity of the app see them)',
  );
}
