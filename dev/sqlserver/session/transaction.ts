import { DatabaseError } from 'pg';
import type { IsolationLevel } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { quoteName } from '../catalogue/catalogue.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { mapFault } from './map-fault.ts';
import type { SessionContext } from './session-context.ts';

/** PostgreSQL's isolation for each of SQL Server's. Readers never block: READ COMMITTED is the one with row versions. */
const isolationText: Readonly<Partial<Record<IsolationLevel, string>>> = {
  'read uncommitted': 'READ COMMITTED',
  'read committed': 'READ COMMITTED',
  'repeatable read': 'REPEATABLE READ',
  serializable: 'SERIALIZABLE',
};

let lastDescriptor = 0n;

/**
 * The session's transaction as SQL Server counts it. PostgreSQL has the outermost one; statements inside it stand between
 * savepoints, because a failed statement must not end it.
 */
export class Transaction {
  isolation: IsolationLevel = 'read committed';
  readonly #context: SessionContext;
  #count = 0;
  #name: string | undefined;
  #descriptor = 0n;
  #savepoints: string[] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  get count(): number {
    return this.#count;
  }

  begin(name?: string): void {
    if (this.#count > 0) {
      this.#count += 1;
      return;
    }
    const level = isolationText[this.isolation];
    if (level === undefined) throw notSupported(`the isolation level ${this.isolation}`);
    const text = `BEGIN ISOLATION LEVEL ${level}`;
    this.#count = 1;
    this.#context.connection.sendAhead({ text, name: text });
    this.#name = name;
    lastDescriptor += 1n;
    this.#descriptor = lastDescriptor;
    this.#tell('begin');
  }

  /** Throws 3902, and what PostgreSQL refuses only now. */
  async commit(): Promise<void> {
    if (this.#count === 0) throw sqlError(3902);
    if (this.#count > 1) {
      this.#count -= 1;
      return;
    }
    const { connection } = this.#context;
    try {
      await connection.send([{ text: 'COMMIT', name: 'commit' }], 0).end();
    } catch (error) {
      // A serializable transaction that another one has overtaken: PostgreSQL has rolled it back.
      await this.#end('rollback');
      if (!(error instanceof DatabaseError)) throw error;
      throw await mapFault(error, { verb: 'COMMIT' }, this.#context);
    }
    await this.#end('commit');
  }

  /** The whole transaction, or back to a savepoint. Throws 3903, 6401. */
  async rollback(name?: string): Promise<void> {
    if (this.#count === 0) throw sqlError(3903);
    if (name !== undefined && this.#savepoints.includes(name)) {
      await this.#context.query(`ROLLBACK TO SAVEPOINT ${savepoint(name)}`);
      this.#savepoints.length = this.#savepoints.lastIndexOf(name) + 1;
      this.#context.rolledBackPartly();
      return;
    }
    if (name !== undefined && name !== this.#name) throw sqlError(6401, [name]);
    await this.#context.query('ROLLBACK');
    await this.#end('rollback');
  }

  /** Throws 628. */
  save(name: string): void {
    if (this.#count === 0) throw sqlError(628);
    this.#context.connection.sendAhead({ text: `SAVEPOINT ${savepoint(name)}` });
    this.#savepoints.push(name);
  }

  async #end(change: 'commit' | 'rollback'): Promise<void> {
    this.#count = 0;
    this.#savepoints = [];
    this.#tell(change);
    await this.#context.transactionEnded(change);
  }

  #tell(change: 'begin' | 'commit' | 'rollback'): void {
    this.#context.tell({ kind: 'transaction', change, descriptor: this.#descriptor });
  }
}

const savepoint = (name: string): string => quoteName(`save ${name}`);
