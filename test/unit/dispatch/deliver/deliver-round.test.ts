import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { othersTurn } from '../../../../src/core/others-turn.ts';
import type { ComposedCall } from '../../../../src/dispatch/deliver/compose-call.ts';
import type { DeliveryAnswer, WebhookCall } from '../../../../src/dispatch/deliver/deliver-webhook.ts';
import { deliverRound, holdFor } from '../../../../src/dispatch/deliver/deliver-round.ts';
import type { DeliveryContent, WebhookFormat } from '../../../../src/dispatch/message/compose-body.ts';
import type { Outcome } from '../../../../src/dispatch/deliver/record-outcomes.ts';
import type { HoldRequest } from '../../../../src/dispatch/deliver/take-deliveries.ts';
import { aDispatch, answered, instant, policy, secondsAfter } from '../dispatch-world.ts';
import { aTakenDelivery, payload } from './a-taken-delivery.ts';

const at = (seconds: number) => Temporal.Instant.from(secondsAfter(seconds));

/** Two deliveries, called one after the other unless told otherwise; each call is answered by the test. */
function aRound({
  hold = async ({ ids }: HoldRequest) => new Set(ids),
  ready = async () => {},
  callsAtOnce = 1,
  begins = at(0),
  onCall = (_id: string) => {},
  madeAhead = [] as readonly [number, ComposedCall][],
} = {}) {
  const world = aDispatch();
  const calls: WebhookCall[] = [];
  const composed: number[] = [];
  let stalledFor = { seconds: 0 };
  const started: PromiseWithResolvers<DeliveryAnswer>[] = [];
  const holds: HoldRequest[] = [];
  const outcomes: Outcome[] = [];
  const ports = {
    ...world.ports,
    clock: { ...world.clock, now: () => world.clock.now().add(stalledFor) },
    policy: { ...policy, callsAtOnce },
    composeBody: async (format: WebhookFormat, content: DeliveryContent) => {
      composed.push(content.deliveryId);
      return await world.ports.composeBody(format, content);
    },
    deliverWebhook: async (call: WebhookCall) => {
      calls.push(call);
      onCall(call.webhookId);
      const answer = Promise.withResolvers<DeliveryAnswer>();
      started.push(answer);
      return await answer.promise;
    },
    holdDeliveries: async (request: HoldRequest) => {
      holds.push(request);
      return await hold(request);
    },
  };
  const running = deliverRound(ports)({
    executionId: 1,
    alert: '000001',
    tenant: { code: '0001', zone: policy.time.timeZone },
    payload,
    target: {
      code: 'W1',
      url: 'https://gateway.test/hook',
      host: 'gateway.test',
      headers: {},
      secrets: [],
      timeoutMs: 15_000,
      format: { kind: 'cloudevents' },
    },
    deliveries: [aTakenDelivery(1, 'first'), aTakenDelivery(2, 'second')],
    ready: new Map(madeAhead),
    heldUntil: Temporal.Instant.from(instant).add({ minutes: 2 }),
    instant: begins,
    workUntil: at(290),
    recorder: {
      add: (each) => void outcomes.push(each),
      ready,
      drain: async () => null,
    },
  });
  /** The time goes on, and no timer has run yet. */
  const stall = (seconds: number) => (stalledFor = { seconds });
  return { clock: world.clock, stall, started, calls, composed, holds, outcomes, running };
}

test('a round that is made ready before its instant starts nothing until then', async () => {
  const round = aRound({ begins: at(1.5) });
  await expect.poll(() => round.clock.waiting).toBe(4);
  await round.clock.moveTo(secondsAfter(1.499));
  await othersTurn();
  expect(round.started).toHaveLength(0);
  await round.clock.moveTo(secondsAfter(1.5));
  await expect.poll(() => round.started.length).toBe(1);
  round.started[0]?.resolve(answered(200));
  await othersTurn();
  expect(round.started).toHaveLength(1);
  await round.clock.moveTo(secondsAfter(1.6));
  await expect.poll(() => round.started.length).toBe(2);
  round.started[1]?.resolve(answered(200));
  await round.running;
});

test('the first delivery of an alert goes at its instant, the others a moment later, after the first ones of all alerts', async () => {
  const one = aRound({ begins: at(1), callsAtOnce: 2 });
  await expect.poll(() => one.clock.waiting).toBe(4);
  await one.clock.moveTo(secondsAfter(1.099));
  await expect.poll(() => one.started.length).toBe(1);
  await othersTurn();
  expect(one.started).toHaveLength(1);
  await one.clock.moveTo(secondsAfter(1.1));
  await expect.poll(() => one.started.length).toBe(2);
  for (const { resolve } of one.started) resolve(answered(200));
  await one.running;
});

test('a call that was made ahead goes as it is, the others are made when their turn comes', async () => {
  const call: WebhookCall = {
    tenant: '0001',
    url: 'https://gateway.test/hook',
    headers: {},
    secrets: [],
    timeoutMs: 15_000,
    webhookId: 'first',
    body: 'made ahead',
    contentType: 'text/plain',
    signatures: { 'webhook-id': 'first', 'webhook-timestamp': '1772466540' },
  };
  const round = aRound({ madeAhead: [[1, { kind: 'call', call }]] });
  await expect.poll(() => round.started.length).toBe(1);
  round.started[0]?.resolve(answered(200));
  await expect.poll(() => round.started.length).toBe(2);
  round.started[1]?.resolve(answered(200));
  await round.running;
  expect(round.calls[0]).toBe(call);
  expect(round.calls[1]).toMatchObject({ webhookId: 'second' });
  expect(round.composed).toEqual([2]);
});

