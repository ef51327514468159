import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  callbacksWorld,
  metaSignature,
  newSecret,
  notification,
  oldSecret,
  ownCall,
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

const sentAt = '2026-03-02T15:48:58Z';
const webhookId = '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e';

describe('our own shape', () => {
  test('a gateway names a message by webhook-id, delivery id or wamid', async () => {
    const [first, second, third] = await world.deliveries([{ webhookId }, {}, { wamid: 'wamid.3' }]);
    const answer = await world.tell([
      { webhookId: webhookId.toUpperCase(), event: 'delivered', at: sentAt },
      { deliveryId: second, event: 'read' },
      { wamid: 'wamid.3', event: 'failed', reason: 'número dado de baja' },
    ]);
    expect(answer).toEqual({
      status: 200,
      body: { events: 3, known: 3, raised: 3, waiting: 0, ignored: 0 },
    });
    expect((await world.delivery(first ?? 0)).msg_Estado).toBe('ENTREGADO');
    expect((await world.delivery(second ?? 0)).msg_Estado).toBe('LEIDO');
    expect(await world.delivery(third ?? 0)).toMatchObject({
      msg_Estado: 'FALLIDO',
      msg_Error:
        'entrega_fallida: El servicio de mensajería no pudo entregar el mensaje: número dado de baja',
    });
  });

  test('an answer is stored in the wall time of the tenant, the earliest one', async () => {
    const [here, there] = await world.deliveries([{}, { alert: '000002' }]);
    await world.tell([
      { deliveryId: here, event: 'answered', at: '2026-03-02T12:45:00-03:00' },
      { deliveryId: here, event: 'answered', at: '2026-03-02T12:40:00-03:00' },
      { deliveryId: there, event: 'answered', at: '2026-03-02T12:45:00-03:00' },
    ]);
    expect(await world.delivery(here ?? 0)).toMatchObject({
      msg_Estado: 'RESPONDIDO',
      msg_FechaRespuesta: new Date('2026-03-02T12:40:00Z'),
    });
    expect((await world.delivery(there ?? 0)).msg_FechaRespuesta).toEqual(new Date('2026-03-02T15:45:00Z'));
  });

  test('a time that has not come yet counts as now', async () => {
    const [id] = await world.deliveries([{}]);
    await world.tell([{ deliveryId: id, event: 'answered', at: '2026-03-02T16:30:00Z' }]);
    expect((await world.delivery(id ?? 0)).msg_FechaRespuesta).toEqual(new Date('2026-03-02T12:49:00Z'));
  });

  test('a wamid beside our own id is kept, once', async () => {
    const [id] = await world.deliveries([{ webhookId, state: 'PENDIENTE' }]);
    await world.tell([{ webhookId, wamid: 'wamid.1', event: 'sent' }]);
    await world.tell([{ webhookId, wamid: 'wamid.2', event: 'sent' }]);
    expect(await world.delivery(id ?? 0)).toMatchObject({ msg_Estado: 'ENVIADO', msg_Wamid: 'wamid.1' });
  });

  test('one that was accepted stands for a message, even if it is to be sent again once more', async () => {
    const [accepted, pending] = await world.deliveries([
      { webhookId, execution: 1 },
      { webhookId, execution: 2, state: 'PENDIENTE' },
    ]);
    await world.tell([{ webhookId, event: 'delivered' }]);
    expect((await world.delivery(accepted ?? 0)).msg_Estado).toBe('ENTREGADO');
    expect((await world.delivery(pending ?? 0)).msg_Estado).toBe('PENDIENTE');
  });

  test('a message that was sent again is its newest delivery', async () => {
    const [original] = await world.deliveries([{ webhookId, state: 'ERROR' }]);
    const [again] = await world.deliveries([
      { webhookId, state: 'PENDIENTE', execution: 2, repeats: original ?? 0 },
    ]);
    await world.tell([{ webhookId, event: 'delivered' }]);
    await world.tell([{ deliveryId: original, event: 'read' }]);
    expect((await world.delivery(again ?? 0)).msg_Estado).toBe('LEIDO');
    expect((await world.delivery(original ?? 0)).msg_Estado).toBe('ERROR');
  });

  test.each([
    ['without a name', { event: 'read' }, 'body.events.1 must name the message by'],
    ['of another kind', { deliveryId: 1, event: 'seen' }, 'body.events.1.event must be one of sent'],
    ['with a field of its own', { deliveryId: 1, event: 'read', x: 1 }, 'body.events.1.x is not known here'],
    [
      'at a time without offset',
      { deliveryId: 1, event: 'read', at: '2026-03-02T12:00' },
      'must be a time with',
    ],
    ['of another age', { deliveryId: 1, event: 'read', at: '+020000-01-01T00:00Z' }, 'from 2000 to 2100'],
    ['with an id too large', { deliveryId: 2 ** 31, event: 'read' }, 'must be at most 2147483647'],
    ['with a wamid that no row holds', { wamid: 'ñ', event: 'read' }, 'must be a WhatsApp id'],
  ])('an event %s is refused by name, and nothing of its call is stored', async (_, event, says) => {
    const [id] = await world.deliveries([{}]);
    const answer = await world.tell([{ deliveryId: id, event: 'read' }, event]);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: expect.stringContaining(says) },
    });
    expect((await world.delivery(id ?? 0)).msg_Estado).toBe('ENVIADO');
  });

  test.each([
    ['1', 'body.events must be a list of events'],
    ['[]', 'body.events must hold at least one event'],
    [`[${Array(1001).fill('{}').join()}]`, 'must hold at most 1000 events'],
  ])('what is no list of events is refused', async (events, says) => {
    const call = ownCall(`{"events":${events}}`, newSecret, world.clock.now().epochMilliseconds);
    expect(await world.send(call)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(says) },
    });
  });

  test('what is no object is refused', async () => {
    const call = ownCall('[]', newSecret, world.clock.now().epochMilliseconds);
    expect(await world.send(call)).toMatchObject({ body: { detail: 'body must be a JSON object.' } });
  });

  test('what is no JSON is refused', async () => {
    const answer = await world.send(ownCall('{', newSecret, world.clock.now().epochMilliseconds));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: 'body must be JSON.' },
    });
  });
});

