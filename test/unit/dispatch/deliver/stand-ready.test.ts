import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { standReady } from '../../../../src/dispatch/deliver/stand-ready.ts';
import { clockAt } from '../../../support/moved-clock.ts';
import { instant, secondsAfter } from '../dispatch-world.ts';
import { aTakenDelivery, payload } from './a-taken-delivery.ts';

const tenant = { code: '0001' };
const signatures = { 'webhook-id': 'id', 'webhook-timestamp': '1772466540' };
const target = {
  code: 'W1',
  url: 'https://gateway.test/hook',
  host: 'gateway.test',
  headers: {},
  secrets: [],
  timeoutMs: 15_000,
  format: { kind: 'cloudevents' },
} as const;

/** Ten deliveries, of which four may be called at once; each step is an event. */
function aWait(startsAt: string) {
  const clock = clockAt(startsAt);
  const events: string[] = [];
  const deliveries = Array.from({ length: 10 }, (_, index) => aTakenDelivery(index + 1));
  const ready = standReady(
    {
      clock,
      policy: { callsAtOnce: 4 },
      connectAhead: (url, count) => void events.push(`${count} connections to ${url}`),
      signAhead: (call, at) => {
        events.push(`signed for ${at.toString()}`);
        return { ...call, signatures };
      },
      composeBody: async (_, { deliveryId }) => {
        events.push(`body of ${deliveryId}`);
        return { kind: 'composed', body: '{}', contentType: 'application/json' };
      },
    },
    { executionId: 1, tenant, payload, target, deliveries },
    Temporal.Instant.from(instant),
  );
  return { clock, events, ready };
}

test('two seconds before the instant connections are opened for the calls that may begin at once', async () => {
  const { clock, events, ready } = aWait(secondsAfter(-5));
  await clock.moveTo(secondsAfter(-2.001));
  expect(events).toEqual([]);
  await clock.moveTo(secondsAfter(-2));
  await expect
    .poll(() => events)
    .toEqual(['4 connections to https://gateway.test/hook', 'body of 1', `signed for ${instant}`]);
  expect([...(await ready)]).toEqual([
    [
      1,
      {
        kind: 'call',
        call: expect.objectContaining({
          tenant: '0001',
          url: target.url,
          webhookId: 'id',
          body: '{}',
          signatures,
        }),
      },
    ],
  ]);
});

test('what comes later than that is made ready at once', async () => {
  const { events, ready } = aWait(secondsAfter(-0.5));
  expect([...(await ready).keys()]).toEqual([1]);
  expect(events).toHaveLength(3);
});

test('nothing is done ahead of what is already due', async () => {
  const { events, ready } = aWait(secondsAfter(0));
  expect([...(await ready).keys()]).toEqual([]);
  expect(events).toEqual([]);
});
