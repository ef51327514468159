import type { SqlType, SqlValue } from '../contract.ts';
import type { SqlFault } from '../parser/sql-fault.ts';
import type { CatalogueTable, RunQuery } from '../catalogue/catalogue.ts';
import { Catalogue, loadTemporaryTables, quoteName, quoteText } from '../catalogue/catalogue.ts';
import type { DatabaseHandle, DefinedObject } from '../catalogue/database-handle.ts';
import type { Databases } from '../catalogue/databases.ts';
import type { Logins, Principal } from '../catalogue/logins.ts';
import { PostgresConnection } from './postgres-connection.ts';
import type { PostgresAddress } from './postgres-connection.ts';
import type { SessionValueName } from './session-values.ts';
import { Transaction } from './transaction.ts';
import type { Environment } from '../translation/translation.ts';

/** What all sessions of a server have in common. */
export interface Server {
  address: PostgresAddress;
  control: PostgresConnection;
  databases: Databases;
  logins: Logins;
}

export interface SessionIdentity {
  name: string;
  administrator: boolean;
  host: string;
  application: string;
}

interface Options {
  noCount: boolean;
  xactAbort: boolean;
  /** Milliseconds; -1 = for ever. */
  lockTimeout: number;
  identityInsert: string | undefined;
  rowCount: number;
}

const defaults: Options = {
  noCount: false,
  xactAbort: false,
  lockTimeout: -1,
  identityInsert: undefined,
  rowCount: 0,
};

/** One session's place: its database, its PostgreSQL connection, its options and what its last statement left behind. */
export class SessionContext {
  readonly server: Server;
  readonly identity: SessionIdentity;
  readonly transaction: Transaction;
  options: Options = { ...defaults };
  rowCount = 0;
  lastError = 0;
  lastIdentity: SqlValue = null;
  /** The error that the CATCH block being run is about. */
  caught: { fault: SqlFault; line: number } | undefined;
  temporaryTables: ReadonlyMap<string, CatalogueTable> = new Map();
  database: DatabaseHandle;
  principal: Principal;
  processId = 0;
  #connection: PostgresConnection;
  /** This transaction has definitions of its own that nobody else sees yet. */
  #hasDefinitions = false;
  #ownCatalogue: Catalogue | undefined;
  #definitions = 0;

