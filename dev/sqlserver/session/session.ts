import type { IsolationLevel, Parameter, RequestEvent, SqlSession } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { parseBatch } from '../parser/parse-batch.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Batch } from '../parser/syntax.ts';
import { endApplicationLocks } from './application-locks.ts';
import type { DatabaseHandle, DatabaseUser } from '../catalogue/database-handle.ts';
import { endTransaction } from './end-transaction.ts';
import { Cancelled } from './execute-statement.ts';
import type { Principal } from '../catalogue/logins.ts';
import { RecentlyUsed } from './recently-used.ts';
import { BatchRun } from './run-batch.ts';
import type { SessionContext } from './session-context.ts';
import { Variables } from './variables.ts';

const MAX_PARAMETERS = 2_100;
/** Parsed batches by their text, for all sessions. Very long texts are hardly ever met twice. */
const parsed = new RecentlyUsed<Batch>(500);
const MAX_KEPT_TEXT = 32_768;

function parse(text: string): Batch {
  if (text.length > MAX_KEPT_TEXT) return parseBatch(text);
  return parsed.get(text, () => parseBatch(text));
}

type TransactionRequest = Parameters<SqlSession['transaction']>[0];

/** A client's session. See the contract. */
export class Session implements SqlSession, DatabaseUser {
  readonly #context: SessionContext;
  readonly #home: { database: DatabaseHandle; principal: Principal };
  #database: DatabaseHandle;
  #isCancelled = false;
  #isRunning = false;
  #cancelling: Promise<unknown> = Promise.resolve();

  constructor(context: SessionContext) {
    this.#context = context;
    this.#home = { database: context.database, principal: context.principal };
    this.#database = context.database;
    this.#database.users.add(this);
  }

  isOf(context: object): boolean {
    return context === this.#context;
  }

  run(text: string, parameters?: readonly Parameter[]): AsyncIterable<RequestEvent> {
    return this.#request(() => this.#run(text, parameters));
  }

  async *#run(text: string, parameters: readonly Parameter[] | undefined): AsyncGenerator<RequestEvent> {
    if ((parameters?.length ?? 0) > MAX_PARAMETERS) throw sqlError(8003);
    const { statements } = parse(text);
    const variables = Variables.of(parameters ?? []);
    const { transaction } = this.#context;
    const run = new BatchRun(this.#context, variables, () => this.#isCancelled).run(statements);
    yield* parameters === undefined ? run : this.#context.inOwnScope(run);
    if (transaction.doomed && !this.#isCancelled) {
      yield { kind: 'message', message: messageOf(sqlError(3998), 1) };
      yield* await endTransaction('rollback', this.#context);
    }
    for (const parameter of parameters ?? []) {
      if (parameter.output)
        yield { kind: 'output', parameter: { ...parameter, value: variables.value(parameter.name) } };
    }
  }

  transaction(request: TransactionRequest): AsyncIterable<RequestEvent> {
    return this.#request(() => this.#transaction(request));
  }

  async *#transaction(request: TransactionRequest): AsyncGenerator<RequestEvent> {
    const { transaction } = this.#context;
    switch (request.kind) {
      case 'begin':
        if (request.isolation !== undefined)
          transaction.isolation = request.isolation satisfies IsolationLevel;
        yield* await transaction.begin(request.name);
        break;
      case 'commit':
        yield* await endTransaction('commit', this.#context);
        break;
      case 'rollback':
        yield* await endTransaction('rollback', this.#context, request.name);
        break;
      case 'save':
        await transaction.save(request.name);
        break;
    }
    yield { kind: 'done', failed: false, isSelect: false };
  }

  /** One request: faults become messages, a cancelled one just ends. */
  async *#request(work: () => AsyncGenerator<RequestEvent>): AsyncGenerator<RequestEvent> {
    this.#isCancelled = false;
    this.#isRunning = true;
    try {
      yield* work();
    } catch (error) {
      if (error instanceof Cancelled && this.#isCancelled) return;
      const fault = error instanceof Cancelled ? sqlError(3617) : error;
      if (!(fault instanceof SqlFault)) throw fault;
      yield { kind: 'message', message: messageOf(fault, 1) };
      yield { kind: 'done', failed: true, isSelect: false };
    } finally {
      this.#isRunning = false;
      await this.#settle();
    }
  }

  /** After a request: who uses which database, and no late cancel for the next request. */
  async #settle(): Promise<void> {
    if (this.#context.database !== this.#database) this.#move();
    if (!this.#isCancelled) return;
    await this.#cancelling;
    await this.#context.query('SELECT 1').catch(() => undefined);
    const { transaction, options } = this.#context;
    if (options.xactAbort && transaction.count > 0) await endTransaction('rollback', this.#context);
  }

  #move(): void {
    this.#database.users.delete(this);
    this.#database = this.#context.database;
    this.#database.users.add(this);
  }

  cancel(): void {
    if (!this.#isRunning || this.#isCancelled) return;
    this.#isCancelled = true;
    const { server, processId } = this.#context;
    // A signal that comes late finds an idle connection and does nothing.
    this.#cancelling = server.control.query(`SELECT pg_cancel_backend(${processId})`);
    this.#cancelling.catch(() => undefined);
  }

  async reset(keepTransaction: boolean): Promise<void> {
    const { transaction } = this.#context;
    if (!keepTransaction && transaction.count > 0) await endTransaction('rollback', this.#context);
    await endApplicationLocks(this.#context, true);
    await this.#context.forget();
    if (this.#context.database !== this.#home.database && transaction.count === 0) {
      await this.#context.use(this.#home.database, this.#home.principal);
      this.#move();
    }
  }

  async expel(): Promise<void> {
    this.#database.users.delete(this);
    await this.#context.connection.close();
  }

  async close(): Promise<void> {
    this.#database.users.delete(this);
    await this.#context.connection.close();
  }
}
