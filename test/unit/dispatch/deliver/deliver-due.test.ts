import { describe, expect, test } from 'vitest';
import { aDispatch, answered, closedAs, person, secondsAfter } from '../dispatch-world.ts';

describe('a delivery that fails', () => {
  test('is tried again with the same id and bytes, and with nobody else', async () => {
    const world = aDispatch();
    const { deliverWebhook } = world.ports;
    let failures = 1;
    world.ports.deliverWebhook = async (call, signal) => {
      const answer = await deliverWebhook(call, signal);
      return call.body.includes('Persona 02') && failures-- > 0 ? answered(500) : answer;
    };
    expect(await world.dispatch()).toMatchObject({ kind: 'open', executionId: 1 });
    expect(world.messages).toEqual([`1 at ${secondsAfter(31)}`]);
    expect(world.store.execution.rounds).toBe(0);
    expect(world.events.find(({ event }) => event === 'delivery.retry')?.fields).toMatchObject({
      person: '02',
      personName: 'Persona 02',
      channel: 'whatsapp',
      reason: 'webhook_fallo',
      inSeconds: 30,
    });
    await world.clock.moveTo(secondsAfter(31));
    expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'ENVIADA' });
    expect(world.calls).toHaveLength(4);
    const [, failed, , repeated] = world.calls;
    expect([repeated?.webhookId, repeated?.body]).toEqual([failed?.webhookId, failed?.body]);
  });

  test('ends as an error after the last attempt', async () => {
    const world = aDispatch({
      ports: {
        deliverWebhook: async () => answered(503),
        lookupRecipients: async () => ({ kind: 'answer', value: [person('01')] }),
      },
    });
    for (let attempt = 1; attempt <= 6; attempt++) {
      await world.dispatch();
      await world.clock.moveBy({ hours: 3 });
    }
    expect(world.store.deliveries).toMatchObject([{ stateNow: 'ERROR', attempts: 6 }]);
    expect(closedAs(world)).toEqual(['ERROR', 'entregas_fallidas']);
  });

  test('is tried once by two messages at once', async () => {
    const world = aDispatch({ ports: { deliverWebhook: async () => answered(503) } });
    await world.dispatch();
    const calls: string[] = [];
    world.ports.deliverWebhook = async ({ webhookId }) => {
      calls.push(webhookId);
      return answered(200);
    };
    await world.clock.moveTo(secondsAfter(31));
    await Promise.all([world.dispatch(), world.dispatch()]);
    expect(calls).toHaveLength(3);
  });

  test('fails for good when its webhook is taken away, and what was accepted stays', async () => {
    const world = aDispatch();
    world.ports.deliverWebhook = async ({ body }) => answered(body.includes('Persona 02') ? 500 : 200);
    await world.dispatch();
    world.store.configuration.webhook = null;
    await world.clock.moveTo(secondsAfter(31));
    await world.dispatch();
    expect(closedAs(world)).toEqual(['PARCIAL', 'sin_webhook']);
  });

  test('is not given up for lateness while the tenant has no place left', async () => {
    const world = aDispatch({ ports: { deliverWebhook: async () => answered(503) } });
    await world.dispatch();
    await world.clock.moveBy({ hours: 2 });
    world.ports.seats.noteTimeout('0001', 'gateway.test');
    for (let each = 0; each < 16; each++) world.ports.seats.enterHost('0001', 'gateway.test');
    await world.dispatch();
    expect(world.messages.at(-1)).toBe(`1 at ${secondsAfter(7200 + 601)}`);
  });

  test('goes on although its tenant is inactive now, in a pause and its alert is deleted', async () => {
    const world = aDispatch({ ports: { deliverWebhook: async () => answered(503) } });
    await world.dispatch();
    const { tenant } = world.store.configuration;
    Object.assign(world.store.configuration, {
      alert: null,
      paused: true,
      tenant: { ...tenant, active: false },
    });
    world.ports.deliverWebhook = async () => answered(200);
    await world.clock.moveTo(secondsAfter(31));
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  });

  test('leaves no place taken, and says how the tenant and its webhook are', async () => {
    const world = aDispatch({
      ports: {
        deliverWebhook: async () => ({
          kind: 'failed',
          reason: 'webhook_tiempo',
          detail: '15 s',
          ms: 15_000,
        }),
      },
    });
    const { seats } = world.ports;
    await world.dispatch();
    const entered = (enter: () => unknown) =>
      Array.from({ length: 300 }, enter).filter((leave) => leave !== null).length;
    expect(entered(() => seats.enterDatabase('0001'))).toBe(16);
    expect(entered(() => seats.enterHost('0001', 'gateway.test'))).toBe(16);
    expect(entered(() => seats.enter('0001'))).toBe(64);
  });

  test('does not let an early message call it before its time', async () => {
    const world = aDispatch({ ports: { deliverWebhook: async () => answered(503) } });
    await world.dispatch();
    const sent = world.messages.length;
    await world.clock.moveBy({ seconds: 10 });
    expect(await world.dispatch()).toEqual({ kind: 'idle', executionId: 1 });
    expect(world.messages).toHaveLength(sent);
  });
});

test('deliveries that the working time does not allow are left to a further message', async () => {
  const many = Array.from({ length: 501 }, (_, index) => person(String(1000 + index)));
  const world = aDispatch({ ports: { lookupRecipients: async () => ({ kind: 'answer', value: many }) } });
  const { deliverWebhook } = world.ports;
  world.ports.deliverWebhook = async (call, signal) => {
    if (world.calls.length === 499) await world.clock.moveTo(secondsAfter(301));
    return await deliverWebhook(call, signal);
  };
  expect(await world.dispatch()).toMatchObject({ kind: 'open' });
  expect(world.messages).toEqual([`1 at ${secondsAfter(302)}`]);
  await world.clock.moveTo(secondsAfter(302));
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  expect(world.calls).toHaveLength(501);
});
