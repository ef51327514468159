import { describe, expect, test } from 'vitest';
import type { DispatchPorts } from '../../../../src/dispatch/dispatch-alert.ts';
import { daily } from '../../../support/alert-rows.ts';
import { aDispatch, answered, closedAs, secondsAfter, type Configuration } from '../dispatch-world.ts';

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

test('a tenant whose look-up fails is among those in trouble', async () => {
  const away = { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' } as const;
  const world = aDispatch({ ports: { lookupRecipients: async () => away } });
  await world.dispatch();
  const entered = Array.from({ length: 300 }, () => world.ports.seats.enter('0001'));
  expect(entered.filter((leave) => leave !== null)).toHaveLength(64);
});
