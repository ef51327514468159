import { Catalogue, quoteText } from '../catalogue/catalogue.ts';
import type { RunQuery } from '../catalogue/catalogue.ts';
import type { DatabaseHandle } from '../catalogue/database-handle.ts';
import type { Databases } from '../catalogue/databases.ts';
import type { Logins, Principal } from '../catalogue/logins.ts';
import type { Listener, RequestEvent, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Environment } from '../translation/translation.ts';
import { ApplicationLocks } from './application-locks.ts';
import { PostgresConnection } from './postgres-connection.ts';
import type { PostgresAddress } from './postgres-connection.ts';
import { defaultSettings } from './settings.ts';
import { Transaction } from './transaction.ts';

/** What all sessions of a server have in common. */
export interface Server {
  address: PostgresAddress;
  control: PostgresConnection;
  databases: Databases;
  logins: Logins;
}

interface SessionIdentity {
  name: string;
  administrator: boolean;
}

interface Place {
  database: DatabaseHandle;
  principal: Principal;
}

/** One session's place: its database, its PostgreSQL connection, its settings and what its last statement left behind. */
export class SessionContext {
  readonly server: Server;
  readonly identity: SessionIdentity;
  readonly transaction = new Transaction(this);
  readonly locks = new ApplicationLocks(this);
  readonly query: RunQuery = (text) => this.connection.query(text);
  settings = { ...defaultSettings };
  rowCount = 0;
  lastError = 0;
  lastIdentity: SqlValue = null;
  scopeIdentity: SqlValue = null;
  /** The request being run. */
  request: { listener: Listener; isCancelled: boolean } | undefined;
  processId = 0;
  /** @@SPID: stays, though USE changes the process. */
  sessionId = 0;
  database: DatabaseHandle;
  principal: Principal;
  connection: PostgresConnection;
  readonly #home: Place;
  /** The names of a transaction that has defined some itself, which nobody else sees yet. */
  #own: Catalogue | 'stale' | undefined;
  #definitions = 0;

  private constructor(
    server: Server,
    identity: SessionIdentity,
    home: Place,
    connection: PostgresConnection,
  ) {
    this.server = server;
    this.identity = identity;
    this.#home = home;
    this.database = home.database;
    this.principal = home.principal;
    this.connection = connection;
    this.database.users.add(this);
  }

  static async open(
    server: Server,
    identity: SessionIdentity,
    database: DatabaseHandle,
    principal: Principal,
  ): Promise<SessionContext> {
    const connection = await PostgresConnection.open(server.address, database.pgName);
    const context = new SessionContext(server, identity, { database, principal }, connection);
    await context.#takeRole();
    return context;
  }

  tell(event: RequestEvent): void {
    this.request?.listener.tell(event);
  }

  /** Lets the client read what it was told, if that is much. */
  room(): Promise<void> | undefined {
    return this.request?.listener.room();
  }

  /** Changes with the names that this session sees. */
  namesKey(): string {
    const own = this.#own === undefined ? '' : `${this.processId}.${this.#definitions}`;
    return `${this.database.id} ${this.database.version} ${own}`;
  }

