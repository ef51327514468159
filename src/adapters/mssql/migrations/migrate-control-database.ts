import { sql, type Kysely } from 'kysely';
import { ExpectedError } from '../../../core/expected-error.ts';
import { requireServerVersion } from '../require-server-version.ts';
import type { ControlSchema } from '../schema.ts';
import { planMigration } from './plan-migration.ts';
import { readPresentSchema } from './read-present-schema.ts';

/** What would be run now. Changes nothing. */
export async function previewMigration(db: Kysely<ControlSchema>): Promise<readonly string[]> {
  await requireServerVersion(db);
  return planMigration(await readPresentSchema(db));
}

/**
 * Creates or extends the tables and tells each statement before it runs it. One migration of a database runs at a time,
 * others wait for it. Each statement commits by itself, so that no lock is held for long: after an interruption the next
 * run goes on where this one stopped. Throws ExpectedError for a server that will not do.
 */
export async function migrateControlDatabase(
  db: Kysely<ControlSchema>,
  tell: (statement: string) => void = () => undefined,
): Promise<void> {
  await requireServerVersion(db);
  await db.connection().execute(async (session) => {
    await takeLock(session);
    try {
      for (const statement of planMigration(await readPresentSchema(session))) {
        tell(statement);
        await sql.raw(statement).execute(session);
      }
    } finally {
      await sql`EXEC sp_releaseapplock @Resource = 'vigia-migrate', @LockOwner = 'Session'`.execute(session);
    }
  });
}

async function takeLock(session: Kysely<ControlSchema>): Promise<void> {
  const { rows } = await sql<{ result: number }>`
    DECLARE @result INT;
    EXEC @result = sp_getapplock @Resource = 'vigia-migrate', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 120000;
    SELECT @result AS result;`.execute(session);
  if ((rows[0]?.result ?? -1) >= 0) return;
  throw new ExpectedError(
    'migration_running',
    'Another migration of this database has been running for two minutes. Wait for its end and start again.',
  );
}
