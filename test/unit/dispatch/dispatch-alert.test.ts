import { describe, expect, test } from 'vitest';
import { clockAt } from '../../support/moved-clock.ts';
import { daily } from '../../support/alert-rows.ts';
import { aDispatch, answered, closedAs, instant, person, secondsAfter } from './dispatch-world.ts';

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

test('an execution asked for by hand does not follow the schedule', async () => {
  const alert = aDispatch().store.configuration.alert ?? expect.unreachable();
  const world = aDispatch({
    configuration: { origin: 'MANUAL', alert: { ...alert, row: daily('13:30:00') } },
  });
  expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
});

test('an alert edited to another time of the day moves its execution there', async () => {
  const alert = aDispatch().store.configuration.alert ?? expect.unreachable();
  const world = aDispatch({ configuration: { alert: { ...alert, row: daily('13:30:00') } } });
  await world.dispatch();
  expect(world.store.execution).toMatchObject({ state: 'PENDIENTE', owner: null });
  expect(world.store.execution.instant.toString()).toBe('2026-03-02T16:30:00Z');
  expect(world.messages).toEqual(['1 at 2026-03-02T16:29:55Z']);
});
