import { expect, test } from 'vitest';
import { Temporal } from 'temporal-polyfill';
import { LeaseLost, whileRenewing, type RenewLease } from '../../../../src/dispatch/prepare/renew-lease.ts';
import { clockAt } from '../../../support/moved-clock.ts';
import { instant, secondsAfter } from '../dispatch-world.ts';

function aLease(renewLease: RenewLease) {
  const clock = clockAt(instant);
  const work = Promise.withResolvers<string>();
  const lease = { executionId: 1, owner: 'me', seconds: 60, from: clock.now() };
  const renewals: string[] = [];
  const ports = {
    clock,
    renewLease: async (request: Parameters<RenewLease>[0]) => {
      renewals.push(request.until.toString());
      return await renewLease(request);
    },
  };
  const running = whileRenewing(lease, ports, async (signal) => {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    return await Promise.race([work.promise, aborted]);
  });
  return { clock, work, running, renewals };
}

test('a lease is renewed every third of its time while the work goes on, and not after', async () => {
  const { clock, work, running, renewals } = aLease(async () => true);
  await clock.moveTo(secondsAfter(20));
  await expect.poll(() => renewals).toEqual([secondsAfter(80)]);
  await expect.poll(() => clock.waiting).toBe(1);
  await clock.moveTo(secondsAfter(40));
  await expect.poll(() => renewals).toEqual([secondsAfter(80), secondsAfter(100)]);
  work.resolve('done');
  expect(await running).toBe('done');
  expect(clock.waiting).toBe(0);
});

test('work whose lease is another’s stops', async () => {
  const { clock, running } = aLease(async () => false);
  const stopped = expect(running).rejects.toThrow(LeaseLost);
  await clock.moveTo(secondsAfter(20));
  await stopped;
});

test('a renewal that fails after others ends with the last that was granted', async () => {
  let granted = 1;
  const { clock, running, renewals } = aLease(async () => {
    if (granted-- > 0) return true;
    throw new Error('away');
  });
  let lost = false;
  const stopped = expect(
    running.catch((fault: unknown) => Promise.reject(((lost = true), fault))),
  ).rejects.toThrow('could not be renewed');
  for (const seconds of [20, 40, 60]) {
    await expect.poll(() => clock.waiting).toBe(1);
    await clock.moveTo(secondsAfter(seconds));
  }
  await expect.poll(() => [renewals.length, clock.waiting]).toEqual([3, 1]);
  expect(lost).toBe(false);
  await clock.moveTo(secondsAfter(80));
  await stopped;
});

test('a renewal that fails is tried again until the lease ends; that is a fault, for nobody may carry on', async () => {
  const away = new Error('away');
  const { clock, running, renewals } = aLease(() => Promise.reject(away));
  const stopped = expect(running).rejects.toMatchObject({ name: 'Error', cause: away });
  for (const seconds of [20, 40, 60]) {
    await expect.poll(() => clock.waiting).toBe(1);
    await clock.moveTo(Temporal.Instant.from(secondsAfter(seconds)).toString());
  }
  await stopped;
  expect(renewals).toHaveLength(3);
});
