import { setTimeout as pause } from 'node:timers/promises';
import { sqlErrorNumber } from './sql-error-number.ts';

const deadlockVictim = 1205;
const lockTimeout = 1222;
const retries = 3;

/** Does it again a few times when it lost a deadlock or waited too long for a lock; then the error is thrown. */
export async function retryLocked<T>(statement: () => Promise<T>): Promise<T> {
  for (let left = retries; ; left--) {
    try {
      return await statement();
    } catch (fault) {
      const number = sqlErrorNumber(fault);
      if (left === 0 || (number !== deadlockVictim && number !== lockTimeout)) throw fault;
      await pause(20 + 80 * Math.random());
    }
  }
}
