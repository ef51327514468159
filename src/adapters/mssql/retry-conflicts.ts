import { sqlErrorNumber } from './sql-error-number.ts';

/** Another session inserted the same key first (unique index, unique constraint), won a deadlock, or holds a lock for long. */
const conflicts = new Set([2601, 2627, 1205, 1222]);

const MOST_TRIES = 4;

/** Runs a whole transaction again when it lost against another one; what it reads then is what the other stored. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      const number = sqlErrorNumber(error);
      if (tries === MOST_TRIES || number === undefined || !conflicts.has(number)) throw error;
    }
  }
}

/**
 * A reader that is not told when it lost against a writer: it holds locks as well where READ_COMMITTED_SNAPSHOT is off, and
 * of two that deadlock SQL Server ends the one that has written less.
 */
export function retried<Given extends unknown[], Found>(
  read: (...given: Given) => Promise<Found>,
): (...given: Given) => Promise<Found> {
  return (...given) => retryConflicts(() => read(...given));
}
