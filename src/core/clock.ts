import type { Temporal } from 'temporal-polyfill';

/** The only source of time. Tests give one that they move themselves. */
export interface Clock {
  now(): Temporal.Instant;
  /** Resolves once `now()` has reached the instant (at once when it has already), rejects when the signal aborts. */
  waitUntil(instant: Temporal.Instant, signal?: AbortSignal): Promise<void>;
}
