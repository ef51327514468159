import { Temporal } from 'temporal-polyfill';

/*
 * sch_Revisar: when somebody must look at an execution again, even if its message is gone for good. Each write of an
 * execution sets it in the same statement. All times follow EXECUTION_LEASE_SECONDS, 60 unless configured: what may be
 * taken for dead after one sign of life that did not come is taken over everywhere with the same patience.
 */

/** Claimed, or moved by an edit: it should be in the queue by then. */
export function reviewOfClaimed(now: Temporal.Instant, leaseSeconds: number): Temporal.Instant {
  return now.add({ milliseconds: leaseSeconds * 500 });
}

/** In the queue: it should have been opened by then. `at` is its instant, which may have passed already. */
export function reviewOfEnqueued(
  at: Temporal.Instant,
  now: Temporal.Instant,
  leaseSeconds: number,
): Temporal.Instant {
  return (Temporal.Instant.compare(at, now) > 0 ? at : now).add({ seconds: 2 * leaseSeconds });
}

/** Something is to be done at that time: a wait ends, a delivery is due. */
export function reviewAfter(at: Temporal.Instant, leaseSeconds: number): Temporal.Instant {
  return at.add({ seconds: leaseSeconds });
}
