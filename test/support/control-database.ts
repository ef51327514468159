import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { inject } from 'vitest';
import { openControlDatabase } from '../../src/adapters/mssql/control-database.ts';
import { sqlErrorNumber } from '../../src/adapters/mssql/sql-error-number.ts';
import { migrate } from '../../src/adapters/mssql/migrations/migrate.ts';
import { localSqlConnection } from '../../dev/services/local-settings.ts';

type Database = ReturnType<typeof openControlDatabase>;

/** A database of the test's own on the local SQL Server, or on the server of TEST_SQLSERVER_URL; `await using` drops it. */
export interface TestDatabase extends AsyncDisposable {
  name: string;
  /** An ADO.NET connection string. */
  connection: string;
  db: Database;
}

let given = process.env['TEST_SQLSERVER_URL'];

/** Keeps this file's tests on the local SQL Server, which alone serves faults on demand. */
export function stayLocal(): void {
  given = undefined;
}

/** An ADO.NET connection string to that database of the test server, as its administrator. */
export function serverConnection(database: string): string {
  if (given === undefined) return localSqlConnection(inject('ports'), database);
  return `${given.replace(/;$/, '')};Database=${database}`;
}

export async function emptyDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await onMaster((master) => createDatabase(master, name));
  const connection = serverConnection(name);
  const db = openControlDatabase({ connection });
  return {
    name,
    connection,
    db,
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await onMaster((master) => dropDatabase(master, name));
    },
  };
}

/** An empty database with the control schema. */
export async function controlDatabase(): Promise<TestDatabase> {
  const database = await emptyDatabase();
  await migrate(database.connection);
  return database;
}

/** SQL Server makes one at a time, and refuses others that have waited for their turn (1807). */
async function createDatabase(master: Database, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await sql`CREATE DATABASE ${sql.id(name)}`.execute(master);
      return;
    } catch (error) {
      if (sqlErrorNumber(error) !== 1807 || tries === 10) throw error;
    }
  }
}

/** SQL Server drops none that a session is in (3702), be it one whose client has just gone: it is ended first. */
async function dropDatabase(master: Database, name: string): Promise<void> {
  const drop = () => sql`DROP DATABASE ${sql.id(name)}`.execute(master);
  try {
    await drop();
  } catch (error) {
    if (sqlErrorNumber(error) !== 3702) throw error;
    await sql`ALTER DATABASE ${sql.id(name)} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`.execute(master);
    await drop();
  }
}

/** Does something on the test server as its administrator. */
export async function onMaster(work: (master: Database) => Promise<unknown>): Promise<void> {
  const master = openControlDatabase({ connection: serverConnection('master') });
  try {
    await work(master);
  } finally {
    await master.destroy();
  }
}
