import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { dispatchAlert, type DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import type { Outcome } from '../../../src/dispatch/deliver/record-outcomes.ts';
import { aSqlWorld, instant, threePersons, type SqlWorld } from './sql-world.ts';

export const now = Temporal.Instant.from(instant);

/** Prepared, with so many deliveries that are due. */
export async function prepared(count: number): Promise<SqlWorld> {
  const world = await aSqlWorld(threePersons.slice(0, 1));
  const { executionId, ports, clock } = world;
  const payload = await payloadOfADispatch(world);
  const owner = 'me';
  await ports.openExecution({
    executionId,
    owner,
    now: clock.now(),
    leaseUntil: clock.now().add({ seconds: 60 }),
    dueUntil: clock.now(),
  });
  const persons = Array.from({ length: count }, (_, index) => String(index).padStart(5, '0'));
  await ports.storeDeliveries({
    executionId,
    owner,
    alert: '000001',
    payload,
    deliveries: persons.map((person) => ({
      person,
      personName: person,
      destination: `+54911${person}`,
      state: 'PENDIENTE',
      webhookId: randomUUID(),
      subject: null,
      text: `Hola ${person}`,
      rows: null,
      error: null,
    })),
    anew: true,
    instant: now,
    attemptedAt: now.toZonedDateTimeISO('UTC').toPlainDateTime(),
    now: clock.now(),
    last: true,
  });
  return world;
}

/** What the program itself keeps, from a dispatch that got no further than that. */
async function payloadOfADispatch(world: SqlWorld): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const storeDeliveries: DispatchPorts['storeDeliveries'] = async ({ payload }) => {
    resolve(payload);
    throw new Error('enough');
  };
  await expect(
    dispatchAlert({ ...world.ports, storeDeliveries })({ executionId: world.executionId }),
  ).rejects.toThrow();
  return await promise;
}

/** Of a first attempt that was accepted. */
export function outcome(deliveryId: number, more: Partial<Outcome> = {}): Outcome {
  const answered = { durationMs: 12, status: 200, reason: null, detail: null, answer: 'ok', wamid: null };
  return {
    deliveryId,
    attempt: 1,
    state: 'ENVIADO',
    at: now,
    sentAt: null,
    ...answered,
    nextAttempt: null,
    ...more,
  };
}
