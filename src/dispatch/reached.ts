import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';

/** Waits for an instant; false when `done` aborted first. */
export async function reached(clock: Clock, instant: Temporal.Instant, done: AbortSignal): Promise<boolean> {
  if (done.aborted) return false;
  try {
    await clock.waitUntil(instant, done);
    return !done.aborted;
  } catch (fault) {
    if (done.aborted) return false;
    throw fault;
  }
}
