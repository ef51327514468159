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
      await sleep(Math.min(left, longestTimer), signal);
    }
  },
};

/** Also ends when the signal aborts. Node's own makes an error with its stack for that, which is all that it would cost. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}
