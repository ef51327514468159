import { describe, expect, test } from 'vitest';
import type { ExecutionRequest } from '../../../src/domain/execution-request.ts';
import type { BuiltinParameters } from '../../../src/dispatch/prepare/run-query.ts';
import { daily } from '../../support/alert-rows.ts';
import { aDispatch, answered, closedAs, person, type Configuration } from './dispatch-world.ts';

/** An execution that ana asked for. */
function asked(request: Partial<ExecutionRequest>, changes: Partial<Configuration> = {}) {
  return aDispatch({
    configuration: { origin: 'MANUAL', key: 'R:1', request: { by: 'ana', ...request }, ...changes },
  });
}

const { alert, tenant } = aDispatch().store.configuration;
const inactive = {
  alert: alert && { ...alert, row: daily('12:49:00', { active: false }) },
  tenant: tenant && { ...tenant, active: false },
  paused: true,
};
const destination = '+5491155550009';

describe('an execution for named persons', () => {
  test('is prepared for them alone, and says who of them is no recipient', async () => {
    const world = asked({ persons: ['02', '77'] });
    expect(await world.dispatch()).toMatchObject({ state: 'PARCIAL' });
    expect(world.store.deliveries.map((each) => [each.person, each.stateNow])).toEqual([
      ['77', 'SIN_CONTACTO'],
      ['02', 'ENVIADO'],
    ]);
  });

  test('that is carried on keeps what it has stored of them', async () => {
    const world = asked({ persons: ['02', '77'] });
    const { storeDeliveries } = world.ports;
    world.ports.storeDeliveries = async (set) => {
      await storeDeliveries({ ...set, last: false });
      throw new Error('the process died');
    };
    await expect(world.dispatch()).rejects.toThrow();
    world.ports.storeDeliveries = storeDeliveries;
    await world.dispatch();
    expect(world.store.deliveries.map((each) => each.person)).toEqual(['77', '02']);
  });

  test('ends with a reason when none of them is a recipient', async () => {
    const world = asked({ persons: ['77', '78'] });
    await world.dispatch();
    expect(closedAs(world)).toEqual(['ERROR', 'sin_destinatarios']);
  });

  test('is braked by as many as they are', async () => {
    const few = { alert: alert && { ...alert, maxRecipients: 1 } };
    const both = asked({ persons: ['01', '02'] }, few);
    await both.dispatch();
    expect(closedAs(both)).toEqual(['ERROR', 'demasiados_destinatarios']);
    const one = asked({ persons: ['01'] }, few);
    expect(await one.dispatch()).toMatchObject({ state: 'ENVIADA' });
  });
});

test('a number that is confirmed lets so many pass, and takes nothing from the limit of the alert', async () => {
  const limited = (maxRecipients: number) => ({ alert: alert && { ...alert, maxRecipients } });
  const passed = asked({ confirmRecipients: 3 }, limited(2));
  expect(await passed.dispatch()).toMatchObject({ state: 'ENVIADA' });
  const braked = asked({ confirmRecipients: 2 }, limited(1));
  await braked.dispatch();
  expect(closedAs(braked)).toEqual(['ERROR', 'demasiados_destinatarios']);
  const below = asked({ confirmRecipients: 1 }, limited(3));
  expect(await below.dispatch()).toMatchObject({ state: 'ENVIADA' });
});

test('an execution that sends another again is of the occurrence of that one', async () => {
  const query = { code: 'Q', sql: 'SELECT 1', parameters: null, omitIfEmpty: false, timeoutSeconds: null };
  const world = asked({ occurrence: '2026-02-27T23:30:00-03:00' }, { origin: 'REENVIO', query });
  const seen: BuiltinParameters[] = [];
  const { runQuery } = world.ports;
  world.ports.runQuery = async (given, asking, parameters, signal) => {
    seen.push(parameters);
    return await runQuery(given, asking, parameters, signal);
  };
  await world.dispatch();
  expect(seen).toMatchObject([{ fecha: '2026-02-27', ocurrencia: '2026-02-27T23:30:00' }]);
  expect(world.calls[0]?.body).toContain('"ocurrencia":"2026-02-27T23:30:00-03:00"');
});

test('a request that cannot be read ends the execution before anything is looked up', async () => {
  const world = aDispatch({ configuration: { origin: 'MANUAL', request: 'unreadable' } });
  await world.dispatch();
  expect(closedAs(world)).toEqual(['ERROR', 'configuracion_invalida']);
  expect(world.calls).toEqual([]);
});

test.each([
  ['alert', { alert: inactive.alert }, ['CANCELADA', 'alerta_desactivada']],
  ['company', { tenant: inactive.tenant }, ['OMITIDA', 'empresa_inactiva']],
  ['pause', { paused: true }, ['OMITIDA', 'pausa']],
])('what became of its %s since it was asked for holds a run back', async (_what, changes, end) => {
  const world = asked({}, changes);
  await world.dispatch();
  expect(closedAs(world)).toEqual(end);
});

describe('a trial', () => {
  const trial = (changes: Partial<Configuration> = {}) =>
    asked({ destination }, { origin: 'PRUEBA', ...changes });

  test('is one message to its destination, marked, whatever the brake', async () => {
    const world = trial({ alert: alert && { ...alert, maxRecipients: 1 } });
    world.ports.lookupRecipients = async () => ({
      kind: 'answer',
      value: [person('01', null), person('02')],
    });
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
    expect(world.calls.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { data: { prueba: true, destinatario: { codigo: '01', contacto: destination } } },
    ]);
  });

  test('goes out of an inactive alert of an inactive company during a pause, not of a deleted one', async () => {
    const world = trial(inactive);
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
    const deleted = trial({ alert: null });
    await deleted.dispatch();
    expect(closedAs(deleted)).toEqual(['CANCELADA', 'alerta_desactivada']);
  });

  test('that fails is not reported: whoever asked for it sees it', async () => {
    const world = trial();
    world.ports.deliverWebhook = async () => answered(400);
    expect(await world.dispatch()).toMatchObject({ state: 'ERROR' });
    expect(world.faults).toEqual([]);
    const run = asked({});
    run.ports.deliverWebhook = async () => answered(400);
    await run.dispatch();
    expect(run.faults).toHaveLength(1);
  });
});