  /** What names mean to this session now. */
  async environment(variables: ReadonlyMap<string, SqlType>): Promise<Environment> {
    return { catalogue: await this.#catalogue(), variables };
  }

  async #catalogue(): Promise<Catalogue> {
    if (this.#own === undefined) return this.database.catalogue(this.query);
    if (this.#own === 'stale') this.#own = await Catalogue.load(this.database.name, this.query);
    return this.#own;
  }

  /** Definitions have run: names have changed, for everybody once they are committed. */
  async defined(tables: readonly string[]): Promise<void> {
    if (this.transaction.count === 0) return this.database.changed(tables, this.query);
    const before = await this.#catalogue();
    this.#definitions += 1;
    this.#own = await before.with(tables, this.query);
  }

  /** A savepoint was rolled back, and with it what was defined and set since. */
  rolledBackPartly(): void {
    this.setLockTimeout(this.settings.lockTimeout);
    this.#definitions += 1;
    if (this.#own !== undefined) this.#own = 'stale';
  }

  async transactionEnded(change: 'commit' | 'rollback'): Promise<void> {
    if (this.#own !== undefined && change === 'commit') await this.database.changed();
    this.#own = undefined;
    if (change === 'rollback') this.setLockTimeout(this.settings.lockTimeout);
    await this.locks.endTransaction();
  }

  setLockTimeout(milliseconds: number): void {
    // PostgreSQL's 0 waits for ever; SQL Server's 0 does not wait at all.
    const wanted = milliseconds < 0 ? 0 : Math.max(1, milliseconds);
    this.connection.sendAhead({ text: `SET lock_timeout = ${wanted}` });
  }

  /** Runs what is called like a procedure: settings, scope and database that it had before come back after it. */
  async inOwnScope<Result>(run: () => Promise<Result>): Promise<Result> {
    const { settings, scopeIdentity, database, principal, transaction } = this;
    const { isolation } = transaction;
    const place = { database, principal };
    database.users.add(place);
    this.settings = { ...settings };
    this.scopeIdentity = null;
    try {
      return await run();
    } finally {
      if (this.settings.lockTimeout !== settings.lockTimeout) this.setLockTimeout(settings.lockTimeout);
      this.settings = settings;
      this.scopeIdentity = scopeIdentity;
      transaction.isolation = isolation;
      if (this.database !== database) await this.#move(place);
      database.users.delete(place);
    }
  }

  /** USE. Throws 911, 916. */
  async use(name: string): Promise<void> {
    const wanted = this.server.databases.find(name);
    if (wanted === undefined) throw sqlError(911, [name]);
    const principal = await this.server.logins.principal(this.identity, wanted);
    if (principal === undefined) throw sqlError(916, [this.identity.name, wanted.name]);
    await this.#move({ database: wanted, principal });
  }

  /** Goes to another database by another PostgreSQL connection, which a transaction cannot follow. */
  async #move({ database, principal }: Place): Promise<void> {
    const previous = this.database;
    if (database !== previous) {
      if (this.transaction.count > 0) throw notSupported('a transaction in more than one database');
      const connection = await PostgresConnection.open(this.server.address, database.pgName);
      await this.connection.close();
      this.connection = connection;
      this.database = database;
      this.principal = principal;
      previous.users.delete(this);
      database.users.add(this);
      await this.#takeRole();
      this.setLockTimeout(this.settings.lockTimeout);
    }
    this.tell({ kind: 'database', name: database.name, previous: previous.name });
  }

  /** sp_reset_connection: all as after the login, but for a transaction that is to be kept. */
  async reset(keepTransaction: boolean): Promise<void> {
    const { transaction } = this;
    if (!keepTransaction && transaction.count > 0) await transaction.rollback();
    await this.locks.endAll();
    if (this.settings.lockTimeout >= 0) this.setLockTimeout(-1);
    this.settings = { ...defaultSettings };
    this.rowCount = 0;
    this.lastError = 0;
    this.lastIdentity = null;
    this.scopeIdentity = null;
    if (this.database !== this.#home.database && transaction.count === 0) await this.#move(this.#home);
  }

  async close(): Promise<void> {
    this.database.users.delete(this);
    await this.connection.close();
  }

  async #takeRole(): Promise<void> {
    const { identity, principal, database } = this;
    const known = {
      'tsql.login': identity.name,
      'tsql.user': principal.user,
      'tsql.database': database.name,
      role: principal.role,
    };
    const texts = Object.entries(known).map(
      ([name, value]) => `set_config('${name}', ${quoteText(value)}, false)`,
    );
    const [row] = await this.query(`SELECT pg_backend_pid(), ${texts.join(', ')}`);
    this.processId = Number(row?.[0]);
    this.sessionId ||= this.processId % 32_768;
  }
}
