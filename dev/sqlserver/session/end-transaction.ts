import type { RequestEvent } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import { endApplicationLocks } from './application-locks.ts';
import { mapFault } from './map-fault.ts';
import { PostgresError } from './postgres-connection.ts';
import type { SessionContext } from './session-context.ts';

/** COMMIT, ROLLBACK, or back to the savepoint `name`, with all that a session keeps for its transaction. */
export async function endTransaction(
  how: 'commit' | 'rollback',
  context: SessionContext,
  name?: string,
): Promise<RequestEvent[]> {
  const { transaction } = context;
  try {
    const events = how === 'commit' ? await transaction.commit() : await transaction.rollback(name);
    if (events.length > 0) await ended(how, context);
    else if (how === 'rollback') await context.rolledBackPartly();
    return events;
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    // What PostgreSQL finds only at the commit (serializable transactions) has rolled the transaction back.
    await ended('rollback', context);
    throw await faultAtCommit(error, context);
  }
}

async function ended(how: 'commit' | 'rollback', context: SessionContext): Promise<void> {
  await context.transactionEnded(how);
  await endApplicationLocks(context, false);
}

function faultAtCommit({ code, message }: PostgresError, context: SessionContext): Promise<SqlFault> {
  const { database, processId, transaction, query } = context;
  const isSnapshot = transaction.isolation === 'snapshot';
  return mapFault(
    { code, message },
    { verb: 'COMMIT', target: undefined, database: database.name, processId, isSnapshot },
    query,
  );
}
