import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyDeliveries } from '../../../src/adapters/mssql/copy-deliveries.ts';
import { actsWorld, claimNow, type ActsWorld } from './acts-world.ts';

let world: ActsWorld;
beforeAll(async () => {
  world = await actsWorld('2026-03-02T15:49:00Z');
});
beforeEach(() => world.clear());
afterAll(() => world[Symbol.asyncDispose]());

const resend = (id: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  world.post(`executions/${id}/resend`, body, { 'x-operator': 'ana', ...headers });

interface Resent {
  id: number;
  recipients: number | null;
}
const idOf = ({ body }: { body: unknown }) => (body as Resent).id;
const isFor = (person: string) => (call: { body: string }) => call.body.includes(`"code":"${person}"`);

/** Prepared and ended: 01 was accepted, 02 answered with this status to the last, 03 has no contact. */
async function partial(status: number): Promise<number> {
  world.gateway.answer = (call) => (isFor('02')(call) ? status : 200);
  const id = await world.agendaExecution();
  while ((await world.executionRow(id)).sch_Estado === 'EN_PROCESO') {
    await world.clock.moveBy({ hours: 3 });
    await world.dispatch(id);
  }
  expect(await world.executionRow(id)).toMatchObject({ sch_Estado: 'PARCIAL' });
  world.gateway.answer = () => 200;
  return id;
}

describe('POST executions/{id}/resend', () => {
  test('sends those that failed the same bytes under the same webhook-id, linked to the first, and names the others', async () => {
    const original = await partial(400);
    await sql`UPDATE CT_Alertas_Plantillas SET pla_Cuerpo = 'otro texto'`.execute(world.db);
    const made = await resend(original);
    const id = idOf(made);
    expect(made).toMatchObject({
      status: 201,
      body: {
        id,
        alert: '000001',
        origin: 'REENVIO',
        resends: original,
        askedBy: 'ana',
        copied: true,
        recipients: 1,
        ambiguous: [],
        leftOut: [
          { person: '01', name: 'Persona 01 Ñandú', why: 'accepted', acceptedIn: null },
          { person: '03', name: 'Persona 03 Ñandú', why: 'no_contact', acceptedIn: null },
        ],
        truncated: false,
      },
    });
    expect(await world.dispatch(id)).toMatchObject({ state: 'ENVIADA' });
    const [first, again] = world.gateway.received.filter(isFor('02'));
    expect(again?.body).toBe(first?.body);
    expect(again?.webhookId).toBe(first?.webhookId);
    expect(world.gateway.received).toHaveLength(3);
    expect((await world.get(`executions/${id}`)).body).toMatchObject({
      origin: 'REENVIO',
      resends: original,
      askedBy: 'ana',
      deliveries: [{ person: '02', state: 'ENVIADO' }],
    });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [{ act: 'resend', on: `execution ${original}`, detail: { execution: id } }],
    });
  });

  test('says who may have got it already: their gateway never answered for them', async () => {
    const original = await partial(503);
    expect(await resend(original)).toMatchObject({
      body: { ambiguous: [{ person: '02', error: expect.stringContaining('webhook_fallo') }] },
    });
  });

  test('keeps the bytes through a resend of a resend', async () => {
    const original = await partial(400);
    world.gateway.answer = () => 410;
    const second = idOf(await resend(original));
    expect(await world.dispatch(second)).toMatchObject({ state: 'ERROR' });
    world.gateway.answer = () => 200;
    const third = idOf(await resend(second));
    expect(await world.dispatch(third)).toMatchObject({ state: 'ENVIADA' });
    const calls = world.gateway.received.filter(isFor('02'));
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
    expect(calls).toHaveLength(3);
  });

  test('sends nobody twice whom a later execution reached, and says which', async () => {
    const original = await partial(400);
    const second = idOf(await resend(original));
    await world.dispatch(second);
    expect(await resend(original)).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_resend', detail: expect.stringContaining('2 accepted already') },
    });
    const named = await resend(original, { persons: ['02', '01'], recipients: 'all' });
    expect(named).toMatchObject({ status: 201, body: { recipients: 2, leftOut: [] } });
  });

  test('sends all a message of its own when all are asked for, because receivers drop what they have accepted', async () => {
    const original = await partial(400);
    const id = idOf(await resend(original, { recipients: 'all' }));
    await world.dispatch(id);
    const ofOne = world.gateway.received.filter(isFor('01'));
    expect(ofOne).toHaveLength(2);
    expect(ofOne[1]?.webhookId).not.toBe(ofOne[0]?.webhookId);
    const textOf = (call?: { body: string }) =>
      (JSON.parse(call?.body ?? '{}') as { data: { message: unknown; executionId: number } }).data;
    expect(textOf(ofOne[1]).message).toEqual(textOf(ofOne[0]).message);
    expect(textOf(ofOne[1]).executionId).toBe(id);
    const ofTwo = world.gateway.received.filter(isFor('02'));
    expect(ofTwo[1]?.webhookId).toBe(ofTwo[0]?.webhookId);
  });

  test('sends no webhook-id again that was accepted in a later execution: receivers would drop it', async () => {
    const original = await partial(400);
    const second = idOf(await resend(original));
    await world.dispatch(second);
    const third = idOf(await resend(original, { recipients: 'all', persons: ['02'] }));
    await world.dispatch(third);
    await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'FALLIDO' WHERE msgsch_id IN (${second}, ${third})`.execute(
      world.db,
    );
    await world.dispatch(idOf(await resend(original)));
    const [first, again, ofAll, afterFailure] = world.gateway.received
      .filter(isFor('02'))
      .map(({ webhookId }) => webhookId);
    expect(again).toBe(first);
    expect(new Set([first, ofAll, afterFailure]).size).toBe(3);
  });

  test('sends nobody twice whom another resend of the same reached', async () => {
    const original = await partial(400);
    world.gateway.answer = () => 410;
    const second = idOf(await resend(original));
    await world.dispatch(second);
    world.gateway.answer = () => 200;
    const third = idOf(await resend(original));
    expect(await resend(second)).toMatchObject({ status: 409, body: { code: 'under_way' } });
    await world.dispatch(third);
    expect(await resend(second)).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
  });

  test('copies all that was chosen, or nothing: what has grown too old is forgotten at any moment', async () => {
    const original = await partial(400);
    const id = idOf(await resend(original));
    const [kept] = await world.deliveryRows(original);
    const instant = world.clock.now();
    const copies = [{ id: kept?.msg_id ?? 0 }, { id: 2_000_000_000 }];
    const copying = world.db
      .transaction()
      .execute((transaction) => copyDeliveries(transaction, { to: id, copies, instant }));
    await expect(copying).rejects.toThrow('Of 2 deliveries 1 were left');
    expect(await world.deliveryRows(id)).toMatchObject([{ msgper_Cod: '02' }]);
  });

  test('needs no body', async () => {
    const original = await partial(400);
    const answer = await world.send(`manage/executions/${original}/resend`, { method: 'POST' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toMatch(/^\/api\/manage\/executions\/\d+$/);
  });

  test('sends what its gateway reported as failed once more, under a new webhook-id', async () => {
    const original = await world.agendaExecution();
    await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'FALLIDO' WHERE msgper_Cod = '01'`.execute(
      world.db,
    );
    const made = await resend(original);
    expect(made).toMatchObject({ body: { recipients: 1, leftOut: [{ person: '02' }, { person: '03' }] } });
    await world.dispatch(idOf(made));
    const [first, again] = world.gateway.received.filter(isFor('01'));
    expect(again?.webhookId).not.toBe(first?.webhookId);
  });

  test('prepares anew what was never prepared, with the occurrence that it was of', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfg_MaxDestinatarios = 2`.execute(world.db);
    const original = await world.agendaExecution();
    expect(await world.executionRow(original)).toMatchObject({ sch_Motivo: 'demasiados_destinatarios' });
    const occurrence = (await world.get(`executions/${original}`)).body as { occurrence: string };
    await world.clock.moveBy({ hours: 30 });
    const made = await resend(original, { confirmRecipients: 3 });
    expect(made).toMatchObject({ status: 201, body: { copied: false, recipients: null, leftOut: [] } });
    expect(await world.dispatch(idOf(made))).toMatchObject({ state: 'PARCIAL' });
    const event = JSON.parse(world.gateway.received[0]?.body ?? '') as { data: { occurrence: string } };
    expect(event.data.occurrence).toBe(occurrence.occurrence);
    expect(await resend(original)).toMatchObject({
      status: 409,
      body: { code: 'already_resent', detail: expect.stringContaining(`execution ${idOf(made)}.`) },
    });
    expect(await resend(original, { recipients: 'all' })).toMatchObject({ status: 201 });
  });

  test('prepares nothing anew twice, whichever of its resends is named', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfg_MaxDestinatarios = 2`.execute(world.db);
    const original = await world.agendaExecution();
    const second = idOf(await resend(original));
    expect(await world.dispatch(second)).toMatchObject({ state: 'ERROR' });
    const third = idOf(await resend(original, { confirmRecipients: 3 }));
    expect(await world.dispatch(third)).toMatchObject({ state: 'PARCIAL' });
    expect(await resend(second, { confirmRecipients: 3 })).toMatchObject({
      status: 409,
      body: { code: 'already_resent', detail: expect.stringContaining(`execution ${third}.`) },
    });
  });

  test('prepares a run anew for the persons that it was for', async () => {
    const { body } = await world.post('alerts/000001/run', { persons: ['01'] });
    const run = (body as Resent).id;
    await world.clock.moveBy({ hours: 1 });
    expect(await world.dispatch(run)).toMatchObject({ state: 'PERDIDA' });
    const again = idOf(await resend(run));
    await world.dispatch(again);
    expect(world.gateway.received).toHaveLength(1);
    expect(await world.executionRow(again)).toMatchObject({ sch_Estado: 'ENVIADA' });
  });

  test('of the named persons alone, and says who of them is no recipient of it', async () => {
    world.gateway.answer = () => 400;
    const original = await world.agendaExecution();
    expect(await resend(original, { persons: ['02', '77'] })).toMatchObject({
      body: { recipients: 1, leftOut: [{ person: '77', name: null, why: 'not_a_recipient' }] },
    });
  });

  test('gives the same answer to the same key, whatever has happened since, and refuses it for another request', async () => {
    const original = await partial(503);
    const key = { 'idempotency-key': 'otra vez' };
    const first = await resend(original, {}, key);
    await world.dispatch(idOf(first));
    await world.dispatch(idOf(await resend(original, { recipients: 'all' })));
    expect(first.body).toMatchObject({ leftOut: [{ person: '01', acceptedIn: null }, { person: '03' }] });
    expect(await resend(original, {}, key)).toEqual({ ...first, status: 200 });
    const other = await partial(400);
    expect(await resend(other, {}, key)).toMatchObject({ status: 422, body: { code: 'key_reused' } });
    expect(await resend(original, { recipients: 'all' }, key)).toMatchObject({
      status: 422,
      body: { code: 'key_reused' },
    });
    expect(await world.post('alerts/000001/run', {}, key)).toMatchObject({ status: 422 });
  });

  test('is refused while the original is open, and while a resend of it is', async () => {
    const open = await claimNow(world);
    expect(await resend(open)).toMatchObject({ status: 409, body: { code: 'execution_open' } });
    await world.post(`executions/${open}/cancel`, {});
    const id = idOf(await resend(open));
    expect(await resend(open)).toMatchObject({
      status: 409,
      body: { code: 'under_way', detail: expect.stringContaining(`Execution ${id} `) },
    });
  });

  test('of many at once one is made', async () => {
    const original = await partial(400);
    const answers = await Promise.all(Array.from({ length: 6 }, () => resend(original)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array(5).fill(409),
    ]);
  });

  test('is refused for an inactive alert, an inactive company and during a pause', async () => {
    const original = await partial(400);
    await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0`.execute(world.db);
    expect(await resend(original)).toMatchObject({ status: 409, body: { code: 'alert_inactive' } });
    await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 1; UPDATE CT_Empresas SET emp_Activo = 0`.execute(
      world.db,
    );
    expect(await resend(original)).toMatchObject({ status: 409, body: { code: 'tenant_inactive' } });
    await sql`UPDATE CT_Empresas SET emp_Activo = 1`.execute(world.db);
    await world.post('pause', { alert: '000001', why: 'revisión' });
    expect(await resend(original)).toMatchObject({ status: 409, body: { code: 'alert_paused' } });
  });

  test('is refused for a test, and for what the system before us wrote', async () => {
    const { body } = await world.post('alerts/000001/test', { destination: '011 5555-0009' });
    const trial = (body as Resent).id;
    await world.dispatch(trial);
    expect(await resend(trial)).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
    await sql`UPDATE CT_Scheduler_Alertas SET sch_Origen = NULL WHERE sch_id = ${trial}`.execute(world.db);
    expect(await resend(trial)).toMatchObject({ status: 409, body: { code: 'foreign_execution' } });
    expect(await resend(999_999)).toMatchObject({ status: 404, body: { code: 'unknown_execution' } });
    expect(await resend(trial, { recipients: 'some' })).toMatchObject({
      status: 400,
      body: { detail: 'body.recipients must be failed or all.' },
    });
  });

  test('that nobody could open in time ends as PERDIDA, and can be sent again', async () => {
    const original = await partial(400);
    const late = idOf(await resend(original));
    await world.clock.moveBy({ hours: 1 });
    expect(await world.dispatch(late)).toMatchObject({ state: 'PERDIDA' });
    const again = idOf(await resend(late));
    expect(await world.dispatch(again)).toMatchObject({ state: 'ENVIADA' });
    const [first, second] = world.gateway.received.filter(isFor('02'));
    expect(second?.body).toBe(first?.body);
  });

  test('is cancelled like any other before it goes out', async () => {
    const original = await partial(400);
    const id = idOf(await resend(original));
    expect(await world.post(`executions/${id}/cancel`, {})).toMatchObject({
      status: 200,
      body: { state: 'CANCELADA', cancelled: 1 },
    });
    expect(await world.dispatch(id)).toMatchObject({ because: 'finished' });
  });
});
