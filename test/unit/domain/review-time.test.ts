import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { reviewAfter, reviewOfClaimed, reviewOfEnqueued } from '../../../src/domain/review-time.ts';

const now = Temporal.Instant.from('2026-03-02T12:47:00Z');
const at = Temporal.Instant.from('2026-03-02T12:49:00Z');

test.each([
  [60, '12:47:30', '12:51:00', '12:49:00', '12:50:00'],
  [5, '12:47:02.5', '12:49:10', '12:47:10', '12:49:05'],
])('with a lease of %i s', (lease, claimed, enqueued, enqueuedLate, open) => {
  const timeOf = (instant: Temporal.Instant) => instant.toString().slice(11, -1);
  expect(timeOf(reviewOfClaimed(now, lease))).toBe(claimed);
  expect(timeOf(reviewOfEnqueued(at, now, lease))).toBe(enqueued);
  expect(timeOf(reviewOfEnqueued(now.subtract({ hours: 1 }), now, lease))).toBe(enqueuedLate);
  expect(timeOf(reviewAfter(at, lease))).toBe(open);
});