  private constructor(
    server: Server,
    identity: SessionIdentity,
    place: { database: DatabaseHandle; principal: Principal; connection: PostgresConnection },
  ) {
    this.server = server;
    this.identity = identity;
    this.database = place.database;
    this.principal = place.principal;
    this.#connection = place.connection;
    this.transaction = new Transaction(() => this.#connection);
  }

  static async open(
    server: Server,
    identity: SessionIdentity,
    database: DatabaseHandle,
    principal: Principal,
  ): Promise<SessionContext> {
    const connection = await PostgresConnection.open(server.address, database.pgName);
    const context = new SessionContext(server, identity, { database, principal, connection });
    await context.#takeRole();
    return context;
  }

  get connection(): PostgresConnection {
    return this.#connection;
  }

  readonly query: RunQuery = (text) => this.#connection.query(text);

  /** Changes with the names that this session sees, and with what else a translation depends on. */
  namesKey(): string {
    const isOwn = this.#hasDefinitions || this.temporaryTables.size > 0;
    const own = isOwn ? `${this.processId}.${this.#definitions}` : '';
    return `${this.database.id} ${this.database.version} ${own} ${this.options.identityInsert ?? ''}`;
  }

  /** What names mean to this session now. */
  async environment(variables: ReadonlyMap<string, SqlType>): Promise<Environment> {
    const { temporaryTables } = this;
    const { identityInsert } = this.options;
    return { catalogue: await this.#catalogue(), temporaryTables, variables, identityInsert };
  }

  async #catalogue(): Promise<Catalogue> {
    if (!this.#hasDefinitions) return this.database.catalogue(this.query);
    this.#ownCatalogue ??= await Catalogue.load(this.database.name, this.query);
    return this.#ownCatalogue;
  }

  /** A definition has run: names have changed, for everybody once it is committed. */
  async defined(what: 'temporary' | DefinedObject | undefined): Promise<void> {
    this.#definitions += 1;
    if (what === 'temporary') {
      this.temporaryTables = await loadTemporaryTables(this.query);
      return;
    }
    if (this.transaction.count === 0) return this.database.changed(what, this.query);
    const before = await this.#catalogue();
    this.#hasDefinitions = true;
    this.#ownCatalogue = what === undefined ? undefined : await before.with(what, this.query);
  }

  /** A transaction has ended. Settings and temporary tables that PostgreSQL took back are brought back. */
  async transactionEnded(change: 'commit' | 'rollback'): Promise<void> {
    if (this.#hasDefinitions && change === 'commit') await this.database.changed();
    this.#hasDefinitions = false;
    this.#ownCatalogue = undefined;
    if (change === 'commit') return;
    if (this.options.lockTimeout !== defaults.lockTimeout) await this.applyLockTimeout();
    if (this.temporaryTables.size > 0) this.temporaryTables = await loadTemporaryTables(this.query);
  }

  /** A savepoint was rolled back: what was defined since may be gone. */
  async rolledBackPartly(): Promise<void> {
    this.#definitions += 1;
    this.#ownCatalogue = undefined;
    if (this.temporaryTables.size > 0) this.temporaryTables = await loadTemporaryTables(this.query);
  }

  /** Runs what is called like a procedure: the options that it sets end with it. */
  async *inOwnScope<Event, Result>(run: AsyncGenerator<Event, Result>): AsyncGenerator<Event, Result> {
    const options = { ...this.options };
    const { isolation } = this.transaction;
    try {
      return yield* run;
    } finally {
      const isTimeoutChanged = this.options.lockTimeout !== options.lockTimeout;
      this.options = options;
      this.transaction.isolation = isolation;
      if (isTimeoutChanged && this.connection.lost === undefined) await this.applyLockTimeout();
    }
  }

  async applyLockTimeout(): Promise<void> {
    // PostgreSQL's 0 waits for ever; SQL Server's 0 does not wait at all.
    const { lockTimeout } = this.options;
    await this.#connection.query(`SET lock_timeout = ${lockTimeout < 0 ? 0 : Math.max(1, lockTimeout)}`);
  }

  /** Goes to another database: another PostgreSQL connection, without transaction and temporary tables. */
  async use(database: DatabaseHandle, principal: Principal): Promise<void> {
    const connection = await PostgresConnection.open(this.server.address, database.pgName);
    await this.#connection.close();
    this.#connection = connection;
    this.database = database;
    this.principal = principal;
    this.temporaryTables = new Map();
    await this.#takeRole();
    if (this.options.lockTimeout >= 0) await this.applyLockTimeout();
  }

  /** Options, temporary tables and values as after the login. The transaction is the caller's. */
  async forget(): Promise<void> {
    const hadTimeout = this.options.lockTimeout >= 0;
    this.options = { ...defaults };
    this.rowCount = 0;
    this.lastError = 0;
    this.lastIdentity = null;
    this.caught = undefined;
    if (hadTimeout) await this.applyLockTimeout();
    if (this.temporaryTables.size === 0) return;
    await this.#connection.query('DISCARD TEMP');
    this.temporaryTables = new Map();
  }

  value(name: SessionValueName): SqlValue {
    switch (name) {
      case 'rowCount':
        return this.rowCount;
      case 'tranCount':
        return this.transaction.count;
      case 'transactionState':
        return this.transaction.state;
      case 'identity':
        return this.lastIdentity === null ? null : String(this.lastIdentity);
      case 'processId':
        return this.processId % 32_768;
      case 'lockTimeout':
        return this.options.lockTimeout;
      case 'login':
        return this.identity.name;
      case 'user':
        return this.principal.user;
      case 'database':
        return this.database.name;
      case 'host':
        return this.identity.host;
      case 'application':
        return this.identity.application;
      case 'isServerAdministrator':
        return this.identity.administrator;
      case 'isDatabaseOwner':
        return this.principal.isOwner;
      case 'lastError':
        return this.lastError;
      case 'errorNumber':
        return this.caught?.fault.number ?? null;
      case 'errorMessage':
        return this.caught?.fault.message ?? null;
      case 'errorSeverity':
        return this.caught?.fault.severity ?? null;
      case 'errorState':
        return this.caught?.fault.state ?? null;
      case 'errorLine':
        return this.caught === undefined ? null : this.caught.fault.line || this.caught.line;
    }
  }

  async #takeRole(): Promise<void> {
    const { identity, principal, database } = this;
    const settings = {
      login: identity.name,
      user: principal.user,
      database: database.name,
      host: identity.host,
      application: identity.application,
    };
    const texts = Object.entries(settings).map(
      ([name, value]) => `set_config('tsql.${name}', ${quoteText(value)}, false)`,
    );
    const [row] = await this.#connection.query(`SELECT pg_backend_pid(), ${texts.join(', ')}`);
    this.processId = Number(row?.[0]);
    await this.#connection.query(`SET ROLE ${quoteName(principal.role)}`);
  }
}
