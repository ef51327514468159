import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { lockExecution } from '../../../src/adapters/mssql/take-deliveries.ts';
import type { Outcome } from '../../../src/dispatch/deliver/record-outcomes.ts';
import { now, outcome } from './prepared-world.ts';
import { aSqlWorld, threePersons, type SqlWorld } from './sql-world.ts';

/** A prepared execution with one delivery that is being attempted. */
async function inFlight(world: SqlWorld): Promise<number> {
  world.ports.deliverWebhook = () => Promise.reject(new Error('the process died'));
  await expect(world.dispatch()).rejects.toThrow('the process died');
  const [delivery] = await world.deliveries();
  return delivery?.msg_id ?? expect.unreachable('nothing was prepared');
}

test('a delivery that was accepted stays so, whatever is said later', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 2));
  const id = await inFlight(world);
  const record = async (more: Partial<Outcome>) =>
    await world.ports.recordOutcomes({ executionId: world.executionId, outcomes: [outcome(id, more)], now });
  await record({
    state: 'REINTENTO',
    nextAttempt: now.add({ seconds: 30 }),
    reason: 'webhook_fallo',
    detail: 'x',
  });
  await record({ attempt: 2, wamid: 'wamid.1' });
  await record({ attempt: 3, state: 'RECHAZADO', reason: 'webhook_rechazo', detail: 'y' });
  const [delivery] = await world.deliveries();
  expect(delivery).toMatchObject({
    msg_Estado: 'ENVIADO',
    msg_Wamid: 'wamid.1',
    msg_Error: null,
    msg_Intentos: 2,
  });
  expect((await world.attempts()).map(({ int_Numero }) => int_Numero)).toEqual([1, 2, 3]);
});

