import type { Temporal } from 'temporal-polyfill';
import type { DecidingPolicy } from './deciding-policy.ts';

/** The time that one scan looks at. All limits belong to it. */
export interface Span {
  now: Temporal.Instant;
  /** Now less the window: what lies before it is late. */
  from: Temporal.Instant;
  /** Now plus the window: what lies after it is for a later scan. */
  until: Temporal.Instant;
  /** What was missed before it is recorded in one line. */
  missedFrom: Temporal.Instant;
}

export function spanAround(now: Temporal.Instant, policy: DecidingPolicy): Span {
  return {
    now,
    from: now.subtract({ minutes: policy.windowMinutes }),
    until: now.add({ minutes: policy.windowMinutes }),
    missedFrom: now.subtract({ hours: 24 * policy.missedDays }),
  };
}
