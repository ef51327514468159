import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { raiseDeliveries } from '../../../src/adapters/mssql/raise-deliveries.ts';
import { recordOutcomes } from '../../../src/adapters/mssql/record-outcomes.ts';
import { takeDeliveries } from '../../../src/adapters/mssql/take-deliveries.ts';
import { stateRank } from '../../../src/domain/delivery.ts';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { outcome } from '../dispatch/prepared-world.ts';
import {
  callbacksWorld,
  metaSignature,
  newSecret,
  notification,
  verifyToken,
  type CallbacksWorld,
} from './callbacks-world.ts';

let world: CallbacksWorld;
beforeAll(async () => {
  world = await callbacksWorld();
});
beforeEach(async () => {
  world.log.events.length = 0;
  await sql`DELETE FROM CT_Alertas_Mensajes; DELETE FROM CT_Alertas_Novedades; DELETE FROM CT_Scheduler_Alertas`.execute(
    world.db,
  );
});
afterAll(() => world[Symbol.asyncDispose]());

describe('WhatsApp’s notifications', () => {
  test('statuses and answers of one notification come to their messages, whatever else is in it', async () => {
    const ids = await world.deliveries([{ wamid: 'wamid.A' }, { wamid: 'wamid.B' }, { wamid: 'wamid.C' }]);
    const error = {
      code: 131026,
      title: 'Message undeliverable',
      error_data: { details: 'Not on WhatsApp.' },
    };
    const answer = await world.notify({
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '5491155550000', phone_number_id: '1' },
      contacts: [{ wa_id: '5491155551111', profile: { name: 'Juan' } }],
      statuses: [
        {
          id: 'wamid.A',
          status: 'delivered',
          timestamp: '1772466000',
          recipient_id: '5491155551111',
          pricing: {},
        },
        { id: 'wamid.B', status: 'failed', timestamp: '1772466000', errors: [error] },
        { id: 'wamid.A', status: 'played' },
        { status: 'read' },
      ],
      messages: [
        {
          id: 'wamid.Z',
          from: '5491155551111',
          timestamp: '1772466001',
          type: 'text',
          context: { id: 'wamid.C' },
        },
        {
          id: 'wamid.Y',
          from: '5491155551111',
          timestamp: '1772466001',
          type: 'text',
          text: { body: 'hola' },
        },
        { id: 'wamid.X', context: { forwarded: true } },
      ],
    });
    expect(answer).toEqual({
      status: 200,
      body: { events: 7, known: 3, raised: 3, waiting: 0, ignored: 4 },
    });
    const [a, b, c] = await Promise.all(ids.map(world.delivery));
    expect(a?.msg_Estado).toBe('ENTREGADO');
    expect(b).toMatchObject({
      msg_Estado: 'FALLIDO',
      msg_Error:
        'entrega_fallida: El servicio de mensajería no pudo entregar el mensaje: 131026 Message undeliverable: Not on WhatsApp.',
    });
    expect(c).toMatchObject({
      msg_Estado: 'RESPONDIDO',
      msg_FechaRespuesta: new Date('2026-03-02T12:40:01Z'),
    });
  });

  test('the signature is of the bytes as they came', async () => {
    const [id] = await world.deliveries([{ wamid: 'wamid.A' }]);
    const body = ` ${JSON.stringify(notification({ statuses: [{ id: 'wamid.A', status: 'read' }], name: 'Ñ/' })).replace('Ñ/', String.raw`\u00d1\/ é`)}\n`;
    const call = { body, headers: { 'x-hub-signature-256': metaSignature(body) } };
    expect((await world.send(call)).status).toBe(200);
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('LEIDO');
  });

  test.each([
    ['another object', { object: 'page', entry: [] }, 0],
    [
      'another field',
      { object: 'whatsapp_business_account', entry: [{ changes: [{ field: 'flows', value: {} }] }] },
      1,
    ],
    ['no list', { object: 'whatsapp_business_account', entry: 'x' }, 0],
    [
      'odd values',
      notification({
        statuses: [null, 7, { id: 'a b', status: 'read' }, { id: 'x'.repeat(101), status: 'read' }],
      }),
      4,
    ],
    ['a text', 'hola', 0],
  ])('%s is acknowledged, and is no news', async (_, value, ignored) => {
    const body = JSON.stringify(value);
    const answer = await world.send({ body, headers: { 'x-hub-signature-256': metaSignature(body) } });
    expect(answer).toEqual({
      status: 200,
      body: { events: ignored, known: 0, raised: 0, waiting: 0, ignored },
    });
  });

  test('a time that no clock shows is the present one', async () => {
    const [id] = await world.deliveries([{ wamid: 'wamid.A' }]);
    await world.notify({ messages: [{ timestamp: '999999999999', context: { id: 'wamid.A' } }] });
    expect((await world.delivery(id ?? 0)).msg_FechaRespuesta).toEqual(new Date('2026-03-02T12:49:00Z'));
  });

  test('its question at the subscription is answered to whoever knows the token', async () => {
    const ask = (token: string, more = '') =>
      world.send({
        method: 'GET',
        query: `?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444${more}`,
      });
    expect(await ask(verifyToken)).toEqual({ status: 200, body: '1158201444' });
    expect(await ask('otra-clave-de-suscripcion')).toMatchObject({
      status: 403,
      body: { code: 'callback_verification' },
    });
    expect(await ask('')).toMatchObject({ status: 403 });
    expect(await world.send({ method: 'GET' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

const told = ['sent', 'failed', 'delivered', 'read', 'answered'] as const;
const stateOf = {
  sent: 'ENVIADO',
  failed: 'FALLIDO',
  delivered: 'ENTREGADO',
  read: 'LEIDO',
  answered: 'RESPONDIDO',
} as const;
const before = ['PENDIENTE', 'REINTENTO', 'ERROR', 'RECHAZADO', 'ENVIADO', 'FALLIDO', 'LEIDO'] as const;

/** The same numbers every time. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('the order of news', () => {
  test('in whatever order and however often news come, alone or together, they come to the same', async () => {
    const random = numbers(7);
    const shuffled = <T>(list: readonly T[]): T[] =>
      list
        .map((each) => ({ each, key: random(1e9) }))
        .sort((a, b) => a.key - b.key)
        .map(({ each }) => each);
    const cases = Array.from({ length: 280 }, (_, place) => {
      const kinds = told.filter(() => random(2) === 1);
      const news = kinds.flatMap((event) =>
        Array.from({ length: 1 + random(2) }, (__, second) => ({
          event,
          at: `2026-03-02T15:4${random(9)}:0${second}Z`,
          ...(event === 'failed' ? { reason: 'x' } : {}),
        })),
      );
      return {
        state: before[place % before.length] ?? 'ENVIADO',
        kinds,
        news: shuffled([...news, ...shuffled(news)]),
      };
    });
    const ids = await world.deliveries(cases.map(({ state }, place) => ({ state, wamid: `wamid.${place}` })));
    const waiting = cases.map(({ news }) => [...news]);
    while (waiting.some((news) => news.length > 0)) {
      const events = waiting.flatMap((news, place) =>
        news.splice(0, random(3)).map((one) => ({ deliveryId: ids[place], ...one })),
      );
      for (let start = 0; start < events.length; start += 1000)
        expect((await world.tell(events.slice(start, start + 1000))).status).toBe(200);
    }
    const stored = await world.db.selectFrom('CT_Alertas_Mensajes').selectAll().orderBy('msg_id').execute();
    const expected = cases.map(({ state, kinds, news }) => {
      const highest = [state, ...kinds.map((kind) => stateOf[kind])].reduce((one, other) =>
        stateRank[other] > stateRank[one] ? other : one,
      );
      const [answer] = news.flatMap(({ event, at }) => (event === 'answered' ? [at] : [])).sort();
      return {
        msg_Estado: highest,
        msg_FechaRespuesta:
          answer === undefined
            ? null
            : new Date(Temporal.Instant.from(answer).subtract({ hours: 3 }).epochMilliseconds),
        msg_Error:
          highest === 'FALLIDO' && state !== 'FALLIDO' ? expect.stringMatching(/^entrega_fallida/) : null,
      };
    });
    expect(stored).toMatchObject(expected);
  });

  test('a failure that is told after the message arrived is no failure, and one that was told before is taken back', async () => {
    const [first, second] = await world.deliveries([{}, {}]);
    await world.tell([{ deliveryId: first, event: 'delivered' }]);
    await world.tell([{ deliveryId: first, event: 'failed', reason: 'x' }]);
    await world.tell([{ deliveryId: second, event: 'failed', reason: 'x' }]);
    await world.tell([{ deliveryId: second, event: 'delivered' }]);
    const both = [await world.delivery(first ?? 0), await world.delivery(second ?? 0)];
    expect(both).toMatchObject([
      { msg_Estado: 'ENTREGADO', msg_Error: null },
      { msg_Estado: 'ENTREGADO', msg_Error: null },
    ]);
  });

  test('what has risen between the look and the writing does not fall', async () => {
    const [id] = await world.deliveries([{ state: 'LEIDO' }]);
    const answeredAt = Temporal.PlainDateTime.from('2026-03-02T12:40:00');
    const seen = { id: id ?? 0, executionId: 1, alert: null, person: null, personName: null, zone: null };
    const delivery = { ...seen, state: 'ENVIADO', wamid: null, answeredAt: null };
    const raise = { delivery, detail: 'x', wamid: null, answeredAt };
    expect(await raiseDeliveries(world.db)([{ ...raise, state: 'FALLIDO' }])).toEqual(new Set());
    const later = answeredAt.add({ minutes: 5 });
    await raiseDeliveries(world.db)([{ ...raise, state: 'ENTREGADO', answeredAt: later }]);
    expect(await world.delivery(id ?? 0)).toMatchObject({
      msg_Estado: 'LEIDO',
      msg_Error: null,
      msg_FechaRespuesta: new Date('2026-03-02T12:40:00Z'),
    });
  });

  test('a repeated call changes nothing and says so', async () => {
    const [id] = await world.deliveries([{}]);
    const events = [{ deliveryId: id, event: 'answered', at: '2026-03-02T12:40:00-03:00' }];
    expect((await world.tell(events)).body).toMatchObject({ known: 1, raised: 1 });
    const stored = await world.delivery(id ?? 0);
    expect((await world.tell(events)).body).toMatchObject({ known: 1, raised: 0 });
    expect(await world.delivery(id ?? 0)).toEqual(stored);
  });

  test('what was never posted has no news', async () => {
    const ids = await world.deliveries([{ state: 'SIN_CONTACTO' }, { state: 'DUPLICADO' }]);
    await world.tell(ids.map((deliveryId) => ({ deliveryId, event: 'answered' })));
    expect(await Promise.all(ids.map(world.delivery))).toMatchObject([
      { msg_Estado: 'SIN_CONTACTO', msg_FechaRespuesta: null },
      { msg_Estado: 'DUPLICADO', msg_FechaRespuesta: null },
    ]);
  });
});

async function execution(state: string): Promise<number> {
  const { rows } = await sql<{ sch_id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Origen, sch_Preparada, sch_CantMensajes)
    OUTPUT inserted.sch_id VALUES ('000001', ${state}, 'AGENDA', '2026-03-02T15:49:00', 0)`.execute(world.db);
  return rows[0]?.sch_id ?? 0;
}

describe('beside the dispatch', () => {
  test('a message that its gateway has is not posted again, and its execution stays as it is', async () => {
    const executionId = await execution('EN_PROCESO');
    const [told1, other] = await world.deliveries([
      { execution: executionId, state: 'REINTENTO' },
      { execution: executionId, state: 'REINTENTO' },
    ]);
    const row = () => world.db.selectFrom('CT_Scheduler_Alertas').selectAll().executeTakeFirstOrThrow();
    const stored = await row();
    await world.tell([{ deliveryId: told1, event: 'delivered' }]);
    expect(await row()).toEqual(stored);
    const until = Temporal.Instant.from('2026-03-02T16:00:00Z');
    const taken = await takeDeliveries(
      world.db,
      60,
    )({ executionId, dueUntil: until, holdUntil: until, limit: 10 });
    expect(taken).toMatchObject({ deliveries: [{ id: other }], tally: { open: 1, accepted: 1 } });
  });

  test('news that come before the gateway’s answer is stored wait for it, an hour', async () => {
    const executionId = await execution('EN_PROCESO');
    const [id] = await world.deliveries([{ execution: executionId, state: 'PENDIENTE' }]);
    const early = {
      statuses: [
        { id: 'wamid.N', status: 'sent' },
        { id: 'wamid.N', status: 'delivered', timestamp: '1772466000' },
      ],
    };
    expect((await world.notify(early)).body).toEqual({
      events: 2,
      known: 0,
      raised: 0,
      waiting: 1,
      ignored: 1,
    });
    expect((await world.notify(early)).body).toMatchObject({ waiting: 1 });
    expect(await world.raiseEarlyNews()).toBe(0);
    const now = world.clock.now();
    await recordOutcomes(
      world.db,
      60,
    )({ executionId, outcomes: [outcome(id ?? 0, { wamid: 'wamid.N' })], now });
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENVIADO');
    expect(await world.raiseEarlyNews()).toBe(1);
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENTREGADO');
    expect(await world.db.selectFrom('CT_Alertas_Novedades').selectAll().execute()).toEqual([]);
  });

  test('however many there are of other systems, those of an hour ago are forgotten', async () => {
    const wamids = JSON.stringify(Array.from({ length: 2100 }, (_, place) => `wamid.F${place}`));
    await sql`
      INSERT INTO CT_Alertas_Novedades (nov_Wamid, nov_Estado, nov_Fecha, nov_Recibida)
      SELECT w.wamid, 'LEIDO', '2026-03-02T14:00:00', '2026-03-02T14:00:00'
      FROM OPENJSON(${wamids}) WITH (wamid VARCHAR(100) '$') w`.execute(world.db);
    expect(await world.raiseEarlyNews()).toBe(0);
    expect(await world.db.selectFrom('CT_Alertas_Novedades').selectAll().execute()).toEqual([]);
  });

  test('a wamid counts with its upper and lower case', async () => {
    const [id] = await world.deliveries([{ wamid: 'wamid.HBgN' }]);
    await world.notify({ statuses: [{ id: 'wamid.hbgn', status: 'read' }] });
    await world.raiseEarlyNews();
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENVIADO');
  });

  test('rows of another system stay as they are, whatever is told of their messages', async () => {
    const [id] = await world.deliveries([{ execution: null, wamid: 'wamid.O' }]);
    await world.notify({ statuses: [{ id: 'wamid.O', status: 'read' }] });
    await world.tell([{ deliveryId: id, event: 'read' }]);
    await world.raiseEarlyNews();
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENVIADO');
  });

  test('while the control database is away a gateway is asked to repeat, and the repeat is stored', async () => {
    const [id] = await world.deliveries([{}]);
    const away = openControlDatabase({ connection: 'Server=127.0.0.1,1;Database=x;User Id=x;Password=x' });
    const events = [{ deliveryId: id, event: 'read' }];
    const answer = await world.tell(events, { receive: world.over({}, away) });
    await away.destroy();
    expect(answer).toMatchObject({ status: 503, body: { code: 'callback_not_stored' } });
    expect((await world.tell(events)).status).toBe(200);
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('LEIDO');
  });
});

test('neither records nor the log hold a secret that a gateway tells, and the log no phone', async () => {
  const [id] = await world.deliveries([{ wamid: 'wamid.A' }]);
  const details = `phone +5491155551111 with ${newSecret}\nagain`;
  await world.notify({
    contacts: [{ wa_id: '5491155551111' }],
    statuses: [
      {
        id: 'wamid.A',
        status: 'failed',
        recipient_id: '5491155551111',
        errors: [{ code: 1, error_data: { details } }],
      },
    ],
  });
  expect((await world.delivery(id ?? 0)).msg_Error).toMatch(/: 1: phone \+5491155551111 with ••• again$/);
  expect(world.log.events).toMatchObject([
    { event: 'delivery.undelivered', fields: { deliveryId: id, alert: '000001', person: 'P0' } },
    { event: 'callbacks.received', fields: { source: 'whatsapp', events: 1, known: 1, raised: 1 } },
  ]);
  expect(JSON.stringify(world.log.events)).not.toMatch(/5491155551111|whsec/);
});

test('what waited for its delivery is not forgotten while no scan looks for hours', async () => {
  const [id] = await world.deliveries([{ state: 'PENDIENTE' }]);
  await world.notify({ statuses: [{ id: 'wamid.L', status: 'delivered' }] });
  await sql`UPDATE CT_Alertas_Mensajes SET msg_Estado = 'ENVIADO', msg_Wamid = 'wamid.L' WHERE msg_id = ${id}`.execute(
    world.db,
  );
  await world.clock.moveBy({ hours: 3 });
  expect(await world.raiseEarlyNews()).toBe(1);
  expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENTREGADO');
});

test('what waited for an hour was somebody else’s', async () => {
  await world.notify({ statuses: [{ id: 'wamid.N', status: 'delivered' }] });
  await world.clock.moveBy({ hours: 1, seconds: 1 });
  await world.raiseEarlyNews();
  expect(await world.db.selectFrom('CT_Alertas_Novedades').selectAll().execute()).toEqual([]);
});

test('of what is refused within a minute one line is written', async () => {
  const receive = world.over({});
  for (let call = 0; call < 5; call++) await world.send({ body: '{}' }, receive);
  await world.clock.moveBy({ minutes: 1 });
  await world.send({ body: '{}' }, receive);
  expect(world.log.events).toMatchObject([
    { event: 'callbacks.refused', fields: { code: 'callback_unsigned', refused: 1 } },
    { event: 'callbacks.refused', fields: { refused: 5 } },
  ]);
});
