import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NewDelivery } from '../../../src/dispatch/prepare/store-deliveries.ts';
import { dispatchRecordsOf } from '../../../src/wiring/build-dispatch.ts';
import { scanPortsOf } from '../../../src/wiring/build-scan.ts';
import { dispatchPolicy } from '../../support/dispatch-policy.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import { outcome } from '../dispatch/prepared-world.ts';
import { actsWorld, claimNow, type ActsWorld } from './acts-world.ts';

let world: ActsWorld;
beforeAll(async () => {
  world = await actsWorld('2026-03-02T15:49:00Z');
});
beforeEach(() => world.clear());
afterAll(() => world[Symbol.asyncDispose]());

const oneDelivery: NewDelivery = {
  person: '01',
  personName: 'Ana',
  destination: '+5491155550001',
  state: 'PENDIENTE',
  webhookId: randomUUID(),
  subject: null,
  text: 'Hola',
  rows: null,
  error: null,
};

const cancel = (id: number, body: unknown = {}) =>
  world.post(`executions/${id}/cancel`, body, { 'x-operator': 'ana' });

describe('POST executions/{id}/cancel', () => {
  test('ends an execution before it goes out, keeps its key, and leaves nothing to a message that comes later', async () => {
    const id = await claimNow(world, 60);
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Clave = '2026-03-02' WHERE sch_id = ${id}`.execute(
      world.db,
    );
    expect(await cancel(id, { why: 'ya se avisó por teléfono' })).toEqual({
      status: 200,
      type: 'application/json',
      body: { id, state: 'CANCELADA', reason: 'cancelada_por_operador', accepted: 0, cancelled: 0 },
    });
    await world.clock.moveBy({ minutes: 1 });
    expect(await world.dispatch(id)).toEqual({ kind: 'ignored', executionId: id, because: 'finished' });
    expect(world.gateway.received).toEqual([]);
    expect(await world.executionRow(id)).toMatchObject({
      sch_Estado: 'CANCELADA',
      sch_Motivo: 'cancelada_por_operador',
      sch_DetalleError: 'La canceló ana: ya se avisó por teléfono.',
      sch_Clave: '2026-03-02',
      sch_Revisar: null,
    });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [
        { act: 'cancel', on: `execution ${id}`, who: 'ana', detail: { why: 'ya se avisó por teléfono' } },
      ],
    });
    expect(await world.db.selectFrom('CT_Scheduler_Fallas').selectAll().execute()).toEqual([]);
  });

  test('needs no body', async () => {
    const id = await claimNow(world);
    const answer = await world.send(`manage/executions/${id}/cancel`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(await world.executionRow(id)).toMatchObject({ sch_DetalleError: 'La canceló un operador.' });
  });

  test('between retries ends what was not accepted, and says PARCIAL where something was', async () => {
    world.gateway.answer = ({ body }) => (body.includes('"code":"01"') ? 200 : 503);
    const id = await world.agendaExecution();
    expect(await cancel(id)).toMatchObject({
      status: 200,
      body: { state: 'PARCIAL', accepted: 1, cancelled: 1 },
    });
    await world.clock.moveBy({ minutes: 5 });
    expect(await world.dispatch(id)).toMatchObject({ because: 'finished' });
    expect(world.gateway.received).toHaveLength(2);
    const rows = await world.deliveryRows(id);
    expect(
      rows.map(({ msg_Estado, msg_Error, msg_ProximoIntento }) => [
        msg_Estado,
        msg_Error,
        msg_ProximoIntento,
      ]),
    ).toEqual([
      ['ENVIADO', null, null],
      ['ERROR', 'cancelada_por_operador: La canceló ana.', null],
      ['SIN_CONTACTO', expect.any(String), null],
    ]);
    expect(await world.executionRow(id)).toMatchObject({ sch_Estado: 'PARCIAL', sch_CantMensajes: 1 });
  });

  test('is refused while the webhook is being called, and records nothing', async () => {
    const id = await claimNow(world);
    const { promise: called, resolve: call } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    world.gateway.wait = async () => {
      call();
      await answered;
    };
    const dispatching = world.dispatch(id);
    await called;
    expect(await cancel(id)).toMatchObject({
      status: 409,
      body: { code: 'call_under_way', detail: expect.stringContaining('at the latest at 2026-03-02T') },
    });
    answer();
    expect(await dispatching).toMatchObject({ state: 'PARCIAL' });
    expect((await world.get('audit')).body).toMatchObject({ entries: [] });
  });

  test('is refused while the webhook is being called, though another dispatch found no place meanwhile', async () => {
    const id = await claimNow(world);
    const records = dispatchRecordsOf(world.db, dispatchPolicy);
    const { promise: called, resolve: call } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    world.gateway.wait = async () => {
      call();
      await answered;
    };
    const dispatching = world.dispatch(id);
    await called;
    const now = world.clock.now();
    const later = now.add({ minutes: 1 });
    await records.openExecution({
      ...{ executionId: id, owner: 'another', now },
      ...{ leaseUntil: later, dueUntil: later },
    });
    await records.storeWait({
      ...{ executionId: id, owner: null, until: later },
      ...{ reason: 'sin_lugar', detail: 'Sin lugar.' },
    });
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'call_under_way' } });
    answer();
    expect(await dispatching).toMatchObject({ state: 'PARCIAL' });
  });

  test('is refused while the webhook is being called, though another dispatch has delivered to others meanwhile', async () => {
    const id = await claimNow(world);
    const { promise: called, resolve: call } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    world.gateway.wait = async () => {
      call();
      await answered;
    };
    const dispatching = world.dispatch(id);
    await called;
    // Beyond the first 500, as it were.
    await sql`
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Uuid, msg_Texto,
        msg_ProximoIntento)
      SELECT TOP (1) msgsch_id, '99', 'Zoe', '+5491155550099', 'PENDIENTE', NEWID(), msg_Texto, '2026-03-02T00:00:00'
      FROM CT_Alertas_Mensajes WHERE msgsch_id = ${id} AND msg_Estado = 'PENDIENTE'`.execute(world.db);
    world.gateway.wait = async () => undefined;
    expect(await world.dispatch(id)).toMatchObject({ kind: 'open' });
    expect(await world.executionRow(id)).toMatchObject({ sch_Rondas: 0 });
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'call_under_way' } });
    answer();
    expect(await dispatching).toMatchObject({ state: 'PARCIAL' });
    expect(world.gateway.received).toHaveLength(3);
  });

  test('takes a preparation away from whoever prepares it: nothing of it goes out', async () => {
    const id = await claimNow(world);
    const records = dispatchRecordsOf(world.db, dispatchPolicy);
    const now = world.clock.now();
    const leaseUntil = now.add({ seconds: 60 });
    const opening = { executionId: id, owner: 'another', now, leaseUntil, dueUntil: now };
    expect(await records.openExecution(opening)).toMatchObject({ kind: 'opened' });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { state: 'CANCELADA' } });
    expect(await records.renewLease({ executionId: id, owner: 'another', until: leaseUntil })).toBe(false);
    const prepared = { deliveries: [], payload: '{}', anew: false, last: true, alert: '000001' };
    const attemptedAt = now.toZonedDateTimeISO('UTC').toPlainDateTime();
    const set = { ...prepared, executionId: id, owner: 'another', instant: now, attemptedAt, now };
    expect(await records.storeDeliveries(set)).toEqual({ kind: 'lost' });
    expect(await world.executionRow(id)).toMatchObject({ sch_Estado: 'CANCELADA', sch_Preparada: null });
  });

  test('is possible when it is prepared and nobody has begun to deliver it', async () => {
    const id = await claimNow(world, 5);
    const records = dispatchRecordsOf(world.db, dispatchPolicy);
    const now = world.clock.now();
    const instant = now.add({ seconds: 5 });
    const leaseUntil = now.add({ seconds: 60 });
    await records.openExecution({ executionId: id, owner: 'another', now, leaseUntil, dueUntil: instant });
    await records.storeDeliveries({
      ...{ executionId: id, owner: 'another', alert: '000001', payload: '{}', anew: false, last: true },
      deliveries: [oneDelivery],
      ...{ instant, now, attemptedAt: now.toZonedDateTimeISO('UTC').toPlainDateTime() },
    });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { state: 'CANCELADA', cancelled: 1 } });
    const take = { executionId: id, dueUntil: instant, holdUntil: leaseUntil, limit: 9 };
    expect(await records.takeDeliveries(take)).toMatchObject({ deliveries: [], tally: { open: 0 } });
  });

  test('is possible again two minutes after the process that delivered it died', async () => {
    world.gateway.answer = () => 503;
    const id = await world.agendaExecution();
    const held = '2026-03-02T16:51:00';
    await world.clock.moveTo('2026-03-02T16:49:00Z');
    await sql`
      UPDATE CT_Alertas_Mensajes
      SET msg_ProximoIntento = CAST(${held} AS DATETIME2(3)), msg_TomadaHasta = CAST(${held} AS DATETIME2(3))
      WHERE msgsch_id = ${id} AND msg_Estado = 'REINTENTO'`.execute(world.db);
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'call_under_way' } });
    await world.clock.moveTo('2026-03-02T16:51:00Z');
    expect(await cancel(id)).toMatchObject({ status: 200, body: { state: 'CANCELADA', cancelled: 2 } });
  });

  test('does not wait for a retry, however near it is and whoever died before it', async () => {
    world.gateway.answer = () => 503;
    const id = await world.agendaExecution();
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = 1 WHERE sch_id = ${id}`.execute(world.db);
    expect(await cancel(id)).toMatchObject({ status: 200 });
  });

  test('does not hide what was accepted of a call that outlived its hold', async () => {
    const id = await claimNow(world);
    const records = dispatchRecordsOf(world.db, dispatchPolicy);
    world.gateway.answer = () => 503;
    await world.dispatch(id);
    await world.clock.moveBy({ minutes: 1 });
    const now = world.clock.now();
    const holdUntil = now.add({ minutes: 2 });
    const { deliveries } = await records.takeDeliveries({
      executionId: id,
      dueUntil: now,
      holdUntil,
      limit: 9,
    });
    await world.clock.moveBy({ minutes: 3 });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { state: 'CANCELADA', cancelled: 2 } });
    const [first] = deliveries;
    await records.recordOutcomes({
      executionId: id,
      outcomes: [outcome(first?.id ?? 0, { attempt: 2 })],
      now,
    });
    expect(await world.executionRow(id)).toMatchObject({
      sch_Estado: 'PARCIAL',
      sch_Motivo: 'cancelada_por_operador',
      sch_DetalleError: 'La canceló ana. Después se aceptaron más entregas: vea sch_CantMensajes.',
      sch_CantMensajes: 1,
    });
    expect((await world.deliveryRows(id))[0]).toMatchObject({ msg_Estado: 'ENVIADO' });
  });

  test('leaves the sweep nothing, and the scan nothing to claim', async () => {
    const id = await claimNow(world);
    await cancel(id);
    await world.clock.moveBy({ minutes: 10 });
    const queue = { sendDispatch: async () => expect.unreachable(), nudgeReports: async () => undefined };
    const { sweepExecutions } = scanPortsOf(scanPolicy, { ...world, queue });
    expect(await sweepExecutions(world.clock.now())).toMatchObject({ swept: 0 });
  });

  test('of two at once one cancels, and the other is told that it has ended', async () => {
    const id = await claimNow(world);
    const answers = await Promise.all([cancel(id), cancel(id)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await world.get('audit')).body).toMatchObject({ entries: [{ act: 'cancel' }] });
  });

  test('is refused for what has ended, for what ends just now, and for what is not ours', async () => {
    const ended = await world.agendaExecution();
    expect(await cancel(ended)).toMatchObject({ status: 409, body: { code: 'execution_finished' } });
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO' WHERE sch_id = ${ended}`.execute(
      world.db,
    );
    expect(await cancel(ended)).toMatchObject({
      status: 409,
      body: { code: 'execution_finished', detail: expect.stringContaining('it is ending') },
    });
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Origen = NULL WHERE sch_id = ${ended}`.execute(world.db);
    expect(await cancel(ended)).toMatchObject({ status: 409, body: { code: 'foreign_execution' } });
    expect(await cancel(9999)).toMatchObject({ status: 404, body: { code: 'unknown_execution' } });
    expect(await cancel(ended, { because: 'x' })).toMatchObject({ status: 400 });
    expect((await world.get('audit')).body).toMatchObject({ entries: [] });
  });
});
