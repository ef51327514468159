import type { IsolationLevel, RequestEvent } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { quoteName } from '../catalogue/catalogue.ts';
import type { PostgresConnection } from './postgres-connection.ts';

/** PostgreSQL's isolation for each of SQL Server's. Readers never block: READ COMMITTED is the one with row versions. */
const isolationText: Readonly<Record<IsolationLevel, string>> = {
  'read uncommitted': 'READ COMMITTED',
  'read committed': 'READ COMMITTED',
  'repeatable read': 'REPEATABLE READ',
  serializable: 'SERIALIZABLE',
  snapshot: 'REPEATABLE READ',
};

let lastDescriptor = 0n;

/**
 * The session's transaction as SQL Server counts it. PostgreSQL has the outermost one; statements inside it stand between
 * savepoints, because a failed statement must not end it.
 */
export class Transaction {
  readonly #connection: () => PostgresConnection;
  #count = 0;
  #name: string | undefined;
  #descriptor = 0n;
  #savepoints: string[] = [];
  isolation: IsolationLevel = 'read committed';
  /** An error has left it so that it can only be rolled back. */
  doomed = false;

  constructor(connection: () => PostgresConnection) {
    this.#connection = connection;
  }

  get count(): number {
    return this.#count;
  }

  /** XACT_STATE(). */
  get state(): -1 | 0 | 1 {
    if (this.#count === 0) return 0;
    return this.doomed ? -1 : 1;
  }

  async begin(name?: string): Promise<RequestEvent[]> {
    if (this.#count === 0) {
      await this.#connection().query(`BEGIN ISOLATION LEVEL ${isolationText[this.isolation]}`);
      this.#name = name;
      this.#savepoints = [];
      lastDescriptor += 1n;
      this.#descriptor = lastDescriptor;
    }
    this.#count += 1;
    return this.#count === 1 ? [this.#event('begin')] : [];
  }

  /** Throws 3902, 3930, and what PostgreSQL refuses only now. */
  async commit(): Promise<RequestEvent[]> {
    if (this.#count === 0) throw sqlError(3902);
    if (this.doomed) throw sqlError(3930);
    if (this.#count > 1) {
      this.#count -= 1;
      return [];
    }
    const event = this.#event('commit');
    this.#end();
    await this.#connection().query('COMMIT');
    return [event];
  }

  /** The whole transaction, or back to a savepoint. Throws 3903, 6401. */
  async rollback(name?: string): Promise<RequestEvent[]> {
    if (this.#count === 0) throw sqlError(3903);
    const isSavepoint = name !== undefined && this.#savepoints.includes(name);
    if (isSavepoint) {
      if (this.doomed) throw sqlError(3931);
      await this.#connection().query(`ROLLBACK TO SAVEPOINT ${savepoint(name)}`);
      this.#savepoints.length = this.#savepoints.lastIndexOf(name) + 1;
      return [];
    }
    if (name !== undefined && name !== this.#name) throw sqlError(6401, [name]);
    const event = this.#event('rollback');
    this.#end();
    await this.#connection().query('ROLLBACK');
    return [event];
  }

  /** Throws 628, 3930. */
  async save(name: string): Promise<void> {
    if (this.#count === 0) throw sqlError(628);
    if (this.doomed) throw sqlError(3930);
    await this.#connection().query(`SAVEPOINT ${savepoint(name)}`);
    this.#savepoints.push(name);
  }

  /** The connection to PostgreSQL is gone, and the transaction with it. */
  forget(): void {
    this.#end();
  }

  #event(change: 'begin' | 'commit' | 'rollback'): RequestEvent {
    return { kind: 'transaction', change, descriptor: this.#descriptor };
  }

  #end(): void {
    this.#count = 0;
    this.doomed = false;
    this.#name = undefined;
    this.#savepoints = [];
  }
}

const savepoint = (name: string): string => quoteName(`save ${name}`);
