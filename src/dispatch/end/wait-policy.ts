import type { Temporal } from 'temporal-polyfill';

/** Longest useful last wait: what is left of the catch-up limit must still be enough to try. */
const lastTrySeconds = 10;

/** The time to look again, or no more waiting: the catch-up limit is reached. */
export type Wait = { kind: 'wait'; until: Temporal.Instant } | { kind: 'too-late' };

/**
 * How long to wait for a fault that passes: the later the execution already is, the longer. A place among the tenant's
 * other dispatches is free again within moments while its database is well: that wait begins at 2 s and doubles until
 * it is as long. The last wait ends shortly before the limit, so that the execution is tried once more while it may
 * still go out. No limit: deliveries have begun, and what is begun is carried to its end.
 */
export function nextWait(
  now: Temporal.Instant,
  instant: Temporal.Instant,
  limit: Temporal.Instant | null,
  waitsFor: 'fault' | 'place',
): Wait {
  const lateSeconds = secondsFrom(instant, now);
  const seconds = lengthFor(lateSeconds);
  const waitSeconds = waitsFor === 'fault' ? seconds : Math.min(seconds, Math.max(2, lateSeconds));
  const until = now.add({ milliseconds: Math.round(1000 * waitSeconds) });
  if (limit === null) return { kind: 'wait', until };
  const left = secondsFrom(now, limit) - lastTrySeconds;
  if (left <= 0) return { kind: 'too-late' };
  const last = limit.subtract({ seconds: lastTrySeconds });
  return { kind: 'wait', until: secondsFrom(until, last) < 0 ? last : until };
}

function lengthFor(lateSeconds: number): number {
  if (lateSeconds < 60) return 30;
  return lateSeconds < 600 ? 120 : 600;
}

function secondsFrom(from: Temporal.Instant, to: Temporal.Instant): number {
  return (to.epochMilliseconds - from.epochMilliseconds) / 1000;
}
