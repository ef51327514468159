import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { standReady } from '../../../../src/dispatch/deliver/stand-ready.ts';
import { clockAt } from '../../../support/moved-clock.ts';
import { instant, secondsAfter } from '../dispatch-world.ts';

const target = { url: 'https://gateway.test/hook' };
const payload = {
  tenant: '0001',
  webhook: 'W1',
  channel: '0001',
  whatsappTemplate: null,
  format: { kind: 'cloudevents' },
  data: {
    alerta: { codigo: '000001', nombre: 'A', tipo: 'T' },
    empresa: { codigo: '0001', nombre: 'E' },
    ocurrencia: '2026-03-02T12:49:00-03:00',
    filas: { columns: [], rows: [], truncated: false },
  },
} as const;

/** Ten deliveries, of which four may be called at once; each step is an event. */
function aWait(startsAt: string) {
  const clock = clockAt(startsAt);
  const events: string[] = [];
  const deliveries = Array.from({ length: 10 }, (_, index) => ({
    id: index + 1,
    webhookId: 'id',
    person: '01',
    personName: 'P',
    destination: '+541',
    subject: null,
    text: 'Hola',
    rows: null,
    attempts: 0,
  }));
  const ready = standReady(
    {
      clock,
      policy: { callsAtOnce: 4 },
      connectAhead: (url, count) => void events.push(`${count} connections to ${url}`),
      composeBody: async (_, { deliveryId }) => {
        events.push(`body of ${deliveryId}`);
        return { kind: 'composed', body: '{}', contentType: 'application/json' };
      },
    },
    { executionId: 1, payload, target, deliveries },
    Temporal.Instant.from(instant),
  );
  return { clock, events, ready };
}

test('two seconds before the instant connections are opened for the calls that may begin at once', async () => {
  const { clock, events, ready } = aWait(secondsAfter(-5));
  await clock.moveTo(secondsAfter(-2.001));
  expect(events).toEqual([]);
  await clock.moveTo(secondsAfter(-2));
  await expect.poll(() => events).toEqual(['4 connections to https://gateway.test/hook', 'body of 1']);
  await clock.moveTo(secondsAfter(0));
  expect([...(await ready).keys()]).toEqual([1]);
});

test('it is ready at the instant, not before', async () => {
  const { clock, ready } = aWait(secondsAfter(-1));
  let isReady = false;
  void ready.then(() => (isReady = true));
  await expect.poll(() => clock.waiting).toBe(1);
  await clock.moveTo(secondsAfter(-0.001));
  expect(isReady).toBe(false);
  await clock.moveTo(secondsAfter(0));
  await expect.poll(() => isReady).toBe(true);
});

test('nothing is done ahead of what is already due', async () => {
  const { events, ready } = aWait(secondsAfter(0));
  expect([...(await ready).keys()]).toEqual([]);
  expect(events).toEqual([]);
});
