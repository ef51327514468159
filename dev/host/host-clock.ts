import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the host's triggers see it; tests hand in one that they move. Instants are epoch milliseconds. */
export interface HostClock {
  now(): number;
  /** Ends after `ms`, or at once when the signal is aborted. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Node's timers hold 2^31-1 ms; anything longer would fire at once. */
const LONGEST_WAIT = 2_147_483_647;

export const systemClock: HostClock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    for (let left = ms; left > 0 && !signal.aborted; left -= LONGEST_WAIT) {
      await sleep(Math.min(left, LONGEST_WAIT), undefined, { signal }).catch(() => undefined);
    }
  },
};
