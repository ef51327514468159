import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actsWorld, claimNow, type ActsWorld } from './acts-world.ts';

let world: ActsWorld;
beforeAll(async () => {
  world = await actsWorld('2026-03-02T15:49:00Z');
});
beforeEach(() => world.clear());
afterAll(() => world[Symbol.asyncDispose]());

const trial = (body: unknown, headers: Record<string, string> = {}) =>
  world.post('alerts/000001/test', body, { 'x-operator': 'ana', ...headers });

const idOf = ({ body }: { body: unknown }) => (body as { id: number }).id;

interface Event {
  data: { test?: boolean; recipient: Record<string, string>; message: { text: string } };
}
const posted = () => world.gateway.received.map(({ body }) => JSON.parse(body) as Event);

describe('POST alerts/{code}/test', () => {
  test('sends one real message to the destination, written for the first recipient and marked as a test', async () => {
    const made = await trial({ destination: '011 15 5555-0009' });
    expect(made).toMatchObject({ status: 201, body: { alert: '000001', origin: 'PRUEBA', askedBy: 'ana' } });
    const id = idOf(made);
    expect(await world.dispatch(id)).toMatchObject({ state: 'ENVIADA' });
    expect(posted()).toMatchObject([
      {
        data: {
          test: true,
          recipient: { code: '01', name: 'Persona 01 Ñandú', phone: '+5491155550009' },
          message: { text: 'Hola Persona 01 Ñandú: Corralón San Martín debe 1500.50' },
        },
      },
    ]);
    expect((await world.get(`executions/${id}`)).body).toMatchObject({
      origin: 'PRUEBA',
      askedBy: 'ana',
      deliveries: [{ person: '01', destination: '+5491155550009', state: 'ENVIADO' }],
    });
    expect(world.log.events).toContainEqual({
      event: 'delivery.accepted',
      fields: expect.objectContaining({ alert: '000001', test: true }),
    });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [{ act: 'test', on: 'alert 000001', who: 'ana', detail: { execution: id } }],
    });
  });

  test('leaves every other message without the mark', async () => {
    await world.agendaExecution();
    expect(posted().map(({ data }) => 'test' in data)).toEqual([false, false]);
  });

  test('is written for the named recipient, who needs no contact', async () => {
    await world.dispatch(idOf(await trial({ destination: '+54 9 11 5555-0009', person: '03' })));
    expect(posted()).toMatchObject([{ data: { recipient: { code: '03', phone: '+5491155550009' } } }]);
  });

  test('tells templates and bodies of a shape of their own that it is one', async () => {
    const cuerpo = '{"prueba": {{ prueba }}, "texto": "{{ mensaje.texto }}"}';
    await sql`
      UPDATE CT_Alertas_Plantillas SET pla_Cuerpo = '{% if prueba %}PRUEBA {% endif %}hola';
      UPDATE CT_Alertas_Webhooks SET whk_Formato = 'plantilla', whk_Cuerpo = ${cuerpo}`.execute(world.db);
    await world.dispatch(idOf(await trial({ destination: '011 5555-0009' })));
    await world.agendaExecution();
    expect(world.gateway.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { prueba: true, texto: 'PRUEBA hola' },
      { prueba: false, texto: 'hola' },
      { prueba: false, texto: 'hola' },
    ]);
  });

  test('leaves a column that is called prueba to the templates that show it', async () => {
    await sql`
      UPDATE CT_Alertas_Queries SET qry_Sql = 'SELECT ''de fuego'' AS prueba';
      UPDATE CT_Alertas_Plantillas SET pla_Cuerpo = 'Una prueba {{ prueba }}'`.execute(world.db);
    await world.agendaExecution();
    expect(posted()[0]?.data.message.text).toBe('Una prueba de fuego');
  });

  test('goes out of an inactive alert of an inactive company during a pause, beside other executions, whatever the brake', async () => {
    await claimNow(world);
    await sql`
      UPDATE CT_Alertas_Config SET cfg_Activo = 0, cfg_MaxDestinatarios = 1;
      UPDATE CT_Empresas SET emp_Activo = 0`.execute(world.db);
    await world.post('pause', { everything: true, why: 'mudanza' });
    const made = await trial({ destination: '011 5555-0009' });
    expect(await world.dispatch(idOf(made))).toMatchObject({ state: 'ENVIADA' });
    expect(world.gateway.received).toHaveLength(1);
  });

  test('keeps nobody from running the alert', async () => {
    await trial({ destination: '011 5555-0009' });
    expect(await world.post('alerts/000001/run', {})).toMatchObject({ status: 201 });
  });

  test('ends with a reason when it cannot go out, and is reported to nobody else', async () => {
    const id = idOf(await trial({ destination: '011 5555-0009', person: '99' }));
    expect(await world.dispatch(id)).toMatchObject({ state: 'ERROR', reason: 'sin_destinatarios' });
    expect(await world.db.selectFrom('CT_Scheduler_Fallas').selectAll().execute()).toEqual([]);
  });

  test('is on record with where it went, but for the whole of the address', async () => {
    await trial({ destination: '011 5555-0009', person: '01' });
    await sql`UPDATE CT_Alertas_Config SET cfgcan_Cod = '0002'`.execute(world.db);
    await trial({ destination: 'ana@example.com' });
    expect((await world.get('audit')).body).toMatchObject({
      entries: [
        { act: 'test', detail: { destination: '…@example.com' } },
        { act: 'test', detail: { destination: '…009', persons: ['01'] } },
      ],
    });
  });

  test('is one for one key', async () => {
    const key = { 'idempotency-key': 'una' };
    const first = await trial({ destination: '011 5555-0009' }, key);
    expect(await trial({ destination: '+5491155550009' }, key)).toEqual({ ...first, status: 200 });
    expect(await trial({ destination: '011 5555-0008' }, key)).toMatchObject({ status: 422 });
  });

  test.each([
    ['0001', 'ana@example.com', 'must be a phone number'],
    ['0001', '12', 'must be a phone number'],
    ['0003', 'x', 'must be a phone number'],
    ['0002', '011 5555-0009', 'must be a mail address'],
    ['0002', `${'a'.repeat(400)}@example.com`, 'must be at most 320 characters'],
  ])('of the channel %s refuses %s', async (channel, destination, message) => {
    await sql`UPDATE CT_Alertas_Config SET cfgcan_Cod = ${channel}`.execute(world.db);
    expect(await trial({ destination })).toMatchObject({
      status: 400,
      body: { values: [{ at: 'body.destination', message: expect.stringContaining(message) }] },
    });
    expect((await world.get('audit')).body).toMatchObject({ entries: [] });
  });

  test('goes by mail to a mail address', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfgcan_Cod = '0002'`.execute(world.db);
    await world.dispatch(idOf(await trial({ destination: 'ana@example.com' })));
    expect(posted()).toMatchObject([{ data: { recipient: { email: 'ana@example.com' } } }]);
  });

  test('says what is wrong with an alert whose destination nobody can read', async () => {
    await sql`UPDATE CT_Alertas_Config SET cfgcan_Cod = '9'`.execute(world.db);
    expect(await trial({ destination: '011 5555-0009' })).toMatchObject({
      status: 409,
      body: { code: 'alert_invalid', detail: expect.stringContaining('cfgcan_Cod «9»') },
    });
  });
});
