import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.ts';

test('waiting for an instant ends at it, never before', async () => {
  for (let round = 0; round < 10; round++) {
    const instant = systemClock.now().add({ microseconds: 3_700 });
    await systemClock.waitUntil(instant);
    expect(Temporal.Instant.compare(systemClock.now(), instant)).toBeGreaterThanOrEqual(0);
  }
});

test('waiting for what is past ends at once', async () => {
  await systemClock.waitUntil(systemClock.now().subtract({ hours: 1 }));
});

test('waiting ends with the reason of its signal when that aborts, before or meanwhile', async () => {
  const reason = new Error('no longer needed');
  const soon = new AbortController();
  const waiting = systemClock.waitUntil(systemClock.now().add({ hours: 900 }), soon.signal);
  soon.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(systemClock.waitUntil(systemClock.now().add({ hours: 1 }), soon.signal)).rejects.toBe(reason);
});