test('a long round renews the hold of what has no outcome yet', async () => {
  const round = aRound();
  await expect.poll(() => round.started.length).toBe(1);
  await round.clock.moveTo(secondsAfter(25));
  await expect
    .poll(() => round.holds)
    .toEqual([{ executionId: 1, ids: [1, 2], heldUntil: at(120), until: at(145) }]);
  round.started[0]?.resolve(answered(200));
  await expect.poll(() => round.started.length).toBe(2);
  round.started[1]?.resolve(answered(200));
  await round.running;
  expect(round.outcomes.map(({ deliveryId }) => deliveryId)).toEqual([1, 2]);
});

test('nothing is started when the hold could not be renewed in time', async () => {
  const round = aRound({ hold: () => Promise.reject(new Error('away')) });
  await expect.poll(() => round.started.length).toBe(1);
  for (const seconds of [25, 50, 75]) {
    await round.clock.moveTo(secondsAfter(seconds));
    await expect.poll(() => round.holds.length).toBe(seconds / 25);
  }
  await round.clock.moveTo(secondsAfter(100));
  round.started[0]?.resolve(answered(200));
  await expect(round.running).rejects.toThrow('away');
  expect(round.started).toHaveLength(1);
  expect(round.outcomes.map(({ deliveryId }) => deliveryId)).toEqual([1]);
});

test('nothing is started at the end of a hold while its renewal hangs', async () => {
  const renewal = Promise.withResolvers<Set<number>>();
  const round = aRound({ hold: () => renewal.promise });
  await expect.poll(() => round.started.length).toBe(1);
  await round.clock.moveTo(secondsAfter(25));
  await expect.poll(() => round.holds.length).toBe(1);
  await round.clock.moveTo(secondsAfter(100));
  round.started[0]?.resolve(answered(200));
  await expect.poll(() => round.outcomes.length).toBe(1);
  renewal.resolve(new Set([2]));
  await round.running;
  expect(round.started).toHaveLength(1);
  expect(round.holds.at(-1)).toEqual({ executionId: 1, ids: [2], heldUntil: at(145), until: at(100) });
});

test('a process that stood still beyond its hold starts nothing when it goes on, before its timers do', async () => {
  const round = aRound();
  await expect.poll(() => round.started.length).toBe(1);
  round.stall(130);
  round.started[0]?.resolve(answered(200));
  await round.running;
  expect(round.started).toHaveLength(1);
  expect(round.outcomes.map(({ deliveryId }) => deliveryId)).toEqual([1]);
});

test('nothing new starts while outcomes cannot be stored', async () => {
  const storable = Promise.withResolvers<void>();
  const round = aRound({ ready: () => storable.promise });
  await expect.poll(() => round.clock.waiting).toBe(2);
  expect(round.started).toHaveLength(0);
  storable.resolve();
  for (const index of [0, 1]) {
    await expect.poll(() => round.started.length).toBe(index + 1);
    round.started[index]?.resolve(answered(200));
  }
  await round.running;
});

test('of rounds that begin together each makes its first call before any makes its second', async () => {
  const called: string[] = [];
  const rounds = [1, 2, 3].map(() => aRound({ callsAtOnce: 8, onCall: (id) => void called.push(id) }));
  await expect.poll(() => called.length).toBe(6);
  expect(called).toEqual([...Array(3).fill('first'), ...Array(3).fill('second')]);
  for (const { started, running } of rounds) {
    for (const call of started) call.resolve(answered(200));
    await running;
  }
});

test('what another dispatch has taken meanwhile is left to it', async () => {
  const round = aRound({ hold: async () => new Set([1]) });
  await expect.poll(() => round.started.length).toBe(1);
  await round.clock.moveTo(secondsAfter(25));
  await expect.poll(() => round.holds.length).toBe(1);
  round.started[0]?.resolve(answered(200));
  await round.running;
  expect([round.started.length, round.holds.length]).toEqual([1, 1]);
});

test('what is not started when the working time ends is given back', async () => {
  const round = aRound();
  await expect.poll(() => round.started.length).toBe(1);
  for (let seconds = 25; seconds < 290; seconds += 25) {
    await round.clock.moveTo(secondsAfter(seconds));
    await expect.poll(() => round.holds.length).toBe(seconds / 25);
  }
  await round.clock.moveTo(secondsAfter(290));
  round.started[0]?.resolve(answered(200));
  await round.running;
  expect(round.started).toHaveLength(1);
  expect(round.holds.at(-1)).toEqual({ executionId: 1, ids: [2], heldUntil: at(395), until: at(290) });
});

test.each([
  ['two leases', 60, 15_000, 120_000],
  ['with a short lease long enough for calls to begin in its first half', 5, 15_000, 40_000],
])('a hold is %s', (_, leaseSeconds, timeoutMs, milliseconds) => {
  expect(holdFor({ timeoutMs }, { leaseSeconds })).toEqual({ milliseconds });
});
