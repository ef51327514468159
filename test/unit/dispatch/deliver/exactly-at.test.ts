import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { othersTurn } from '../../../../src/core/others-turn.ts';
import { exactlyAt } from '../../../../src/dispatch/deliver/exactly-at.ts';
import { clockAt } from '../../../support/moved-clock.ts';

test('nothing happens before the instant, and others have their turn in its last millisecond', async () => {
  const clock = clockAt('2026-03-02T12:00:00Z');
  let isThere = false;
  const wait = exactlyAt(clock, Temporal.Instant.from('2026-03-02T12:00:01Z')).then(() => (isThere = true));
  await clock.moveTo('2026-03-02T12:00:00.999Z');
  for (let turn = 0; turn < 10; turn++) await othersTurn();
  expect(isThere).toBe(false);
  await clock.moveTo('2026-03-02T12:00:01Z');
  await wait;
});

test('what is due already goes at once', async () => {
  await exactlyAt(clockAt('2026-03-02T12:00:00Z'), Temporal.Instant.from('2026-03-02T11:00:00Z'));
});
