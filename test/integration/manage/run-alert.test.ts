import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scanPortsOf } from '../../../src/wiring/build-scan.ts';
import { scanPolicy } from '../../support/scan-policy.ts';
import { actsWorld, claimNow, type ActsWorld } from './acts-world.ts';

let world: ActsWorld;
beforeAll(async () => {
  world = await actsWorld('2026-03-02T15:49:00.400Z');
});
beforeEach(() => world.clear());
afterAll(() => world[Symbol.asyncDispose]());

const run = (body: unknown = {}, headers: Record<string, string> = {}, code = '000001') =>
  world.post(`alerts/${code}/run`, body, { 'x-operator': 'ana', ...headers });

const idOf = ({ body }: { body: unknown }) => (body as { id: number }).id;

describe('POST alerts/{code}/run', () => {
  test('sends the alert now to everyone, as an execution of its own that says who asked for it', async () => {
    const made = await run();
    const id = idOf(made);
    expect(made).toEqual({
      status: 201,
      type: 'application/json',
      body: {
        id,
        alert: '000001',
        origin: 'MANUAL',
        occurrence: '2026-03-02T12:49:00-03:00',
        resends: null,
        askedBy: 'ana',
      },
    });
    expect(world.messages.at(-1)).toBe(`${id}@2026-03-02T15:48:55Z`);
    expect(await world.dispatch(id)).toMatchObject({ kind: 'closed', state: 'PARCIAL' });
    expect(world.gateway.received).toHaveLength(2);
    const { body } = await world.get(`executions/${id}`);
    expect(body).toMatchObject({ origin: 'MANUAL', askedBy: 'ana', state: 'PARCIAL', accepted: 2 });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [{ act: 'run', on: 'alert 000001', who: 'ana', detail: { execution: id } }],
    });
    expect(world.log.events).toContainEqual(
      expect.objectContaining({
        event: 'manage.acted',
        fields: { act: 'run', who: 'ana', on: 'alert 000001' },
      }),
    );
  });

  test('does nothing for a body in chunks, of which the Functions host hands over nothing', async () => {
    const before = world.messages.length;
    const headers = { 'transfer-encoding': 'chunked' };
    const init = { method: 'POST', headers, body: new ArrayBuffer(0) };
    const answer = await world.send('manage/alerts/000001/run', init);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ detail: 'body did not arrive: send it with Content-Length, not in chunks.' }),
    ]);
    expect(world.messages).toHaveLength(before);
  });

  test('sends to the named persons alone, and keeps on record who of them is no recipient', async () => {
    const id = idOf(await run({ persons: ['02', '99 ', '02'] }));
    expect(await world.dispatch(id)).toMatchObject({ state: 'PARCIAL' });
    expect(world.gateway.received.map(({ body }) => body)).toEqual([expect.stringContaining('"code":"02"')]);
    const rows = await world.deliveryRows(id);
    expect(rows.map(({ msgper_Cod, msg_Estado, msg_Error }) => [msgper_Cod, msg_Estado, msg_Error])).toEqual([
      ['02', 'ENVIADO', null],
      ['99 ', 'SIN_CONTACTO', 'sin_destinatarios: No está entre los destinatarios de la alerta.'],
    ]);
  });

  test('ends with sin_destinatarios when none of the named persons is a recipient', async () => {
    const id = idOf(await run({ persons: ['98', '99'] }));
    expect(await world.dispatch(id)).toMatchObject({ state: 'ERROR', reason: 'sin_destinatarios' });
    expect((await world.executionRow(id)).sch_DetalleError).toContain('98, 99');
    expect(world.gateway.received).toEqual([]);
  });

  test.each([
    [{}, 'ERROR', 'demasiados_destinatarios', 0],
    [{ confirmRecipients: 2 }, 'ERROR', 'demasiados_destinatarios', 0],
    [{ confirmRecipients: 3 }, 'PARCIAL', 'sin_contacto', 2],
    [{ persons: ['01'] }, 'ENVIADA', null, 1],
  ])('passes the brake with %j only as far as it says: %s', async (body, state, reason, sent) => {
    await sql`UPDATE CT_Alertas_Config SET cfg_MaxDestinatarios = 1`.execute(world.db);
    expect(await world.dispatch(idOf(await run(body)))).toMatchObject({ state, reason });
    expect(world.gateway.received).toHaveLength(sent);
  });

  test('gives the same execution to the same key, word for word, whatever has happened since', async () => {
    const key = { 'idempotency-key': 'pedido-1' };
    const first = await run({ persons: ['01'] }, key);
    await world.dispatch(idOf(first));
    await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0`.execute(world.db);
    await world.clock.moveBy({ minutes: 1 });
    const again = await run({ persons: ['01'] }, { ...key, 'x-operator': 'beto' });
    expect(again).toEqual({ ...first, status: 200 });
    expect((await world.get('audit')).body).toMatchObject({ entries: [{ who: 'ana' }] });
    const { body } = await world.get('executions');
    expect((body as { executions: unknown[] }).executions).toHaveLength(1);
  });

  test('refuses a key that stands for another request', async () => {
    const key = { 'idempotency-key': 'pedido-2' };
    const id = idOf(await run({ persons: ['01'] }, key));
    await world.dispatch(id);
    for (const other of [{}, { persons: ['02'] }, { persons: ['01'], confirmRecipients: 5 }])
      expect(await run(other, key)).toMatchObject({
        status: 422,
        body: { code: 'key_reused', detail: expect.stringContaining(`execution ${id} `) },
      });
    expect(await world.post('alerts/000001/test', { destination: '011 5555-0009' }, key)).toMatchObject({
      status: 422,
    });
  });

  test.each([
    ['that nobody has opened', 'PENDIENTE', null, null],
    ['that is being prepared', 'EN_PROCESO', null, '2026-03-02T16:49:00'],
    ['that waits for its company', 'EN_PROCESO', null, '2026-03-02T16:49:00'],
    ['whose process died while it was prepared', 'EN_PROCESO', null, '2026-03-02T15:00:00'],
  ])('is refused beside an execution %s', async (_which, state, prepared, lease) => {
    const id = await claimNow(world);
    await sql`
      UPDATE CT_Scheduler_Alertas SET sch_Estado = ${state}, sch_Preparada = ${prepared},
        sch_LeaseHasta = CAST(${lease} AS DATETIME2(3)) WHERE sch_id = ${id}`.execute(world.db);
    expect(await run()).toMatchObject({
      status: 409,
      body: {
        code: 'under_way',
        detail: expect.stringContaining(
          `Execution ${id} of the alert 000001 is under way (${state}, due 2026-`,
        ),
      },
    });
  });

  test('is refused while an execution has a delivery that was never attempted, not for retries alone', async () => {
    world.gateway.answer = () => 503;
    const id = await world.agendaExecution();
    await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'PENDIENTE' WHERE msgper_Cod = '02'`.execute(
      world.db,
    );
    expect(await run()).toMatchObject({ status: 409, body: { code: 'under_way' } });
    await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'REINTENTO' WHERE msgper_Cod = '02'`.execute(
      world.db,
    );
    expect(await run()).toMatchObject({ status: 201 });
    expect(await world.executionRow(id)).toMatchObject({ sch_Estado: 'EN_PROCESO' });
  });

  test('is decided without a race: of many at once one is made, and the others are told which', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => run()));
    const [made, ...others] = answers.toSorted((a, b) => a.status - b.status);
    expect(made?.status).toBe(201);
    const named = expect.stringContaining(`Execution ${made && idOf(made)} `);
    for (const other of others)
      expect(other).toMatchObject({ status: 409, body: { code: 'under_way', detail: named } });
    expect((await world.get('audit')).body).toMatchObject({ entries: [{ act: 'run' }] });
  });

  test('waits for another one that is just being decided on, and sees what it has made', async () => {
    const { answer, made } = await world.db.transaction().execute(async (trx) => {
      await sql`SELECT cfg_Cod FROM CT_Alertas_Config WITH (UPDLOCK) WHERE cfg_Cod = '000001'`.execute(trx);
      const running = run();
      for (let others = 0; others < 20; others++) await world.get('audit');
      return { answer: running, made: await claimNow({ db: trx, clock: world.clock }) };
    });
    expect(await answer).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`Execution ${made} `) },
    });
  });

  test('of many with one key one is made, and the others get it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => run({}, { 'idempotency-key': 'a la vez' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array(7).fill(200),
      201,
    ]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  test('is refused for an inactive alert, an inactive company and during a pause, and says what to do', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0`.execute(world.db);
    expect(await run()).toMatchObject({ status: 409, body: { code: 'alert_inactive' } });
    await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 1; UPDATE CT_Empresas SET emp_Activo = 0`.execute(
      world.db,
    );
    expect(await run()).toMatchObject({ status: 409, body: { code: 'tenant_inactive' } });
    await sql`UPDATE CT_Empresas SET emp_Activo = 1`.execute(world.db);
    await world.post('pause', { channel: '0001', why: 'mudanza' }, { 'x-operator': 'eva' });
    expect(await run()).toMatchObject({
      status: 409,
      body: { code: 'alert_paused', detail: expect.stringContaining('(eva: mudanza)') },
    });
    await world.post('resume', { channel: '0001' });
    expect(await run()).toMatchObject({ status: 201 });
  });

  test('loses nothing when the queue is away, or the process dies before it is told: the sweep brings it', async () => {
    world.queue.isAway = true;
    const id = idOf(await run());
    expect(world.messages).not.toContainEqual(expect.stringContaining(`${id}@`));
    world.queue.isAway = false;
    const { sweepExecutions } = scanPortsOf(scanPolicy, {
      ...world,
      queue: {
        sendDispatch: async (executionId) => void (await world.dispatch(executionId)),
        nudgeReports: async () => undefined,
      },
    });
    expect(await sweepExecutions(world.clock.now())).toMatchObject({ swept: 0 });
    await world.clock.moveBy({ seconds: 31 });
    expect(await sweepExecutions(world.clock.now())).toMatchObject({ swept: 1 });
    expect(await world.executionRow(id)).toMatchObject({ sch_Estado: 'PARCIAL', sch_CantMensajes: 2 });
  });

  test('becomes PERDIDA, and is reported, when nobody could open it within the catch-up limit of the request', async () => {
    const id = idOf(await run());
    await world.clock.moveBy({ minutes: 31 });
    expect(await world.dispatch(id)).toMatchObject({ state: 'PERDIDA', reason: 'abierta_tarde' });
  });

  test.each([
    ['NADIE', {}, 404, 'unknown_alert', 'CT_Alertas_Config has no row NADIE.'],
    ['000001', { persons: [] }, 400, 'invalid_request', 'body.persons must name somebody'],
    ['000001', { persons: [''] }, 400, 'invalid_request', 'body.persons.0 must not be empty'],
    ['000001', { persons: '01' }, 400, 'invalid_request', 'body.persons must be a list'],
    ['000001', { confirmRecipients: 0 }, 400, 'invalid_request', 'body.confirmRecipients'],
    ['000001', { confirmRecipients: 2 ** 31 }, 400, 'invalid_request', 'body.confirmRecipients'],
    ['000001', { person: '01' }, 400, 'invalid_request', 'body.person is not known here'],
  ])('refuses %s %j, and records nothing', async (code, body, status, problem, detail) => {
    expect(await run(body, {}, code)).toMatchObject({
      status,
      body: { code: problem, detail: expect.stringContaining(detail) },
    });
    expect((await world.get('audit')).body).toMatchObject({ entries: [] });
  });

  test('needs no body, but takes none for JSON that does not say that it is', async () => {
    const address = 'manage/alerts/000001/run';
    const unsaid = await world.send(address, { method: 'POST', body: '{"persons":["01"]}' });
    expect(unsaid.status).toBe(415);
    expect((await world.send(address, { method: 'POST' })).status).toBe(201);
  });

  test('refuses an empty key, and one too long', async () => {
    for (const key of ['', 'x'.repeat(256)])
      expect(await run({}, { 'idempotency-key': key })).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('header.idempotency-key must') },
      });
  });

  /** The last one: the local server takes no constraint back. */
  test('is answered after 4 seconds when the queue says nothing, and the sweep looks after it', async () => {
    const { promise: never } = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    world.queue.answers = () => (asked.resolve(), never);
    const answer = world.post('alerts/000001/run', {});
    await asked.promise;
    await world.clock.moveBy({ seconds: 4 });
    expect(await answer).toMatchObject({ status: 201 });
    expect(world.log.events).toContainEqual({
      event: 'execution.not_enqueued',
      fields: { executionId: expect.any(Number), error: 'Error: No answer within 4 s.' },
    });
  });

  test('is made although the table cannot be told that the queue knows', async () => {
    const mark = sql`ALTER TABLE CT_Scheduler_Alertas ADD CONSTRAINT CK_Prueba
      CHECK (sch_Revisar <= CAST('2026-03-02T20:00:00' AS DATETIME2(3)))`;
    await world.clock.moveTo('2026-03-02T19:59:00Z');
    await mark.execute(world.db);
    const made = await run();
    expect(made).toMatchObject({ status: 201 });
    expect(world.log.events).toContainEqual({
      event: 'execution.not_enqueued',
      fields: expect.objectContaining({ executionId: idOf(made) }),
    });
  });
});
