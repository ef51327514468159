import { describe, expect, test } from 'vitest';
import { aDispatch, closedAs, person, secondsAfter, type Configuration } from '../dispatch-world.ts';

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

/** So long that 500 of them fill a set. */
function withLongTexts(world: ReturnType<typeof aDispatch>): typeof world {
  const { renderMessage } = world.ports;
  world.ports.renderMessage = async (...given) => {
    const message = await renderMessage(...given);
    return message.kind === 'rendered' ? { ...message, text: message.text.padEnd(8_010) } : message;
  };
  return world;
}

describe('a preparation that is carried on', () => {
  const many = Array.from({ length: 501 }, (_, index) => person(String(1000 + index)));

  test.each([
    ['uses the rows that the first one kept', 'Ana', 1],
    ['asks for the rows again where the first one could not keep all', 'x'.repeat(70_000), 2],
  ])('%s, and knows who has a delivery', async (_, cliente, asked) => {
    let queries = 0;
    const query = { code: 'Q1', sql: 'SELECT 1', parameters: null, omitIfEmpty: false, timeoutSeconds: null };
    const twin = { ...many[0], code: '2000' } as (typeof many)[number];
    const world = withLongTexts(aDispatch({ configuration: { query } }));
    const { storeDeliveries } = world.ports;
    world.ports.lookupRecipients = async () => ({ kind: 'answer', value: [...many, twin] });
    world.ports.runQuery = async () => {
      queries++;
      return {
        kind: 'answer',
        value: { columns: [{ name: 'cliente' }], rows: [{ cliente }], truncated: false },
      };
    };
    let sets = 0;
    world.ports.storeDeliveries = async (set) => {
      if (++sets === 2) throw new Error('the process died');
      return await storeDeliveries(set);
    };
    await expect(world.dispatch()).rejects.toThrow('the process died');
    await world.dispatch();
    expect(queries).toBe(asked);
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

describe('a preparation that was edited before it is carried on is made anew', () => {
  const many = Array.from({ length: 501 }, (_, index) => person(String(1000 + index)));
  const query = { code: 'Q1', sql: 'SELECT 1', parameters: null, omitIfEmpty: false, timeoutSeconds: null };
  const edits: [string, (configuration: Configuration) => void][] = [
    [
      'another template',
      (given) => (given.template = { ...(given.template ?? expect.unreachable()), body: 'Chau' }),
    ],
    [
      'another channel',
      (given) => (given.alert = { ...(given.alert ?? expect.unreachable()), channel: '0003' }),
    ],
    [
      'another type',
      (given) => (given.alert = { ...(given.alert ?? expect.unreachable()), typeName: 'Recibos' }),
    ],
    ['another query', (given) => (given.query = { ...query, sql: 'SELECT 2' })],
    [
      'another person',
      (given) => (given.alert = { ...(given.alert ?? expect.unreachable()), profile: 'VEN' }),
    ],
  ];

  test.each(edits)('%s', async (_what, edit) => {
    const world = withLongTexts(
      aDispatch({
        configuration: { query },
        ports: { lookupRecipients: async () => ({ kind: 'answer', value: many }) },
      }),
    );
    const { storeDeliveries, runQuery } = world.ports;
    let [sets, queries] = [0, 0];
    world.ports.runQuery = async (...given) => {
      queries++;
      return await runQuery(...given);
    };
    world.ports.storeDeliveries = async (set) => {
      if (++sets === 2) throw new Error('the process died');
      return await storeDeliveries(set);
    };
    await expect(world.dispatch()).rejects.toThrow('the process died');
    const before = new Set(world.store.deliveries.map(({ webhookId }) => webhookId));
    edit(world.store.configuration);
    expect(await world.dispatch()).toMatchObject({ state: 'ENVIADA' });
    expect([queries, world.calls.length, world.store.tally().total]).toEqual([2, 501, 501]);
    expect(world.calls.filter(({ webhookId }) => before.has(webhookId))).toEqual([]);
    const sent = world.calls.map(({ body }) => JSON.parse(body));
    const kinds = sent.map(({ message, channel, data }) => [
      message.text.split(' ')[0],
      channel,
      data.alerta.tipo,
    ]);
    expect(new Set(kinds.map(String)).size).toBe(1);
  });
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

test('a body that cannot be written fails the execution before anything is posted', async () => {
  const world = aDispatch({ ports: { composeBody: async () => ({ kind: 'invalid', detail: 'falta }}' }) } });
  await world.dispatch();
  expect(closedAs(world)).toEqual(['ERROR', 'plantilla_invalida']);
  expect(world.calls).toHaveLength(0);
});

test('the rest of the process works while texts are written', async () => {
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

test('long texts are stored in several sets', async () => {
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

test('2,000 recipients are stored in one set', async () => {
  const persons = Array.from({ length: 2_000 }, (_, index) => person(`P${index}`, `+5491155${index}`));
  const world = aDispatch({ ports: { lookupRecipients: async () => ({ kind: 'answer', value: persons }) } });
  const { storeDeliveries } = world.ports;
  const sets: number[] = [];
  world.ports.storeDeliveries = async (set) => {
    sets.push(set.deliveries.length);
    return await storeDeliveries(set);
  };
  await world.dispatch();
  expect(sets).toEqual([2_000]);
});
