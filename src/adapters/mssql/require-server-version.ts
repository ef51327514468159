import { sql, type Kysely } from 'kysely';
import { ExpectedError } from '../../core/expected-error.ts';
import type { ControlSchema } from './schema.ts';

/** SERVERPROPERTY('EngineEdition') of Azure SQL Database and Managed Instance, whose version number says nothing. */
const azureEditions = [5, 8];

/** Refuses a control database without OPENJSON: SQL Server before 2016, or compatibility level below 130. */
export async function requireServerVersion(db: Kysely<ControlSchema>): Promise<void> {
  const { rows } = await sql<{ edition: number; version: number; level: number; name: string }>`
    SELECT CAST(SERVERPROPERTY('EngineEdition') AS INT) AS edition,
      CAST(SERVERPROPERTY('ProductMajorVersion') AS INT) AS version,
      compatibility_level AS level,
      name
    FROM sys.databases
    WHERE database_id = DB_ID()`.execute(db);
  const found = rows[0];
  if (!found) throw new Error('sys.databases has no row for the current database');
  if (!azureEditions.includes(found.edition) && found.version < 13) {
    throw new ExpectedError(
      'server_too_old',
      `The server of CONTROL_DATABASE is version ${found.version}; SQL Server 2016 (version 13) or later is needed.`,
    );
  }
  if (found.level < 130) {
    throw new ExpectedError(
      'compatibility_too_low',
      `The compatibility level of the control database is ${found.level}; 130 or more is needed: ` +
        `ALTER DATABASE [${found.name}] SET COMPATIBILITY_LEVEL = 130`,
    );
  }
}