test('a call-back that was faster than the record is kept', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const id = await inFlight(world);
  await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'ENTREGADO' WHERE msg_id = ${id}`.execute(world.db);
  const recording = await world.ports.recordOutcomes({
    executionId: world.executionId,
    outcomes: [outcome(id)],
    now,
  });
  expect(recording).toMatchObject({ kind: 'recorded', finished: true, tally: { accepted: 1 } });
  expect((await world.deliveries())[0]?.msg_Estado).toBe('ENTREGADO');
});

test('of an acceptance that a call-back was faster than, what is empty is filled in and nothing else', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 2));
  const first = await inFlight(world);
  const second = (await world.deliveries())[1]?.msg_id ?? 0;
  await sql`
    UPDATE CT_Alertas_Mensajes SET msg_Estado = 'LEIDO' WHERE msg_id = ${first};
    UPDATE CT_Alertas_Mensajes SET msg_Estado = 'FALLIDO', msg_Wamid = 'wamid.suyo', msg_Error = 'número dado de baja'
    WHERE msg_id = ${second}`.execute(world.db);
  const accepted = { wamid: 'wamid.nuestro', sentAt: Temporal.PlainDateTime.from('2026-03-02T12:49:00') };
  const outcomes = [outcome(first, accepted), outcome(second, accepted)];
  await world.ports.recordOutcomes({ executionId: world.executionId, outcomes, now });
  const filled = {
    msg_Intentos: 1,
    msg_FechaEnvio: new Date('2026-03-02T12:49:00Z'),
    msg_ProximoIntento: null,
  };
  expect(await world.deliveries()).toMatchObject([
    { ...filled, msg_Estado: 'LEIDO', msg_Wamid: 'wamid.nuestro', msg_Error: null },
    { ...filled, msg_Estado: 'FALLIDO', msg_Wamid: 'wamid.suyo', msg_Error: 'número dado de baja' },
  ]);
});

async function close(world: SqlWorld, state: 'ERROR' | 'PERDIDA', detail = 'Falta.') {
  return await world.ports.closeExecution({
    executionId: world.executionId,
    owner: null,
    state,
    reason: state === 'ERROR' ? 'sin_webhook' : 'abierta_tarde',
    detail,
    freesKey: false,
    fault: null,
    now,
    attemptedAt: now.toZonedDateTimeISO('UTC').toPlainDateTime(),
  });
}

describe('after another dispatch has ended the execution, the calls that were under way decide its state', () => {
  const states = ['ERROR', 'PERDIDA'] as const;

  test.each(states)('%s becomes ENVIADA when all are accepted', async (state) => {
    await using world = await aSqlWorld(threePersons.slice(0, 2));
    await inFlight(world);
    await close(world, state);
    const outcomes = (await world.deliveries()).map(({ msg_id }) => outcome(msg_id));
    await world.ports.recordOutcomes({ executionId: world.executionId, outcomes, now });
    expect(await world.execution()).toMatchObject({
      sch_Estado: 'ENVIADA',
      sch_Motivo: null,
      sch_DetalleError: null,
      sch_CantMensajes: 2,
      sch_Revisar: null,
    });
    expect((await world.deliveries()).map(({ msg_Estado }) => msg_Estado)).toEqual(['ENVIADO', 'ENVIADO']);
  });

  test.each(states)('%s becomes PARCIAL when some are, and says why the others are not', async (state) => {
    await using world = await aSqlWorld(threePersons);
    await inFlight(world);
    await close(world, state);
    const { executionId, ports } = world;
    const ids = (await world.deliveries()).map(({ msg_id }) => msg_id);
    for (const id of ids.slice(0, 2))
      await ports.recordOutcomes({ executionId, outcomes: [outcome(id)], now });
    await ports.recordOutcomes({ executionId, outcomes: [outcome(ids[0] ?? 0)], now });
    expect(await world.execution()).toMatchObject({
      sch_Estado: 'PARCIAL',
      sch_Motivo: state === 'ERROR' ? 'sin_webhook' : 'abierta_tarde',
      sch_DetalleError: 'Falta. Después se aceptaron más entregas: vea sch_CantMensajes.',
      sch_CantMensajes: 2,
      sch_Revisar: null,
    });
  });

  test('a late failure changes nothing', async () => {
    await using world = await aSqlWorld(threePersons.slice(0, 1));
    const id = await inFlight(world);
    await close(world, 'ERROR');
    const retry = outcome(id, { state: 'REINTENTO', nextAttempt: now.add({ seconds: 30 }) });
    await world.ports.recordOutcomes({ executionId: world.executionId, outcomes: [retry], now });
    expect(await world.execution()).toMatchObject({
      sch_Estado: 'ERROR',
      sch_DetalleError: 'Falta.',
      sch_CantMensajes: 0,
      sch_Revisar: null,
    });
    expect((await world.deliveries())[0]).toMatchObject({ msg_Estado: 'ERROR', msg_ProximoIntento: null });
  });

  test('what was accepted before that end makes it PARCIAL at once', async () => {
    await using world = await aSqlWorld(threePersons.slice(0, 2));
    const id = await inFlight(world);
    await world.ports.recordOutcomes({ executionId: world.executionId, outcomes: [outcome(id)], now });
    expect(await close(world, 'ERROR')).toBe('PARCIAL');
    expect(await world.execution()).toMatchObject({ sch_Estado: 'PARCIAL', sch_CantMensajes: 1 });
  });

  test('what is stored as accepted while it is being closed counts as well', async () => {
    await using world = await aSqlWorld(threePersons.slice(0, 2));
    const id = await inFlight(world);
    const { executionId, db } = world;
    const closing = await db.transaction().execute(async (recording) => {
      await lockExecution(executionId).execute(recording);
      const began = close(world, 'ERROR');
      // Time to come to the lock; one that came later would see all the same.
      for (let asked = 0; asked < 20; asked++) await world.execution().catch(() => undefined);
      await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'ENVIADO' WHERE msg_id = ${id}`.execute(
        recording,
      );
      return { began };
    });
    expect(await closing.began).toBe('PARCIAL');
    expect(await world.execution()).toMatchObject({ sch_Estado: 'PARCIAL', sch_CantMensajes: 1 });
  });

  test('an execution that an operator cancelled stays it while nothing was accepted, and says PARCIAL where something was', async () => {
    await using world = await aSqlWorld(threePersons.slice(0, 2));
    const id = await inFlight(world);
    await sql`
      UPDATE CT_Scheduler_Alertas
      SET sch_Estado = 'CANCELADA', sch_Motivo = 'cancelada_por_operador', sch_DetalleError = 'La canceló ana.', sch_Revisar = NULL`.execute(
      world.db,
    );
    const { executionId } = world;
    const refused = outcome(id, { state: 'RECHAZADO', attempt: 1 });
    await world.ports.recordOutcomes({ executionId, outcomes: [refused], now });
    expect(await world.execution()).toMatchObject({ sch_Estado: 'CANCELADA', sch_CantMensajes: 0 });
    await world.ports.recordOutcomes({ executionId, outcomes: [outcome(id, { attempt: 2 })], now });
    expect(await world.execution()).toMatchObject({
      sch_Estado: 'PARCIAL',
      sch_Motivo: 'cancelada_por_operador',
      sch_DetalleError: 'La canceló ana. Después se aceptaron más entregas: vea sch_CantMensajes.',
      sch_CantMensajes: 1,
      sch_Revisar: null,
    });
  });
});

test('a retry says when to look at the execution again', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const retry = outcome(await inFlight(world), { state: 'REINTENTO', nextAttempt: now.add({ seconds: 30 }) });
  const recording = await world.ports.recordOutcomes({
    executionId: world.executionId,
    outcomes: [retry],
    now,
  });
  expect(recording).toMatchObject({
    finished: false,
    tally: { open: 1, nextAttempt: now.add({ seconds: 30 }) },
  });
  expect((await world.execution()).sch_Revisar).toEqual(new Date('2026-03-02T15:50:30Z'));
});

