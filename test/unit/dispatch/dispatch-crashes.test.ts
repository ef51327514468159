import { describe, expect, test } from 'vitest';
import type { DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import { daily } from '../../support/alert-rows.ts';
import { aDispatch, answered, closedAs } from './dispatch-world.ts';

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

describe('an unexpected fault is thrown, so that the host tries again', () => {
  const bug = new TypeError('a bug');
  const query = { code: 'Q1', sql: 'SELECT 1', parameters: null, omitIfEmpty: false, timeoutSeconds: null };
  const away = { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' } as const;
  const { alert } = aDispatch().store.configuration;
  const edited = alert && { ...alert, row: daily('13:30:00') };
  const retrying: Partial<DispatchPorts> = { deliverWebhook: async () => answered(503) };

  const places: [keyof DispatchPorts, Parameters<typeof aDispatch>[0], unknown][] = [
    ['openExecution', {}, undefined],
    ['lookupRecipients', {}, undefined],
    ['runQuery', { configuration: { query } }, undefined],
    ['chooseContact', {}, undefined],
    ['renderMessage', {}, undefined],
    ['composeBody', {}, undefined],
    ['storeDeliveries', {}, undefined],
    ['takeDeliveries', {}, undefined],
    ['deliverWebhook', {}, undefined],
    ['recordOutcomes', {}, undefined],
    ['endRounds', { ports: retrying }, undefined],
    ['sendDispatch', { ports: retrying }, undefined],
    ['closeExecution', { configuration: { webhook: null } }, undefined],
    ['storeWait', { ports: { lookupRecipients: async () => away } }, undefined],
    ['moveExecution', { configuration: { alert: edited } }, undefined],
    ['storeFaults', {}, 'no es nuestro'],
  ];

  test.each(places)('from %s', async (port, given, message) => {
    const world = aDispatch(given);
    Object.assign(world.ports, { [port]: () => Promise.reject(bug) });
    const thrown = await world.dispatch(message).then(
      (report) => report,
      (fault: unknown) => fault,
    );
    expect([thrown, thrown instanceof Error && thrown.cause]).toContain(bug);
  });
});
