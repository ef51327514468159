import { sql, type Kysely } from 'kysely';
import { ExpectedError } from '../../../core/expected-error.ts';
import { openControlDatabase } from '../control-database.ts';
import { requireServerVersion } from '../require-server-version.ts';
import type { ControlSchema } from '../schema.ts';
import { identityUserStatements, type Identity } from './identity-user.ts';
import { planMigration } from './plan-migration.ts';
import { readPresentSchema } from './read-present-schema.ts';

/** The statements that `migrate` would run now. Changes nothing. Throws ExpectedError for a server that will not do. */
export async function previewMigration(connection: string): Promise<readonly string[]> {
  const db = openControlDatabase({ connection, maxConnections: 1 });
  try {
    await requireServerVersion(db);
    return planMigration(await readPresentSchema(db));
  } finally {
    await db.destroy();
  }
}

interface MigrationOptions {
  /** Gets each statement before it runs. */
  tell?: (statement: string) => void;
  /** Who else works on the database, as a user of it. */
  identity?: Identity | undefined;
}

/**
 * Creates or extends the control database. One migration of a database runs
 * at a time, others wait for it. Each statement commits by itself, so that no lock is held for long: after an
 * interruption the next run goes on where this one stopped. Throws ExpectedError for a server that will not do.
 */
export async function migrate(
  connection: string,
  { tell = () => undefined, identity }: MigrationOptions = {},
): Promise<void> {
  const db = openControlDatabase({
    connection,
    maxConnections: 1,
    requestTimeoutMs: 30 * 60_000, // an index on a large old table
    lockTimeoutMs: 60_000,
  });
  try {
    await requireServerVersion(db);
    await db.connection().execute(async (session) => {
      await takeLock(session);
      const users = identity === undefined ? [] : identityUserStatements(identity);
      for (const statement of [...planMigration(await readPresentSchema(session)), ...users]) {
        tell(statement);
        await sql.raw(statement).execute(session);
      }
    });
  } finally {
    await db.destroy();
  }
}

/** What brings an empty database to where migrate would, for somebody who runs it by hand. */
export function scriptForNewDatabase(identity: Identity | undefined): string {
  const users = identity === undefined ? [] : identityUserStatements(identity);
  const statements = [...planMigration({ tables: new Map(), seeds: new Set() }), ...users];
  return statements.map((statement) => `${statement};\nGO\n`).join('\n');
}

/** For as long as the session lives. */
async function takeLock(session: Kysely<ControlSchema>): Promise<void> {
  const { rows } = await sql<{ result: number }>`
    DECLARE @result INT;
    EXEC @result = sp_getapplock
      @Resource = 'vigia-migrate', @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 120000;
    SELECT @result AS result;`.execute(session);
  if ((rows[0]?.result ?? -1) >= 0) return;
  throw new ExpectedError(
    'migration_running',
    'Another migration of this database has been running for two minutes. Wait for its end and start again.',
  );
}
