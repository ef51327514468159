import { describe, expect, test } from 'vitest';
import type { DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { daily } from '../../support/alert-rows.ts';
import { aDispatch, answered, instant, person, secondsAfter, type Configuration } from './dispatch-world.ts';

const closedAs = (world: ReturnType<typeof aDispatch>) => {
  const { state, closing } = world.store.execution;
  return [state, closing?.reason ?? null];
};

describe('a dispatch', () => {
  test('posts one webhook per recipient and ends as sent', async () => {
    const world = aDispatch();
    const report = await world.dispatch();
    expect(report).toEqual({ kind: 'closed', executionId: 1, state: 'ENVIADA', reason: null });
    expect(world.calls.map(({ body }) => JSON.parse(body).message.text)).toEqual([
      'Hola Persona 01',
      'Hola Persona 02',
      'Hola Persona 03',
    ]);
    expect(world.events.map(({ event }) => event)).toEqual([
      'delivery.accepted',
      'delivery.accepted',
      'delivery.accepted',
      'execution.finished',
    ]);
  });

  test('prepares ahead and delivers exactly at its instant', async () => {
    const early = clockAt(secondsAfter(-5));
    const world = aDispatch({ ports: { clock: early } });
    const running = world.dispatch();
    await expect.poll(() => [world.store.execution.prepared, early.waiting]).toEqual([true, 1]);
    expect(world.calls).toHaveLength(0);
    await early.moveTo(instant);
    await running;
    expect(world.calls).toHaveLength(3);
  });

  test('of the same message that comes twice sends once', async () => {
    const world = aDispatch();
    const reports = await Promise.all([world.dispatch(), world.dispatch()]);
    expect(world.calls).toHaveLength(3);
    expect(reports[1]).toEqual({ kind: 'ignored', executionId: 1, because: 'held' });
    expect(await world.dispatch()).toEqual({ kind: 'ignored', executionId: 1, because: 'finished' });
  });

  test('that comes long before its time asks to come again', async () => {
    const world = aDispatch({ ports: { clock: clockAt(secondsAfter(-600)) } });
    await world.dispatch();
    expect(world.store.execution.state).toBe('PENDIENTE');
    expect(world.messages).toEqual([`1 at ${secondsAfter(-5)}`]);
  });

  test('reports a message that is not ours and deletes it', async () => {
    const world = aDispatch();
    expect(await world.dispatch({ order: 7 })).toEqual({ kind: 'foreign' });
    expect(world.faults).toMatchObject([{ reason: 'mensaje_ajeno', body: '{"order":7}' }]);
  });

  test('lets the rest of the process work while its texts are written', async () => {
    let othersWorked = false;
    const world = aDispatch();
    const { renderMessage } = world.ports;
    const workedAt: boolean[] = [];
    world.ports.renderMessage = async (...given) => {
      setImmediate(() => (othersWorked = true));
      workedAt.push(othersWorked);
      return await renderMessage(...given);
    };
    await world.dispatch();
    expect(workedAt).toEqual([false, true, true]);
  });

  test('stores long texts in several sets', async () => {
    const text = 'x'.repeat(2_500_000);
    const world = aDispatch({
      ports: { renderMessage: async () => ({ kind: 'rendered', subject: null, text }) },
    });
    const { storeDeliveries } = world.ports;
    const sets: [number, boolean][] = [];
    world.ports.storeDeliveries = async (set) => {
      sets.push([set.deliveries.length, set.last]);
      return await storeDeliveries(set);
    };
    await world.dispatch();
    expect(sets).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(world.calls).toHaveLength(3);
  });

  test('that is not ours is reported once, although the mailer cannot be woken', async () => {
    const world = aDispatch({ ports: { nudgeReports: () => Promise.reject(new Error('queue away')) } });
    await world.dispatch('hola');
    expect(world.faults).toHaveLength(1);
  });

  test('of an execution that does not exist is ignored', async () => {
    expect(await aDispatch().dispatch({ executionId: 99 })).toMatchObject({ because: 'unknown' });
  });
});

describe('of several recipients', () => {
  test('one without a contact makes the execution partial, and somebody hears of it', async () => {
    const persons = [person('01'), person('02', null)];
    const world = aDispatch({
      ports: { lookupRecipients: async () => ({ kind: 'answer', value: persons }) },
    });
    await world.dispatch();
    expect(world.calls).toHaveLength(1);
    expect(world.store.deliveries.map(({ stateNow }) => stateNow)).toEqual(['ENVIADO', 'SIN_CONTACTO']);
    expect(closedAs(world)).toEqual(['PARCIAL', 'sin_contacto']);
    expect(world.faults).toMatchObject([
      { reason: 'sin_contacto', executionId: 1, alert: '000001', tenant: '0001' },
    ]);
  });

  test('two with the same number and text get one delivery', async () => {
    const twins = [person('01', '+541'), { ...person('02', '+541'), name: 'Persona 01' }];
    const world = aDispatch({ ports: { lookupRecipients: async () => ({ kind: 'answer', value: twins }) } });
    await world.dispatch();
    expect(world.calls).toHaveLength(1);
    expect(world.store.deliveries.map(({ stateNow }) => stateNow)).toEqual(['ENVIADO', 'DUPLICADO']);
    expect(closedAs(world)).toEqual(['ENVIADA', null]);
  });

  test('a refused one does not keep the others from getting theirs', async () => {
    const world = aDispatch();
    world.ports.deliverWebhook = async ({ body }) => answered(body.includes('Persona 02') ? 410 : 200);
    await world.dispatch();
    expect(world.store.deliveries.map(({ stateNow }) => stateNow)).toEqual([
      'ENVIADO',
      'RECHAZADO',
      'ENVIADO',
    ]);
    expect(closedAs(world)).toEqual(['PARCIAL', 'entregas_fallidas']);
  });

  test('when nobody has a contact the execution fails', async () => {
    const world = aDispatch({
      ports: { lookupRecipients: async () => ({ kind: 'answer', value: [person('01', null)] }) },
    });
    await world.dispatch();
    expect(closedAs(world)).toEqual(['ERROR', 'sin_contactos_utiles']);
  });
});

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
    world.ports.seats.noteTimeout('gateway.test');
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

describe('a dispatch that breaks off', () => {
  const crash = new Error('the process died');

  /** Throws once, before or after the port has done its work. */
  function breaking(
    world: ReturnType<typeof aDispatch>,
    name: keyof DispatchPorts,
    when: 'before' | 'after',
  ) {
    const port = world.ports[name] as (...given: unknown[]) => Promise<unknown>;
    let broken = false;
    const breakingPort = async (...given: unknown[]) => {
      if (broken) return await port(...given);
      broken = true;
      if (when === 'after') await port(...given);
      throw crash;
    };
    Object.assign(world.ports, { [name]: breakingPort });
  }

  const steps = [
    ['lookupRecipients', 'before'],
    ['storeDeliveries', 'before'],
    ['storeDeliveries', 'after'],
    ['takeDeliveries', 'before'],
    ['takeDeliveries', 'after'],
    ['recordOutcomes', 'after'],
  ] as const;

  test.each(steps)(
    'at %s (%s) is carried on by the next message, and nobody gets it twice',
    async (name, when) => {
      const world = aDispatch();
      breaking(world, name, when);
      await expect(world.dispatch()).rejects.toThrow();
      await world.clock.moveBy({ minutes: 3 });
      await world.dispatch();
      expect(world.store.execution.state).toBe('ENVIADA');
      expect(world.calls).toHaveLength(3);
    },
  );

  test('between the answers and their record repeats them with the same ids and bytes', async () => {
    const world = aDispatch();
    breaking(world, 'recordOutcomes', 'before');
    await expect(world.dispatch()).rejects.toThrow();
    await world.clock.moveBy({ minutes: 3 });
    await world.dispatch();
    expect(world.store.execution.state).toBe('ENVIADA');
    const [first, second] = [world.calls.slice(0, 3), world.calls.slice(3)];
    expect(second).toEqual(first);
  });

  test('at one delivery records the others, and the next message delivers that one alone', async () => {
    const world = aDispatch();
    breaking(world, 'deliverWebhook', 'before');
    await expect(world.dispatch()).rejects.toThrow(crash);
    expect(world.store.tally()).toMatchObject({ accepted: 2, open: 1 });
    await world.clock.moveBy({ minutes: 3 });
    await world.dispatch();
    expect([world.store.execution.state, world.calls.length]).toEqual(['ENVIADA', 3]);
  });

  test('between the last outcome and the end closes with what was delivered, whatever became of its webhook', async () => {
    const world = aDispatch();
    world.ports.deliverWebhook = async ({ body }) => answered(body.includes('Persona 02') ? 410 : 200);
    breaking(world, 'closeExecution', 'before');
    await expect(world.dispatch()).rejects.toThrow(crash);
    world.store.configuration.webhook = null;
    await world.dispatch();
    expect(closedAs(world)).toEqual(['PARCIAL', 'entregas_fallidas']);
  });

  test('without a word keeps its lease for as long as it lasts', async () => {
    const world = aDispatch();
    breaking(world, 'storeDeliveries', 'before');
    breaking(world, 'releaseLease', 'before');
    await expect(world.dispatch()).rejects.toThrow(crash);
    await world.clock.moveBy({ seconds: 59 });
    expect(await world.dispatch()).toMatchObject({ because: 'held' });
    await world.clock.moveBy({ seconds: 1 });
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  });

  test('is counted, although a message in between finds nothing to do', async () => {
    const world = aDispatch();
    breaking(world, 'recordOutcomes', 'before');
    await expect(world.dispatch()).rejects.toThrow();
    expect(await world.dispatch()).toMatchObject({ kind: 'idle' });
    expect(world.store.execution.rounds).toBe(1);
  });

  test('every time is given up at the eleventh opening', async () => {
    const world = aDispatch({ ports: { lookupRecipients: () => Promise.reject(crash) } });
    for (let opening = 1; opening <= 10; opening++) await expect(world.dispatch()).rejects.toThrow(crash);
    await world.dispatch();
    expect(closedAs(world)).toEqual(['ERROR', 'no_termina']);
  });
});

describe('a tenant that is away', () => {
  const away = { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' } as const;

  test('makes the execution wait, with a message for the time after', async () => {
    const world = aDispatch({ ports: { lookupRecipients: async () => away } });
    await world.dispatch();
    expect(world.store.execution).toMatchObject({ state: 'EN_PROCESO', owner: null, rounds: 0 });
    expect(world.messages).toEqual([`1 at ${secondsAfter(31)}`]);
    await world.clock.moveBy({ seconds: 29 });
    expect(await world.dispatch()).toMatchObject({ because: 'held' });
  });

  test('fails the execution with its reason when the catch-up limit is near', async () => {
    const world = aDispatch({ ports: { lookupRecipients: async () => away } });
    await world.clock.moveTo(secondsAfter(30 * 60 - 5));
    await world.dispatch();
    expect(closedAs(world)).toEqual(['ERROR', 'empresa_no_disponible']);
  });

  test('has sixteen dispatches waiting for it at most', async () => {
    const world = aDispatch();
    for (let each = 0; each < 16; each++) world.ports.seats.enterDatabase('0001');
    await world.dispatch();
    expect(world.messages).toEqual([`1 at ${secondsAfter(3)}`]);
  });

  test('that refuses the login fails the execution at once', async () => {
    const refused = { kind: 'final', reason: 'empresa_login', detail: 'Login rechazado.' } as const;
    const world = aDispatch({ ports: { lookupRecipients: async () => refused } });
    await world.dispatch();
    expect(closedAs(world)).toEqual(['ERROR', 'empresa_login']);
    expect(world.faults).toMatchObject([{ reason: 'empresa_login', detail: 'Login rechazado.' }]);
  });
});

describe('an execution ends without delivering', () => {
  const query = { code: 'Q1', sql: 'SELECT 1', parameters: null, omitIfEmpty: true, timeoutSeconds: null };
  const noRows = { columns: [], rows: [], truncated: false };
  const { configuration } = aDispatch().store;
  const alert = configuration.alert ?? expect.unreachable();
  const tenant = configuration.tenant ?? expect.unreachable();
  const webhook = configuration.webhook ?? expect.unreachable();

  const cases: [string, Partial<Configuration>, Partial<DispatchPorts>, string, string][] = [
    ['its alert was deleted', { alert: null }, {}, 'CANCELADA', 'alerta_desactivada'],
    [
      'its alert was deactivated',
      { alert: { ...alert, row: daily('12:49:00', { active: false }) } },
      {},
      'CANCELADA',
      'alerta_desactivada',
    ],
    ['its tenant is inactive', { tenant: { ...tenant, active: false } }, {}, 'OMITIDA', 'empresa_inactiva'],
    ['there is a pause', { paused: true }, {}, 'OMITIDA', 'pausa'],
    ['there is no webhook', { webhook: null }, {}, 'ERROR', 'sin_webhook'],
    [
      'its webhook has no address',
      { webhook: { ...webhook, url: 'gateway' } },
      {},
      'ERROR',
      'configuracion_invalida',
    ],
    ['there is no template', { template: null }, {}, 'ERROR', 'sin_plantilla'],
    [
      'its channel is unknown',
      { alert: { ...alert, channel: '0009' } },
      {},
      'ERROR',
      'configuracion_invalida',
    ],
    [
      'its profile is empty',
      {},
      { lookupRecipients: async () => ({ kind: 'answer', value: [] }) },
      'OMITIDA',
      'sin_destinatarios',
    ],
    [
      'it has too many recipients',
      { alert: { ...alert, maxRecipients: 2 } },
      {},
      'ERROR',
      'demasiados_destinatarios',
    ],
    [
      'it may have no recipients at all',
      { alert: { ...alert, maxRecipients: 0 } },
      {},
      'ERROR',
      'configuracion_invalida',
    ],
    [
      'its tenant is in no country',
      {},
      { chooseContact: async () => ({ kind: 'misconfigured', detail: 'emp_Pais «XX» no es un país.' }) },
      'ERROR',
      'configuracion_invalida',
    ],
    ...[0, 121].map((timeoutSeconds): (typeof cases)[number] => [
      `its query may take ${timeoutSeconds} s`,
      { query: { ...query, timeoutSeconds } },
      {},
      'ERROR',
      'configuracion_invalida',
    ]),
    [
      'its query gives no rows and it is to be skipped then',
      { query },
      { runQuery: async () => ({ kind: 'answer', value: noRows }) },
      'OMITIDA',
      'sin_filas',
    ],
    [
      'its query gives no rows for any of its persons',
      { query: { ...query, sql: 'SELECT 1 WHERE @persona = 1' } },
      { runQuery: async () => ({ kind: 'answer', value: noRows }) },
      'OMITIDA',
      'sin_filas',
    ],
    [
      'its template cannot be rendered',
      {},
      { renderMessage: async () => ({ kind: 'invalid', detail: '{{ saldo }} no existe' }) },
      'ERROR',
      'plantilla_invalida',
    ],
  ];

  test.each(cases)('when %s', async (_when, changes, ports, state, reason) => {
    const world = aDispatch({ configuration: changes, ports });
    await world.dispatch();
    expect(closedAs(world)).toEqual([state, reason]);
    expect(world.calls).toHaveLength(0);
    expect(world.faults.map((fault) => fault.reason)).toEqual(state === 'ERROR' ? [reason] : []);
    expect(world.store.execution.closing?.freesKey).toBe(state === 'CANCELADA');
  });

  test('when it is opened after its catch-up limit', async () => {
    const world = aDispatch();
    await world.clock.moveTo(secondsAfter(30 * 60 + 1));
    await world.dispatch();
    expect(closedAs(world)).toEqual(['PERDIDA', 'abierta_tarde']);
    expect(world.faults).toHaveLength(1);
  });

  test('but not for lateness once its deliveries have begun', async () => {
    const world = aDispatch({ ports: { deliverWebhook: async () => answered(503) } });
    await world.dispatch();
    await world.clock.moveBy({ hours: 2 });
    world.ports.deliverWebhook = async () => answered(200);
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
  });
});

test('an execution asked for by hand does not follow the schedule', async () => {
  const alert = aDispatch().store.configuration.alert ?? expect.unreachable();
  const world = aDispatch({
    configuration: { origin: 'MANUAL', alert: { ...alert, row: daily('13:30:00') } },
  });
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
});

test('a body that cannot be written fails the execution before anything is posted', async () => {
  const world = aDispatch({ ports: { composeBody: async () => ({ kind: 'invalid', detail: 'falta }}' }) } });
  await world.dispatch();
  expect(closedAs(world)).toEqual(['ERROR', 'plantilla_invalida']);
  expect(world.calls).toHaveLength(0);
});

test('a tenant whose look-up fails is among those in trouble', async () => {
  const away = { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' } as const;
  const world = aDispatch({ ports: { lookupRecipients: async () => away } });
  await world.dispatch();
  const entered = Array.from({ length: 300 }, () => world.ports.seats.enter('0001'));
  expect(entered.filter((leave) => leave !== null)).toHaveLength(64);
});

test('a preparation whose lease was taken by another stops without a word', async () => {
  const world = aDispatch({
    ports: {
      lookupRecipients: (_tenant, _target, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    },
  });
  const running = world.dispatch();
  await expect.poll(() => world.clock.waiting).toBe(1);
  world.store.execution.owner = 'another';
  await world.clock.moveTo(secondsAfter(20));
  expect(await running).toEqual({ kind: 'ignored', executionId: 1, because: 'lost' });
  expect(world.store.execution).toMatchObject({ state: 'EN_PROCESO', owner: 'another' });
});

describe('a preparation that is carried on', () => {
  const many = Array.from({ length: 501 }, (_, index) => person(String(1000 + index)));

  test('uses the rows that the first one kept, and knows who has a delivery', async () => {
    let queries = 0;
    const query = { code: 'Q1', sql: 'SELECT 1', parameters: null, omitIfEmpty: false, timeoutSeconds: null };
    const twin = { ...many[0], code: '2000' } as (typeof many)[number];
    const world = aDispatch({ configuration: { query } });
    const { runQuery, storeDeliveries } = world.ports;
    world.ports.lookupRecipients = async () => ({ kind: 'answer', value: [...many, twin] });
    world.ports.runQuery = async (...given) => {
      queries++;
      return await runQuery(...given);
    };
    let sets = 0;
    world.ports.storeDeliveries = async (set) => {
      if (++sets === 2) throw new Error('the process died');
      return await storeDeliveries(set);
    };
    await expect(world.dispatch()).rejects.toThrow('the process died');
    await world.dispatch();
    expect(queries).toBe(1);
    expect(world.store.tally()).toMatchObject({ total: 502, accepted: 501, duplicated: 1 });
    expect(world.calls).toHaveLength(501);
  });

  test('keeps what was stored before its tenant went away', async () => {
    const query = {
      code: 'Q1',
      sql: 'SELECT @persona',
      parameters: null,
      omitIfEmpty: false,
      timeoutSeconds: null,
    };
    const asked: (string | null)[] = [];
    const world = aDispatch({ configuration: { query } });
    const { runQuery } = world.ports;
    world.ports.runQuery = async (tenant, statement, parameters, signal) => {
      asked.push(parameters.persona);
      if (asked.length === 2)
        return { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' };
      return await runQuery(tenant, statement, parameters, signal);
    };
    await world.dispatch();
    await world.clock.moveBy({ seconds: 31 });
    await world.dispatch();
    expect(asked).toEqual(['01', '02', '02', '03']);
    expect(world.store.execution.state).toBe('ENVIADA');
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

test('an alert edited to another time of the day moves its execution there', async () => {
  const alert = aDispatch().store.configuration.alert ?? expect.unreachable();
  const world = aDispatch({ configuration: { alert: { ...alert, row: daily('13:30:00') } } });
  await world.dispatch();
  expect(world.store.execution).toMatchObject({ state: 'PENDIENTE', owner: null });
  expect(world.store.execution.instant.toString()).toBe('2026-03-02T16:30:00Z');
  expect(world.messages).toEqual(['1 at 2026-03-02T16:29:55Z']);
});

test('a preparation that takes too long is carried on with the persons that have no delivery yet', async () => {
  const query = {
    code: 'Q1',
    sql: 'SELECT 1 WHERE @persona = 1',
    parameters: null,
    omitIfEmpty: false,
    timeoutSeconds: null,
  };
  const asked: (string | null)[] = [];
  const world = aDispatch({ configuration: { query } });
  const { runQuery } = world.ports;
  world.ports.runQuery = async (tenant, statement, parameters, signal) => {
    asked.push(parameters.persona);
    await world.clock.moveBy({ minutes: 2, seconds: 30 });
    return await runQuery(tenant, statement, parameters, signal);
  };
  await world.dispatch();
  expect([world.store.execution.prepared, asked, world.calls.length]).toEqual([false, ['01', '02'], 0]);
  await world.clock.moveBy({ seconds: 1 });
  await world.dispatch();
  expect(asked).toEqual(['01', '02', '03']);
  expect([world.store.execution.state, world.calls.length]).toEqual(['ENVIADA', 3]);
});
