import { DatabaseError } from 'pg';
import { quoteName } from '../catalogue/catalogue.ts';
import type { IsolationLevel, RequestEvent } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { mapFault } from './map-fault.ts';
import type { SessionContext } from './session-context.ts';

/** PostgreSQL's isolation for each of SQL Server's. Readers never block: READ COMMITTED is the one with row versions. */
const beginText: Readonly<Record<IsolationLevel, string>> = {
  'read uncommitted': 'BEGIN ISOLATION LEVEL READ COMMITTED',
  'read committed': 'BEGIN ISOLATION LEVEL READ COMMITTED',
  'repeatable read': 'BEGIN ISOLATION LEVEL REPEATABLE READ',
  serializable: 'BEGIN ISOLATION LEVEL SERIALIZABLE',
};

const savepoint = (name: string): string => quoteName(`save ${name}`);

let lastDescriptor = 0n;

/**
 * The session's transaction as SQL Server counts it. PostgreSQL has the outermost one; statements inside it stand between
 * savepoints, because a failed statement must not end it.
 */
export class Transaction {
  isolation: IsolationLevel = 'read committed';
  count = 0;
  readonly #context: SessionContext;
  #name: string | undefined;
  #descriptor = 0n;
  #savepoints: string[] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  begin(name?: string, isolation = this.isolation): void {
    this.isolation = isolation;
    this.count += 1;
    if (this.count > 1) return;
    const text = beginText[isolation];
    this.#context.connection.sendAhead({ text, key: text });
    this.#name = name;
    lastDescriptor += 1n;
    this.#descriptor = lastDescriptor;
    this.#context.tell(this.#changed('begin'));
  }

  /** Throws 3902, and what PostgreSQL refuses only now. */
  async commit(): Promise<void> {
    if (this.count === 0) throw sqlError(3902);
    if (this.count > 1) {
      this.count -= 1;
      return;
    }
    try {
      await this.#context.connection.send([{ text: 'COMMIT', key: 'commit' }], 0).end();
    } catch (error) {
      // A serializable transaction that another one has overtaken: PostgreSQL has rolled it back.
      await this.#end('rollback');
      throw error instanceof DatabaseError ? await mapFault(error, { verb: 'COMMIT' }, this.#context) : error;
    }
    await this.#end('commit');
  }

  /** The whole transaction, or back to a savepoint. Throws 3903, 6401. */
  async rollback(name?: string): Promise<void> {
    if (this.count === 0) throw sqlError(3903);
    const place = name === undefined ? -1 : this.#savepoints.lastIndexOf(name);
    if (name !== undefined && place < 0 && name !== this.#name) throw sqlError(6401, [name]);
    await this.#context.query(place < 0 ? 'ROLLBACK' : `ROLLBACK TO SAVEPOINT ${savepoint(name ?? '')}`);
    this.#savepoints.length = place + 1;
    if (place < 0) await this.#end('rollback');
    else this.#context.rolledBackPartly();
  }

  /** Throws 628. */
  save(name: string): void {
    if (this.count === 0) throw sqlError(628);
    this.#context.connection.sendAhead({ text: `SAVEPOINT ${savepoint(name)}` });
    this.#savepoints.push(name);
  }

  async #end(change: 'commit' | 'rollback'): Promise<void> {
    this.count = 0;
    this.#savepoints = [];
    this.#context.tell(this.#changed(change));
    await this.#context.transactionEnded(change);
  }

  #changed(change: 'begin' | 'commit' | 'rollback'): RequestEvent {
    return { kind: 'transaction', change, descriptor: this.#descriptor };
  }
}