test('while a round delivers, what is due and waits for the next one calls nobody else', async () => {
  await using world = await aSqlWorld(threePersons);
  await inFlight(world);
  const { executionId, ports } = world;
  const reviewAt = async () => (await world.execution()).sch_Revisar;
  const taking = now.add({ minutes: 10 });
  const { deliveries } = await ports.takeDeliveries({
    executionId,
    dueUntil: taking,
    holdUntil: taking.add({ minutes: 2 }),
    limit: 1,
  });
  expect(await reviewAt()).toEqual(new Date('2026-03-02T16:00:00Z'));
  const outcomes = deliveries.map(({ id }) => outcome(id));
  await ports.recordOutcomes({ executionId, outcomes, now: taking.add({ seconds: 9 }) });
  expect(await reviewAt()).toEqual(new Date('2026-03-02T16:00:09Z'));
});

test('a hold is moved only where it is still the one that was given', async () => {
  await using world = await aSqlWorld(threePersons);
  const id = await inFlight(world);
  const ids = (await world.deliveries()).map(({ msg_id }) => msg_id);
  const held = now.add({ minutes: 2 });
  await world.db
    .updateTable('CT_Alertas_Mensajes')
    .set({ msg_Estado: 'ENVIADO' })
    .where('msg_id', '=', id)
    .execute();
  const other = ids[1] ?? 0;
  const { holdDeliveries } = world.ports;
  const hold = async (each: number[], heldUntil: Temporal.Instant, until: Temporal.Instant) =>
    await holdDeliveries({ executionId: world.executionId, ids: each, heldUntil, until });
  expect(await hold([other], held, held.add({ minutes: 5 }))).toEqual(new Set([other]));
  expect(await hold(ids, held, held.add({ minutes: 1 }))).toEqual(new Set([ids[2]]));
  expect((await world.execution()).sch_Revisar).toEqual(new Date('2026-03-02T15:53:00Z'));
});

test('a dispatch that delivered nothing takes back its own opening alone', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  await inFlight(world);
  const { executionId, ports } = world;
  await sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = 3`.execute(world.db);
  await ports.endRounds(executionId, 'own');
  expect((await world.execution()).sch_Rondas).toBe(2);
  await ports.endRounds(executionId, 'all');
  expect((await world.execution()).sch_Rondas).toBe(0);
});

test('the same set stored twice leaves one row per attempt', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const outcomes = [outcome(await inFlight(world))];
  const set = { executionId: world.executionId, outcomes, now };
  await world.ports.recordOutcomes(set);
  await world.ports.recordOutcomes(set);
  expect(await world.attempts()).toHaveLength(1);
});

test('a retry that is stored again, because its answer got lost, leaves the delivery to whoever attempts it by then', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const { executionId, ports } = world;
  const retryAt = now.add({ seconds: 30 });
  const retry = outcome(await inFlight(world), { state: 'REINTENTO', nextAttempt: retryAt });
  await ports.recordOutcomes({ executionId, outcomes: [retry], now });
  const holdUntil = retryAt.add({ minutes: 2 });
  const taken = await ports.takeDeliveries({ executionId, dueUntil: retryAt, holdUntil, limit: 1 });
  expect(taken.deliveries).toHaveLength(1);
  const again = await ports.recordOutcomes({ executionId, outcomes: [retry], now: retryAt });
  expect(again).toMatchObject({ kind: 'recorded', finished: false });
  expect((await world.deliveries())[0]?.msg_ProximoIntento).toEqual(new Date('2026-03-02T15:51:30Z'));
});

test('values from outside are cut to their columns', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const long = outcome(await inFlight(world), {
    answer: `${'a'.repeat(1023)}🦉\0`,
    reason: 'webhook_fallo',
    detail: 'd'.repeat(2000),
    state: 'ERROR',
  });
  await world.ports.recordOutcomes({ executionId: world.executionId, outcomes: [long], now });
  const [attempt] = await world.attempts();
  expect([attempt?.int_Respuesta, attempt?.int_Error?.length]).toEqual(['a'.repeat(1023), 200]);
  expect((await world.deliveries())[0]?.msg_Error).toHaveLength(1000);
});

test('a value that cannot be stored refuses its whole set and says so', async () => {
  await using world = await aSqlWorld(threePersons.slice(0, 1));
  const bad = outcome(await inFlight(world), { durationMs: 1e12 });
  const recording = await world.ports.recordOutcomes({
    executionId: world.executionId,
    outcomes: [bad],
    now,
  });
  expect(recording.kind).toBe('bad-value');
  expect(await world.attempts()).toEqual([]);
  expect((await world.deliveries())[0]?.msg_Estado).toBe('PENDIENTE');
});
