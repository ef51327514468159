import { Temporal } from 'temporal-polyfill';
import { invalidRequest } from './refuse-invalid.ts';

/** A span of time that ends before it begins, or at once, is a slip of the caller's. Throws invalid_request. */
export function refuseEmptySpan({
  from,
  to,
}: {
  from?: Temporal.Instant | undefined;
  to?: Temporal.Instant | undefined;
}): void {
  if (from === undefined || to === undefined || Temporal.Instant.compare(from, to) < 0) return;
  const message = `must be later than query.from, which is ${from.toString()}`;
  throw invalidRequest([{ at: 'query.to', message }]);
}
