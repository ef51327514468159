import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { nextWait } from '../../../../src/dispatch/end/wait-policy.ts';
import { instant, secondsAfter } from '../dispatch-world.ts';

const at = Temporal.Instant.from(instant);
const after = (seconds: number) => Temporal.Instant.from(secondsAfter(seconds));
const limit = after(1800);

/** Seconds of the wait that begins so many seconds after the execution's instant. */
function waitAt(
  late: number,
  until: Temporal.Instant | null = limit,
  waitsFor: 'fault' | 'place' = 'fault',
): number | string {
  const now = after(late);
  const next = nextWait(now, at, until, waitsFor);
  return next.kind === 'wait' ? (next.until.epochMilliseconds - now.epochMilliseconds) / 1000 : next.kind;
}

test.each([
  [-5, 30],
  [0, 30],
  [59, 30],
  [60, 120],
  [599, 120],
  [600, 600],
  [1100, 600],
])('%i s after its time an execution waits %i s', (late, seconds) => {
  expect(waitAt(late)).toBe(seconds);
});

test.each([
  [-5, 2],
  [0, 2],
  [3, 3],
  [20, 20],
  [45, 30],
  [100, 100],
  [500, 120],
  [900, 600],
])('%i s after its time an execution waits %i s for a place', (late, seconds) => {
  expect(waitAt(late, limit, 'place')).toBe(seconds);
});

test('a wait for a place is as long as the lateness to the millisecond', () => {
  for (let late = 2_000; late < 30_000; late += 7) {
    const now = at.add({ milliseconds: late });
    const next = nextWait(now, at, limit, 'place');
    expect(next).toMatchObject({ kind: 'wait' });
    if (next.kind === 'wait') expect(next.until.epochMilliseconds - now.epochMilliseconds).toBe(late);
  }
});

test('the last wait ends before the limit, so that it can still go out', () => {
  expect(waitAt(1500)).toBe(290);
  expect(waitAt(1789)).toBe(1);
});

test('at the limit there is no more waiting', () => {
  expect(waitAt(1790)).toBe('too-late');
  expect(waitAt(5000)).toBe('too-late');
});

test('what has begun waits as long as it takes', () => {
  expect(waitAt(90_000, null)).toBe(600);
});
