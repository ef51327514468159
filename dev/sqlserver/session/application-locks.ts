import type { SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { quoteText } from '../catalogue/catalogue.ts';
import type { SessionContext } from './session-context.ts';

type Arguments = ReadonlyMap<string, SqlValue>;

const GRANTED = 0;
const GRANTED_AFTER_WAITING = 1;
const TIMED_OUT = -1;
const DEADLOCK_VICTIM = -3;

/** Locks that a session holds: PostgreSQL keeps them for the session, whoever their owner is here. */
interface Held {
  key: string;
  isShared: boolean;
  owner: 'transaction' | 'session';
}

const held = new WeakMap<SessionContext, Held[]>();

/** sp_getapplock: 0 granted, 1 granted after waiting, -1 timed out, -3 dead-lock victim. */
export async function getApplicationLock(asked: Arguments, context: SessionContext): Promise<number> {
  const lock = readLock(asked, context);
  const mode = String(asked.get('@lockmode') ?? '').toLowerCase();
  if (!['shared', 'exclusive', 'update', 'intentshared', 'intentexclusive'].includes(mode))
    throw sqlError(15600, ['sp_getapplock']);
  const isShared = mode === 'shared' || mode === 'intentshared';
  const suffix = isShared ? '_shared' : '';
  const [tried] = await context.query(`SELECT pg_try_advisory_lock${suffix}(${lock.key})`);
  const taken = { ...lock, isShared };
  if (tried?.[0] === 't') return remember(taken, context, GRANTED);
  const timeout = Number(asked.get('@locktimeout') ?? context.options.lockTimeout);
  if (timeout === 0) return TIMED_OUT;
  return waitFor(taken, suffix, timeout, context);
}

async function waitFor(
  lock: Held,
  suffix: string,
  timeout: number,
  context: SessionContext,
): Promise<number> {
  const { connection } = context;
  await context.query(`SET lock_timeout = ${timeout < 0 ? 0 : timeout}`);
  const steps = [
    { text: 'SAVEPOINT applock' },
    { text: `SELECT pg_advisory_lock${suffix}(${lock.key})` },
    { text: 'RELEASE SAVEPOINT applock' },
  ];
  const isInTransaction = context.transaction.count > 0;
  const flight = isInTransaction ? steps : steps.slice(1, 2);
  const end = await connection.finish(connection.send(flight, -1), flight);
  if (end.kind === 'failed' && isInTransaction) await context.query('ROLLBACK TO SAVEPOINT applock');
  await context.applyLockTimeout();
  if (end.kind === 'done') return remember(lock, context, GRANTED_AFTER_WAITING);
  if (end.fault.code === '55P03') return TIMED_OUT;
  return end.fault.code === '40P01' ? DEADLOCK_VICTIM : -2;
}

/** sp_releaseapplock. Throws 1223 for a lock that the session does not hold. */
export async function releaseApplicationLock(asked: Arguments, context: SessionContext): Promise<number> {
  const { key, owner } = readLock(asked, context);
  const locks = held.get(context) ?? [];
  const lock = locks.findLast((candidate) => candidate.key === key && candidate.owner === owner);
  if (lock === undefined)
    throw sqlError(1223, [owner === 'session' ? 'Session' : 'Transaction', String(asked.get('@resource'))]);
  locks.splice(locks.indexOf(lock), 1);
  await context.query(releaseText(lock));
  return GRANTED;
}

/** The transaction's locks end with it, whether it was committed or not; with `all` the session's, too. */
export async function endApplicationLocks(context: SessionContext, all: boolean): Promise<void> {
  const locks = held.get(context) ?? [];
  const ended = locks.filter(({ owner }) => all || owner === 'transaction');
  if (ended.length === 0) return;
  held.set(
    context,
    locks.filter((lock) => !ended.includes(lock)),
  );
  for (const lock of ended) await context.query(releaseText(lock));
}

function readLock(asked: Arguments, context: SessionContext): Pick<Held, 'key' | 'owner'> {
  const resource = asked.get('@resource');
  if (resource === undefined || resource === null) throw sqlError(201, ['sp_getapplock', '@Resource']);
  const owner =
    String(asked.get('@lockowner') ?? 'Transaction').toLowerCase() === 'session' ? 'session' : 'transaction';
  if (owner === 'transaction' && context.transaction.count === 0) throw sqlError(1224, ['Transaction']);
  // Resources tell upper from lower case, whatever the database's collation.
  return { key: `hashtextextended(${quoteText(`applock ${String(resource)}`)}, 0)`, owner };
}

const releaseText = ({ key, isShared }: Held): string =>
  `SELECT pg_advisory_unlock${isShared ? '_shared' : ''}(${key})`;

function remember(lock: Held, context: SessionContext, result: number): number {
  held.set(context, [...(held.get(context) ?? []), lock]);
  return result;
}
