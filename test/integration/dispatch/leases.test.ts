import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { dispatchRecordsOf } from '../../../src/wiring/build-dispatch.ts';
import type { DeliverySet } from '../../../src/dispatch/prepare/store-deliveries.ts';
import { codeOf } from '../../../src/domain/delivery.ts';
import { aSqlWorld, instant, type SqlWorld } from './sql-world.ts';

const now = Temporal.Instant.from(instant);

async function opened(world: SqlWorld, owner: string, at = now) {
  return await world.ports.openExecution({
    executionId: world.executionId,
    owner,
    now: at,
    leaseUntil: at.add({ seconds: 60 }),
    dueUntil: at.add({ seconds: 15 }),
  });
}

/** As the holder of the lease `me`. */
async function store(world: SqlWorld, person: string, set: Partial<DeliverySet>) {
  return await world.ports.storeDeliveries({
    executionId: world.executionId,
    owner: 'me',
    alert: '000001',
    payload: '{}',
    deliveries: [
      {
        person,
        personName: person,
        destination: person,
        state: 'PENDIENTE',
        webhookId: randomUUID(),
        subject: null,
        text: 'Hola',
        rows: null,
        error: null,
      },
    ],
    anew: false,
    instant: now,
    attemptedAt: now.toZonedDateTimeISO('UTC').toPlainDateTime(),
    now,
    last: true,
    ...set,
  });
}

test('of many openings at once one wins', async () => {
  await using world = await aSqlWorld();
  const openings = await Promise.all(Array.from({ length: 8 }, (_, each) => opened(world, `owner-${each}`)));
  expect(openings.map(({ kind }) => kind).toSorted()).toEqual([...Array(7).fill('held'), 'opened']);
  expect((await world.execution()).sch_Rondas).toBe(1);
});

test('an opening that cannot read what it needs has not opened: it meets no lease of its own when it is tried again', async () => {
  await using world = await aSqlWorld();
  const { db } = world;
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Preparada = sch_Ocurrencia, sch_PayloadJson = 'cut off'`.execute(
    db,
  );
  await expect(opened(world, 'me')).rejects.toThrow(/JSON/);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'PENDIENTE', sch_Rondas: 0 });
});

test('whoever lost the lease can no longer write', async () => {
  await using world = await aSqlWorld();
  await opened(world, 'first');
  await opened(world, 'second', now.add({ seconds: 61 }));
  const { executionId, ports } = world;
  expect(await ports.renewLease({ executionId, owner: 'first', until: now.add({ minutes: 9 }) })).toBe(false);
  expect(await ports.storeWait({ executionId, owner: 'first', until: now, reason: null, detail: null })).toBe(
    false,
  );
  expect(
    await ports.storeDeliveries({
      executionId,
      owner: 'first',
      alert: '000001',
      payload: '{}',
      deliveries: [],
      anew: false,
      instant: now,
      attemptedAt: now.toZonedDateTimeISO('UTC').toPlainDateTime(),
      now,
      last: true,
    }),
  ).toEqual({ kind: 'lost' });
  const ending = {
    state: 'ERROR',
    reason: 'consulta_error',
    detail: 'x',
    freesKey: false,
    fault: null,
  } as const;
  const attemptedAt = now.toZonedDateTimeISO('UTC').toPlainDateTime();
  for (const owner of ['first', null]) {
    expect(await ports.closeExecution({ ...ending, executionId, owner, now, attemptedAt })).toBeNull();
  }
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'EN_PROCESO',
    sch_Duenio: 'second',
    sch_Preparada: null,
    sch_PayloadJson: null,
  });
});

test('a lease that a fault gave back is looked after a lease later', async () => {
  await using world = await aSqlWorld();
  await opened(world, 'me');
  const { releaseLease } = dispatchRecordsOf(world.db, { ...world.ports.policy, leaseSeconds: 5 });
  await releaseLease({ executionId: world.executionId, owner: 'me', now });
  expect(await world.execution()).toMatchObject({
    sch_Duenio: null,
    sch_LeaseHasta: null,
    sch_Revisar: new Date('2026-03-02T15:49:05Z'),
  });
});

test('the renewal moves the lease and the time to look again', async () => {
  await using world = await aSqlWorld();
  await opened(world, 'me');
  const until = now.add({ seconds: 80 });
  expect(await world.ports.renewLease({ executionId: world.executionId, owner: 'me', until })).toBe(true);
  const end = new Date(until.epochMilliseconds);
  expect(await world.execution()).toMatchObject({ sch_LeaseHasta: end, sch_Revisar: end });
});

test('an execution of the system before us is not opened', async () => {
  await using world = await aSqlWorld();
  await world.db.updateTable('CT_Scheduler_Alertas').set({ sch_Origen: null }).execute();
  expect(await opened(world, 'me')).toEqual({ kind: 'unknown' });
});

test('an execution that is not due yet says when it is', async () => {
  await using world = await aSqlWorld();
  expect(await opened(world, 'me', now.subtract({ minutes: 5 }))).toEqual({ kind: 'early', instant: now });
  expect((await world.execution()).sch_Estado).toBe('PENDIENTE');
});

test('a preparation that stored something begins its count of openings anew', async () => {
  await using world = await aSqlWorld();
  await opened(world, 'me');
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = 7`.execute(world.db);
  await store(world, '01', { last: false });
  expect((await world.execution()).sch_Rondas).toBe(1);
});

test('whose deliveries were taken is remembered, although its process died before any call', async () => {
  await using world = await aSqlWorld();
  const { executionId, ports } = world;
  const everTaken = async () => {
    const opening = await opened(world, 'next', now.add({ minutes: 40 }));
    return opening.kind === 'opened' && opening.execution.everTaken;
  };
  await opened(world, 'me');
  await store(world, '01', {});
  expect(await everTaken()).toBe(false);
  await ports.takeDeliveries({ executionId, dueUntil: now, holdUntil: now.add({ minutes: 2 }), limit: 500 });
  expect(await everTaken()).toBe(true);
});

test('a preparation that is made anew deletes what an earlier one stored, and nothing of other executions', async () => {
  await using world = await aSqlWorld();
  await sql`INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msg_Destino, msg_Estado)
    VALUES (NULL, '01', 'suyo', 'ENVIADO'), (${world.executionId} + 1, '01', 'otra', 'PENDIENTE')`.execute(
    world.db,
  );
  await opened(world, 'me');
  await store(world, '01', { last: false });
  await store(world, '02', { last: false, anew: true });
  await store(world, '03', { last: true });
  expect((await world.deliveries()).map(({ msgper_Cod }) => msgper_Cod)).toEqual(['02', '03']);
  const { rows } = await sql<{ count: number }>`SELECT COUNT(*) AS count FROM CT_Alertas_Mensajes`.execute(
    world.db,
  );
  expect(rows[0]?.count).toBe(4);
});

test('deliveries that an earlier dispatch stored are due at the time that the execution has in the end', async () => {
  await using world = await aSqlWorld();
  await opened(world, 'me');
  await store(world, '01', { instant: now.add({ hours: 5 }), last: false });
  await store(world, '02', { last: true });
  const kept = await world.deliveries();
  const due = new Date(instant);
  expect(kept.map(({ msg_ProximoIntento }) => msg_ProximoIntento)).toEqual([due, due]);
  expect(kept.map(({ msg_Cod }) => msg_Cod)).toEqual(kept.map(({ msg_id }) => codeOf(msg_id)));
});
