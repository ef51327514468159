import { Pool } from 'tarn';
import { redact } from '../../core/redact.ts';
import type { TenantAnswer } from '../../dispatch/prepare/tenant-answer.ts';
import type { Tenant } from '../../domain/tenant.ts';
import { circuitBreaker, type CircuitBreaker } from './circuit-breaker.ts';
import { canWrite, inspectDatabase, isControlDatabase, type Inspection } from './inspect-database.ts';
import { beginTransaction, openSession, rollbackTransaction, type Session } from './open-session.ts';
import { readConnection, type GetSecret, type TenantConnection } from './read-connection.ts';
import { faultOf, sqlErrorNumber, TenantRefusal, type TenantFault } from './tenant-fault.ts';

export interface TenantSessionOptions {
  getSecret: GetSecret;
  /** Most connections to one tenant's database. */
  maxConnections: number;
  /** How long a statement waits for a free one. */
  acquireTimeoutMs: number;
  /** A connection without work is closed after it. */
  idleTimeoutMs: number;
  breaker: { failures: number; openMs: number };
  /** A login that can write is refused. */
  requireReadOnly: boolean;
  /** Told what the login of each tenant that is let in may do besides reading, once per pool of connections. */
  onLogin: (tenant: Tenant, rights: readonly string[]) => void;
}

export interface TenantSessions {
  /** In a transaction that is rolled back: for what tenants have written. */
  inTransaction: InTenantSession;
  /** For our own statements that only read. Does the work again where a kept connection turns out to be lost. */
  inSession: InTenantSession;
  close: () => Promise<void>;
}

/** Runs work on a connection to the tenant's database. */
export type InTenantSession = <T>(
  tenant: Tenant,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
) => Promise<TenantAnswer<T>>;

interface Database {
  pool: Pool<Session>;
  breaker: CircuitBreaker;
  secrets: readonly string[];
  /** Known after the first connection. */
  inspection?: Inspection;
  lastUse: number;
}

/** A pool that nobody used for so long is forgotten, with what was found out about its database. */
const forgetAfterMs = 600_000;

/**
 * Connections to tenants' databases: a small pool each, so that one that hangs holds nobody else's. `close` ends those
 * that are idle and waits for the others.
 */
export function tenantSessions(options: TenantSessionOptions): TenantSessions {
  const databases = new Map<string, Database>();
  const through =
    (way: Way): InTenantSession =>
    async (tenant, signal, work) => {
      signal.throwIfAborted();
      const connection = readConnection(tenant.connection, options.getSecret);
      if (connection.kind === 'invalid') {
        return { kind: 'final', reason: 'empresa_conexion_invalida', detail: connection.detail };
      }
      const database = databaseOf(databases, tenant, connection, options);
      const open = database.breaker.refusal();
      if (open !== undefined) return answerOf(open, database);
      try {
        const value = await way(database.pool, signal, async (session) => {
          await admit(database, tenant, session, signal, options);
          return work(session);
        });
        database.breaker.succeeded();
        return { kind: 'answer', value };
      } catch (error) {
        signal.throwIfAborted();
        const fault = faultOf(error);
        if (fault.connection === 'failed') database.breaker.failed(fault);
        if (fault.connection === 'worked') database.breaker.succeeded();
        return answerOf(fault, database);
      }
    };
  return {
    inTransaction: through(rolledBack),
    inSession: through(onLiving),
    close: async () => {
      await Promise.all([...databases.values()].map(({ pool }) => pool.destroy()));
      databases.clear();
    },
  };
}

function answerOf({ kind, reason, detail }: TenantFault, { secrets }: Database): TenantAnswer<never> {
  return { kind, reason, detail: redact(detail, secrets).slice(0, 1_000) };
}

function databaseOf(
  databases: Map<string, Database>,
  tenant: Tenant,
  { config, secrets }: Extract<TenantConnection, { kind: 'connection' }>,
  options: TenantSessionOptions,
): Database {
  const now = performance.now();
  for (const [key, { lastUse, pool }] of databases) {
    if (now - lastUse < forgetAfterMs || pool.numUsed() > 0) continue;
    databases.delete(key);
    void pool.destroy();
  }
  const key = `${tenant.code} ${JSON.stringify(config)}`;
  const known = databases.get(key);
  if (known !== undefined) {
    known.lastUse = now;
    return known;
  }
  const pool = new Pool<Session>({
    create: () => openSession(config),
    destroy: ({ connection }) => connection.close(),
    validate: ({ ended }) => !ended,
    min: 0,
    max: options.maxConnections,
    acquireTimeoutMillis: options.acquireTimeoutMs,
    idleTimeoutMillis: options.idleTimeoutMs,
    propagateCreateError: true,
  });
  const breaker = circuitBreaker({ ...options.breaker, now: () => performance.now() });
  const database = { pool, breaker, secrets, lastUse: now };
  databases.set(key, database);
  return database;
}

type Way = <T>(
  pool: Pool<Session>,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
) => Promise<T>;

const rolledBack: Way = async (pool, signal, work) => {
  const session = await beginOnLiving(pool, signal);
  try {
    return await work(session);
  } finally {
    await rollbackTransaction(session).catch(() => closeNow(session));
    session.used = true;
    pool.release(session);
  }
};

/** A kept connection may have died unseen. Beginning a transaction shows it, and does nothing that counts twice. */
async function beginOnLiving(pool: Pool<Session>, signal: AbortSignal): Promise<Session> {
  for (;;) {
    const session = await acquire(pool, signal);
    try {
      await beginTransaction(session);
      return session;
    } catch (error) {
      closeNow(session);
      pool.release(session);
      if (!session.used) throw error;
    }
  }
}

const onLiving: Way = async (pool, signal, work) => {
  for (;;) {
    const session = await acquire(pool, signal);
    try {
      return await work(session);
    } catch (error) {
      const answered = error instanceof TenantRefusal || sqlErrorNumber(error) > 0;
      if (!answered) closeNow(session);
      if (answered || signal.aborted || !session.used) throw error;
    } finally {
      session.used = true;
      pool.release(session);
    }
  }
};

/** The driver tells of the end only later; until then the pool must not give it away. */
function closeNow(session: Session): void {
  session.ended = true;
  session.connection.close();
}

async function acquire(pool: Pool<Session>, signal: AbortSignal): Promise<Session> {
  const pending = pool.acquire();
  const giveUp = () => pending.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await pending.promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Before any statement of the tenant runs: what database is this, and what may its login do? */
async function admit(
  database: Database,
  tenant: Tenant,
  { connection }: Session,
  signal: AbortSignal,
  { requireReadOnly, onLogin }: TenantSessionOptions,
): Promise<void> {
  const found = database.inspection ?? (await inspectDatabase(connection, signal));
  if (found.isControl) throw isControlDatabase();
  if (requireReadOnly && found.rights.length > 0) throw canWrite(found.rights);
  if (database.inspection === undefined) onLogin(tenant, found.rights);
  database.inspection = found;
}
