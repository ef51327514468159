import { Temporal } from 'temporal-polyfill';

/*
 * sch_Revisar of an execution that nobody has opened yet: when somebody must look at it again, even if its message is
 * gone for good. Each write of an execution sets it in the same statement.
 */

/** Claimed, or moved by an edit: it should be in the queue by then. */
export function reviewOfClaimed(now: Temporal.Instant): Temporal.Instant {
  return now.add({ seconds: 30 });
}

/** In the queue: it should have been opened by then. `at` is its instant, which may have passed already. */
export function reviewOfEnqueued(at: Temporal.Instant, now: Temporal.Instant): Temporal.Instant {
  return (Temporal.Instant.compare(at, now) > 0 ? at : now).add({ minutes: 2 });
}
