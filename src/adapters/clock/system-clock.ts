import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';

/** Timers of Node count in 32 bits of milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  async waitUntil(instant, signal) {
    for (;;) {
      signal?.throwIfAborted();
      const now = Temporal.Now.instant();
      if (Temporal.Instant.compare(now, instant) >= 0) return;
      const left = Math.max(1, instant.epochMilliseconds - now.epochMilliseconds);
      await sleep(Math.min(left, longestTimer), undefined, signal ? { signal } : {}).catch(
        (error: unknown) => {
          throw signal?.aborted ? signal.reason : error;
        },
      );
    }
  },
};
