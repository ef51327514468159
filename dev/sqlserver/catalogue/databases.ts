import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExpectedError } from '../../services/expected-error.ts';
import { sqlError } from '../errors.ts';
import { PostgresConnection } from '../session/postgres-connection.ts';
import type { PostgresAddress } from '../session/postgres-connection.ts';
import { quoteName, quoteText } from './catalogue.ts';
import { DatabaseHandle } from './database-handle.ts';
import type { DatabaseNote } from './database-handle.ts';
import { databaseSchema } from './database-schema.ts';

const PATIENCE_MS = 1_000;
/** PostgreSQL copies every new database from template1, so that is where our schema is; its comment says which one. */
const UNTOUCHED = 'default template for new databases';
const schemaVersion = createHash('sha256').update(databaseSchema).digest('hex').slice(0, 16);

/** The databases of the server: each one a PostgreSQL database of its own. */
export class Databases {
  readonly #address: PostgresAddress;
  readonly #control: PostgresConnection;
  readonly #handles = new Map<string, DatabaseHandle>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(address: PostgresAddress, control: PostgresConnection) {
    this.#address = address;
    this.#control = control;
  }

  /** Throws ExpectedError where another version of this server made them: they hold its functions, not ours. */
  static async open(address: PostgresAddress, control: PostgresConnection): Promise<Databases> {
    const databases = new Databases(address, control);
    const version = await databases.#load();
    if (version === UNTOUCHED) {
      const comment = `COMMENT ON DATABASE template1 IS ${quoteText(schemaVersion)}`;
      await databases.administer({ pgName: 'template1' }, `${databaseSchema}\n${comment}`);
    } else if (version !== schemaVersion) {
      const [row] = await control.query('SHOW data_directory');
      const folder = dirname(row?.[0] ?? '');
      throw new ExpectedError(
        `The data folder ${folder} was made by another version of the local SQL Server. Delete it, or name another.`,
      );
    }
    if (databases.find('master') === undefined) await databases.create('master');
    return databases;
  }

  find(name: string): DatabaseHandle | undefined {
    return this.#handles.get(name.toLowerCase());
  }

  /** Throws 1801. */
  create(name: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.find(name) !== undefined) throw sqlError(1801, [name]);
      const pgName = pgDatabaseName(name);
      await this.#control.query(`CREATE DATABASE ${quoteName(pgName)} STRATEGY file_copy`);
      const [row] = await this.#control.query(
        `SELECT oid FROM pg_database WHERE datname = ${quoteText(pgName)}`,
      );
      const note = { name, compatibilityLevel: 160, readCommittedSnapshot: false };
      const handle = new DatabaseHandle(pgName, Number(row?.[0]), note);
      const owner = quoteName(handle.ownerRole);
      await this.#control.query(`CREATE ROLE ${owner} NOLOGIN NOINHERIT`);
      await this.#control.query(`ALTER DATABASE ${quoteName(pgName)} OWNER TO ${owner}`);
      await this.writeNote(handle, note);
      this.#handles.set(name.toLowerCase(), handle);
    });
  }

  /** Throws 3701, and 3702 while somebody uses it. */
  drop(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const handle = this.find(name);
      if (handle === undefined || handle.name === 'master') throw sqlError(3701, ['drop', 'database', name]);
      // A client that has just closed its connections may drop the database: they are given a moment to end.
      for (let waited = 0; handle.users.size > 0 && waited < PATIENCE_MS; waited += 20) await sleep(20);
      if (handle.users.size > 0) throw sqlError(3702, [handle.name]);
      await this.#control.query(`DROP DATABASE ${quoteName(handle.pgName)} WITH (FORCE)`);
      this.#handles.delete(handle.name.toLowerCase());
      const roles = await this.#control.query(
        `SELECT rolname FROM pg_roles WHERE rolname ~ ${quoteText(`^(dbo|user):${handle.id}(:|$)`)}`,
      );
      for (const [role] of roles) await this.#control.query(`DROP ROLE ${quoteName(role ?? '')}`);
    });
  }

  async writeNote(handle: DatabaseHandle, note: DatabaseNote): Promise<void> {
    handle.note = note;
    await this.#control.query(
      `COMMENT ON DATABASE ${quoteName(handle.pgName)} IS ${quoteText(JSON.stringify(note))}`,
    );
  }

  /** Runs a script in a database as PostgreSQL's superuser, outside every session. */
  async administer({ pgName }: { pgName: string }, script: string): Promise<void> {
    const connection = await PostgresConnection.open(this.#address, pgName);
    try {
      await connection.script(script);
    } finally {
      await connection.close();
    }
  }

  /** Finds the databases that are there, and gives the comment of their template. */
  async #load(): Promise<string | null | undefined> {
    const rows = await this.#control.query(
      "SELECT datname, oid, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE 'db\\_%' OR datname = 'template1'",
    );
    for (const [pgName, id, comment] of rows) {
      if (pgName == null || pgName === 'template1') continue;
      if (comment == null) {
        await this.#control.query(`DROP DATABASE ${quoteName(pgName)}`); // the server was killed while it made it
        continue;
      }
      const note = JSON.parse(comment) as DatabaseNote;
      this.#handles.set(note.name.toLowerCase(), new DatabaseHandle(pgName, Number(id), note));
    }
    return rows.find(([pgName]) => pgName === 'template1')?.[2];
  }

  /** PostgreSQL copies a template for one at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work, work);
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

function pgDatabaseName(name: string): string {
  const plain = `db_${name.toLowerCase()}`;
  if (Buffer.byteLength(plain) <= 60) return plain;
  return `db_${createHash('sha256').update(plain).digest('hex').slice(0, 40)}`;
}
