import { DatabaseError } from 'pg';
import { quoteText } from '../catalogue/catalogue.ts';
import type { SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { sendSteps } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';

/** The arguments of sp_getapplock and sp_releaseapplock by their lower-case names. */
type Asked = ReadonlyMap<string, SqlValue>;

const GRANTED = 0;
const GRANTED_AFTER_WAITING = 1;
const TIMED_OUT = -1;
/** What a wait comes to, by PostgreSQL's SQLSTATE: a time-out, or the end of a dead-lock. */
const failures: Readonly<Record<string, number>> = { '55P03': TIMED_OUT, '40P01': -3 };

/** PostgreSQL keeps the lock for the session, whoever its owner is here. */
interface Lock {
  key: string;
  owner: 'Transaction' | 'Session';
  suffix: '' | '_shared';
}

/** The locks that one session holds by sp_getapplock. */
export class ApplicationLocks {
  readonly #context: SessionContext;
  #held: Lock[] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** sp_getapplock: 0 granted, 1 granted after waiting, -1 timed out, -3 dead-lock victim. */
  async get(asked: Asked): Promise<number> {
    const mode = String(asked.get('@lockmode'));
    if (!/^(shared|exclusive)$/i.test(mode)) throw notSupported(`sp_getapplock with the lock mode ${mode}`);
    const lock: Lock = { ...this.#asked(asked), suffix: /^s/i.test(mode) ? '_shared' : '' };
    const [tried] = await this.#context.query(`SELECT pg_try_advisory_lock${lock.suffix}(${lock.key})`);
    const timeout = Number(asked.get('@locktimeout') ?? this.#context.settings.lockTimeout);
    const result = tried?.[0] === 't' ? GRANTED : timeout === 0 ? TIMED_OUT : await this.#wait(lock, timeout);
    if (result >= GRANTED) this.#held.push(lock);
    return result;
  }

  async #wait({ key, suffix }: Lock, timeout: number): Promise<number> {
    const context = this.#context;
    context.setLockTimeout(timeout);
    try {
      await sendSteps([{ text: `SELECT pg_advisory_lock${suffix}(${key})` }], 0, context);
      return GRANTED_AFTER_WAITING;
    } catch (error) {
      const result = error instanceof DatabaseError ? failures[error.code ?? ''] : undefined;
      if (result === undefined) throw error;
      return result;
    } finally {
      context.setLockTimeout(context.settings.lockTimeout);
    }
  }

  /** sp_releaseapplock. Throws 1223 for a lock that the session does not hold. */
  async release(asked: Asked): Promise<number> {
    const { key, owner } = this.#asked(asked);
    const lock = this.#held.findLast((held) => held.key === key && held.owner === owner);
    if (lock === undefined) throw sqlError(1223, [owner, String(asked.get('@resource'))]);
    await this.#end([lock]);
    return GRANTED;
  }

  /** The transaction's locks end with it, whether it was committed or not. */
  endTransaction(): Promise<void> {
    return this.#end(this.#held.filter(({ owner }) => owner === 'Transaction'));
  }

  endAll(): Promise<void> {
    return this.#end(this.#held);
  }

  async #end(ended: readonly Lock[]): Promise<void> {
    this.#held = this.#held.filter((lock) => !ended.includes(lock));
    for (const { key, suffix } of ended)
      await this.#context.query(`SELECT pg_advisory_unlock${suffix}(${key})`);
  }

  #asked(asked: Asked): Pick<Lock, 'key' | 'owner'> {
    const resource = asked.get('@resource') ?? null;
    if (resource === null) throw sqlError(201, ['sp_getapplock', '@Resource']);
    const owner = /^session$/i.test(String(asked.get('@lockowner'))) ? 'Session' : 'Transaction';
    if (owner === 'Transaction' && this.#context.transaction.count === 0) throw sqlError(1224, [owner]);
    // Resources tell upper from lower case, whatever the database's collation.
    return { key: `hashtextextended(${quoteText(`applock ${String(resource)}`)}, 0)`, owner };
  }
}
