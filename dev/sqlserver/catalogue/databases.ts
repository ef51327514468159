import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlError } from '../errors.ts';
import { supportFunctions, supportFunctionsVersion } from '../functions/support-functions.ts';
import { quoteName, quoteText } from './catalogue.ts';
import { DatabaseHandle } from './database-handle.ts';
import type { DatabaseNote } from './database-handle.ts';
import { engineFunctions } from './database-schema.ts';
import { PostgresConnection } from '../session/postgres-connection.ts';
import type { PostgresAddress } from '../session/postgres-connection.ts';
import { systemViews } from './system-views.ts';

const PATIENCE_MS = 1_000;
const TEMPLATE = 'sqlserver_template';
const schema = `CREATE SCHEMA dbo AUTHORIZATION pg_database_owner;\n${supportFunctions}\n${engineFunctions}\n${systemViews}`;
const schemaVersion = createHash('sha256')
  .update(schema)
  .update(String(supportFunctionsVersion))
  .digest('hex')
  .slice(0, 16);

const freshNote = (name: string): DatabaseNote => ({
  name,
  compatibilityLevel: 160,
  readCommittedSnapshot: false,
  allowSnapshotIsolation: false,
});

/** The databases of the server: each one a PostgreSQL database of its own, copied from a template that holds our functions. */
export class Databases {
  readonly #address: PostgresAddress;
  readonly #control: PostgresConnection;
  readonly #handles = new Map<string, DatabaseHandle>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(address: PostgresAddress, control: PostgresConnection) {
    this.#address = address;
    this.#control = control;
  }

  static async open(address: PostgresAddress, control: PostgresConnection): Promise<Databases> {
    const databases = new Databases(address, control);
    await databases.#load();
    await databases.#prepareTemplate();
    if (databases.find('master') === undefined) await databases.create('master');
    return databases;
  }

  find(name: string): DatabaseHandle | undefined {
    return this.#handles.get(name.toLowerCase());
  }

  get all(): IterableIterator<DatabaseHandle> {
    return this.#handles.values();
  }

  create(name: string): Promise<DatabaseHandle> {
    return this.#inTurn(async () => {
      if (this.find(name) !== undefined) throw sqlError(1801, [name]);
      const pgName = pgDatabaseName(name);
      await this.#control.query(
        `CREATE DATABASE ${quoteName(pgName)} TEMPLATE ${TEMPLATE} STRATEGY file_copy`,
      );
      const handle = await this.#register(pgName, freshNote(name));
      await this.#control.query(`CREATE ROLE ${quoteName(handle.ownerRole)} NOLOGIN NOINHERIT`);
      await this.#control.query(
        `ALTER DATABASE ${quoteName(pgName)} OWNER TO ${quoteName(handle.ownerRole)}`,
      );
      await this.writeNote(handle, handle.note);
      return handle;
    });
  }

  /** Throws 3701, and 3702 while somebody uses it. */
  drop(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const handle = this.find(name);
      if (handle === undefined || handle.name === 'master') throw sqlError(3701, ['drop', 'database', name]);
      await isLeft(handle);
      if (handle.users.size > 0) throw sqlError(3702, [handle.name]);
      const roles = await this.#control.query(
        `SELECT rolname FROM pg_roles WHERE rolname LIKE ${quoteText(`user:${handle.id}:%`)}`,
      );
      await this.#control.query(`DROP DATABASE ${quoteName(handle.pgName)} WITH (FORCE)`);
      for (const [role] of [...roles, [handle.ownerRole]])
        await this.#control.query(`DROP ROLE IF EXISTS ${quoteName(role ?? '')}`);
      this.#handles.delete(handle.name.toLowerCase());
    });
  }

  async writeNote(handle: DatabaseHandle, note: DatabaseNote): Promise<void> {
    handle.note = note;
    await this.#control.query(
      `COMMENT ON DATABASE ${quoteName(handle.pgName)} IS ${quoteText(JSON.stringify(note))}`,
    );
  }

  /** Runs a script in a database as PostgreSQL's superuser, outside every session. */
  async administer(handle: { pgName: string }, script: string): Promise<void> {
    const connection = await PostgresConnection.open(this.#address, handle.pgName);
    try {
      await connection.script(script);
    } finally {
      await connection.close();
    }
  }

  async #load(): Promise<void> {
    const rows = await this.#control.query(
      "SELECT datname, oid, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE 'db\\_%'",
    );
    for (const [pgName, id, comment] of rows) {
      if (comment == null || pgName == null) continue;
      const note = JSON.parse(comment) as DatabaseNote;
      this.#handles.set(note.name.toLowerCase(), new DatabaseHandle(pgName, Number(id), note));
    }
  }

  /** The databases of another version of this server hold its functions, not ours: they are not touched. */
  async #prepareTemplate(): Promise<void> {
    const [row] = await this.#control.query(
      `SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = ${quoteText(TEMPLATE)}`,
    );
    if (row?.[0] === schemaVersion) return;
    if (this.#handles.size > 0)
      throw new Error('The data folder was made by another version of the local SQL Server: delete it');
    if (row !== undefined) await this.#control.query(`DROP DATABASE ${TEMPLATE}`);
    await this.#control.query(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0 STRATEGY file_copy`);
    await this.administer({ pgName: TEMPLATE }, schema);
    await this.#control.query(`COMMENT ON DATABASE ${TEMPLATE} IS ${quoteText(schemaVersion)}`);
  }

  async #register(pgName: string, note: DatabaseNote): Promise<DatabaseHandle> {
    const [row] = await this.#control.query(
      `SELECT oid FROM pg_database WHERE datname = ${quoteText(pgName)}`,
    );
    const handle = new DatabaseHandle(pgName, Number(row?.[0]), note);
    this.#handles.set(note.name.toLowerCase(), handle);
    return handle;
  }

  /** PostgreSQL copies a template for one at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work, work);
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

/** A client that has just closed its connections may drop the database: they are given a moment to end. */
async function isLeft(handle: DatabaseHandle): Promise<void> {
  for (let waited = 0; handle.users.size > 0 && waited < PATIENCE_MS; waited += 20) await sleep(20);
}

function pgDatabaseName(name: string): string {
  const plain = `db_${name.toLowerCase()}`;
  return Buffer.byteLength(plain) <= 60
    ? plain
    : `db_${createHash('sha256').update(plain).digest('hex').slice(0, 40)}`;
}