describe('the signature', () => {
  const events = JSON.stringify({ events: [{ deliveryId: 1, event: 'read' }] });
  const status = JSON.stringify(notification({ statuses: [{ id: 'wamid.1', status: 'read' }] }));
  const nowMs = Date.parse('2026-03-02T15:49:00Z');
  const signed = ownCall(events, newSecret, nowMs);

  test.each([
    ['none', { body: events }],
    ['another secret', ownCall(events, 'un-secreto-que-nadie-conoce', nowMs)],
    ['another body', { ...signed, body: events.replace('read', 'sent') }],
    ['another id', { ...signed, headers: { ...signed.headers, 'webhook-id': 'x' } }],
    [
      'another time',
      { ...signed, headers: { ...signed.headers, 'webhook-timestamp': String(nowMs / 1000 + 1) } },
    ],
    ['too long ago', ownCall(events, newSecret, nowMs - 301_000)],
    ['too far ahead', ownCall(events, newSecret, nowMs + 301_000)],
    ['a time that is none', { ...signed, headers: { ...signed.headers, 'webhook-timestamp': 'ayer' } }],
    [
      'WhatsApp’s with another secret',
      { body: status, headers: { 'x-hub-signature-256': metaSignature(status, 'otra') } },
    ],
    [
      'WhatsApp’s of another body',
      { body: `${status} `, headers: { 'x-hub-signature-256': metaSignature(status) } },
    ],
    ['WhatsApp’s older one', { body: status, headers: { 'x-hub-signature': 'sha1=00' } }],
    ['WhatsApp’s without content', { body: status, headers: { 'x-hub-signature-256': 'sha256=' } }],
  ])('%s is refused', async (_, call) => {
    expect(await world.send(call)).toMatchObject({ status: 401, body: { code: 'callback_unsigned' } });
  });

  test('any of the secrets will do, at any time within five minutes', async () => {
    for (const call of [
      ownCall(events, oldSecret, nowMs),
      ownCall(events, newSecret, nowMs - 299_000),
      ownCall(events, newSecret, nowMs + 299_000),
      {
        ...signed,
        headers: {
          ...signed.headers,
          'webhook-signature': `v1a,xx v1,AAAA ${signed.headers['webhook-signature']}`,
        },
      },
    ])
      expect((await world.send(call)).status).toBe(200);
  });

  test('where no secret is set, nothing is believed', async () => {
    const off = world.over({ secrets: [], whatsapp: { appSecrets: [], verifyToken: null } });
    const ours = await world.send(signed, off);
    expect(ours).toMatchObject({
      status: 503,
      body: { code: 'callbacks_off', detail: expect.stringContaining('CALLBACK_SECRET') },
    });
    const theirs = await world.send(
      { body: status, headers: { 'x-hub-signature-256': metaSignature(status, '') } },
      off,
    );
    expect(theirs).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('WHATSAPP_APP_SECRET') },
    });
    const asked = await world.send(
      { method: 'GET', query: '?hub.mode=subscribe&hub.verify_token=&hub.challenge=1' },
      off,
    );
    expect(asked).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('WHATSAPP_VERIFY_TOKEN') },
    });
  });

  test('a body that was sent in chunks, and so did not arrive, is told of', async () => {
    const answer = await world.send({ headers: signed.headers });
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringMatching(/Content-Length/) } });
  });

  test('more than 4 MiB are not read', async () => {
    const body = ' '.repeat(4 * 1024 * 1024 + 1);
    expect(await world.send({ body })).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });
});
