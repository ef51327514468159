import { DatabaseError } from 'pg';
import { quoteText } from '../catalogue/catalogue.ts';
import type { SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { sendSteps } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';

/** The arguments of sp_getapplock and sp_releaseapplock by their lower-case names. */
export type LockArguments = ReadonlyMap<string, SqlValue>;

const GRANTED = 0;
const GRANTED_AFTER_WAITING = 1;
const TIMED_OUT = -1;
const DEADLOCK_VICTIM = -3;

/** PostgreSQL keeps the lock for the session, whoever its owner is here. */
interface Lock {
  key: string;
  suffix: '' | '_shared';
  owner: 'Transaction' | 'Session';
}

/** The locks that one session holds by sp_getapplock. */
export class ApplicationLocks {
  readonly #context: SessionContext;
  #held: Lock[] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** sp_getapplock: 0 granted, 1 granted after waiting, -1 timed out, -3 dead-lock victim. */
  async get(asked: LockArguments): Promise<number> {
    const mode = String(asked.get('@lockmode') ?? '');
    if (!/^(shared|exclusive)$/i.test(mode)) throw notSupported(`sp_getapplock with the lock mode '${mode}'`);
    const lock: Lock = { ...this.#read(asked), suffix: /^s/i.test(mode) ? '_shared' : '' };
    const [tried] = await this.#context.query(`SELECT pg_try_advisory_lock${lock.suffix}(${lock.key})`);
    const timeout = Number(asked.get('@locktimeout') ?? this.#context.settings.lockTimeout);
    const result = tried?.[0] === 't' ? GRANTED : await this.#wait(lock, timeout);
    if (result >= GRANTED) this.#held.push(lock);
    return result;
  }

  /** sp_releaseapplock. Throws 1223 for a lock that the session does not hold. */
  async release(asked: LockArguments): Promise<number> {
    const { key, owner } = this.#read(asked);
    const lock = this.#held.findLast((candidate) => candidate.key === key && candidate.owner === owner);
    if (lock === undefined) throw sqlError(1223, [owner, String(asked.get('@resource'))]);
    await this.#end(lock);
    return GRANTED;
  }

  /** The transaction's locks end with it, whether it was committed or not; `all`: the session's, too. */
  async end(all: boolean): Promise<void> {
    for (const lock of this.#held.filter(({ owner }) => all || owner === 'Transaction'))
      await this.#end(lock);
  }

  async #wait({ key, suffix }: Lock, timeout: number): Promise<number> {
    if (timeout === 0) return TIMED_OUT;
    this.#context.setLockTimeout(timeout);
    try {
      await sendSteps([{ text: `SELECT pg_advisory_lock${suffix}(${key})` }], 0, this.#context);
      return GRANTED_AFTER_WAITING;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.code === '55P03') return TIMED_OUT;
      if (error.code === '40P01') return DEADLOCK_VICTIM;
      throw error;
    } finally {
      this.#context.setLockTimeout(this.#context.settings.lockTimeout);
    }
  }

  async #end(lock: Lock): Promise<void> {
    this.#held.splice(this.#held.indexOf(lock), 1);
    await this.#context.query(`SELECT pg_advisory_unlock${lock.suffix}(${lock.key})`);
  }

  #read(asked: LockArguments): Pick<Lock, 'key' | 'owner'> {
    const resource = asked.get('@resource');
    if (resource === undefined || resource === null) throw sqlError(201, ['sp_getapplock', '@Resource']);
    const owner = /^session$/i.test(String(asked.get('@lockowner'))) ? 'Session' : 'Transaction';
    if (owner === 'Transaction' && this.#context.transaction.count === 0)
      throw sqlError(1224, ['Transaction']);
    // Resources tell upper from lower case, whatever the database's collation.
    return { key: `hashtextextended(${quoteText(`applock ${String(resource)}`)}, 0)`, owner };
  }
}
