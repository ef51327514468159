import { Temporal } from 'temporal-polyfill';

const earliest = Temporal.Instant.from('2000-01-01T00:00Z');
const latest = Temporal.Instant.from('2100-01-01T00:00Z');

/** null: what no clock shows that works, and what the columns may not hold. */
export function withinReason(at: Temporal.Instant): Temporal.Instant | null {
  const { epochMilliseconds } = at;
  return epochMilliseconds >= earliest.epochMilliseconds && epochMilliseconds < latest.epochMilliseconds
    ? at
    : null;
}

/** The gateway's clock may be ahead of ours. */
export function notAfter(now: Temporal.Instant, at: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(at, now) > 0 ? now : at;
}
