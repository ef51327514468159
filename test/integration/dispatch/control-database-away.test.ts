import type { Temporal } from 'temporal-polyfill';
import { afterAll, expect, test } from 'vitest';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import type { Breaker } from '../../support/breaking-process.ts';
import { sqlFaults } from '../../support/sql-faults.ts';
import { sqlProxy } from '../../support/sql-proxy.ts';
import { untilItEnds } from './message-queue.ts';
import { aSqlWorld, threePersons, type SqlWorld } from './sql-world.ts';

const ways = new Map<string, ReturnType<typeof wayThroughProxy>>();

async function wayThroughProxy(connection: string) {
  const proxy = await sqlProxy(connection);
  const db = openControlDatabase({
    connection: proxy.connection,
    maxConnections: 4,
  });
  return { proxy, db };
}

/** The one way of this file's tests to their control database, which can be cut. */
async function wayTo(connection: string) {
  const way = ways.get(connection) ?? wayThroughProxy(connection);
  ways.set(connection, way);
  return await way;
}

afterAll(async () => {
  for (const way of ways.values()) {
    const { proxy, db } = await way;
    await db.destroy();
    await proxy[Symbol.asyncDispose]();
  }
});

/** One accepts, one accepts the second time, one has no phone; the database is reached through a proxy. */
async function aWorld(): Promise<{ world: SqlWorld; proxy: Awaited<ReturnType<typeof sqlProxy>> }> {
  const proxies: Awaited<ReturnType<typeof sqlProxy>>[] = [];
  const reach = async (connection: string) => {
    const { proxy, db } = await wayTo(connection);
    proxies.push(proxy);
    return db;
  };
  const world = await aSqlWorld([...threePersons.slice(0, 2), { code: '03', phone: null }], { reach });
  let failures = 1;
  world.gateway.answer = ({ body }) => (body.includes('Persona 02') && failures-- > 0 ? 500 : 200);
  const proxy = proxies[0] ?? expect.unreachable();
  proxy.comeBack();
  return { world, proxy };
}

/** What the way to the control database leads to; the answers of webhooks are to be stored there. */
const ofTheDatabase = new Set([
  'openExecution',
  'storeDeliveries',
  'takeDeliveries',
  'deliverWebhook',
  'recordOutcomes',
  'endRounds',
  'closeExecution',
]);

/** The numbers of the steps at which the database is cut off. */
async function stepsOfADispatch(): Promise<number[]> {
  const { world } = await aWorld();
  await using _ = world;
  const breaker: Breaker = { steps: [], at: -1, how: 'throws before' };
  await untilItEnds(world, { breaker });
  return [...breaker.steps.entries()].filter(([, name]) => ofTheDatabase.has(name)).map(([at]) => at);
}

test.each([
  ['10 seconds', { seconds: 10 }, false],
  ['60 seconds', { seconds: 60 }, false],
  ['10 minutes, longer than the function may wait', { minutes: 10 }, true],
] as const)(
  'a control database that is away for %s at any step changes nothing of the end',
  async (_howLong, duration, mayRepeat) => {
    for (const at of await stepsOfADispatch()) {
      const { world, proxy } = await aWorld();
      await using _ = world;
      let backAt: Temporal.Instant | null = null;
      const goAway = async () => {
        backAt = world.clock.now().add(duration);
        await proxy.goAway();
      };
      const comeBackInTime = (now: Temporal.Instant) => {
        if (backAt !== null && now.epochMilliseconds >= backAt.epochMilliseconds) proxy.comeBack();
      };
      const breaker: Breaker = { steps: [], at, how: goAway };
      await untilItEnds(world, { breaker, moved: comeBackInTime });
      await expectTheTrueEnd(world, `away at step ${at}, ${breaker.steps[at]}`, mayRepeat);
    }
  },
  120_000,
);

const recording = 'INSERT INTO CT_Alertas_Intentos';
const losses = [
  ['the statement', { kind: 'drop', statement: recording, when: 'before', count: 2 }],
  ['the answer to the statement', { kind: 'drop', statement: recording, when: 'after', count: 2 }],
] as const;

test.each(losses)('a control database that loses %s of the outcomes gets them once', async (_what, fault) => {
  const { world } = await aWorld();
  await using _ = world;
  await using faults = sqlFaults(world.connection);
  await faults.add(fault);
  await untilItEnds(world);
  await expectTheTrueEnd(world, 'lost', false);
  expect(await world.attempts()).toHaveLength(3);
});

async function expectTheTrueEnd(world: SqlWorld, when: string, mayRepeat: boolean) {
  expect(await world.execution(), when).toMatchObject({
    sch_Estado: 'PARCIAL',
    sch_Motivo: 'sin_contacto',
    sch_CantMensajes: 2,
    sch_Revisar: null,
  });
  expect(await world.faults(), when).toHaveLength(1);
  const sent = world.gateway.received.map(({ webhookId, body }) => `${webhookId} ${body}`);
  expect(new Set(sent).size, when).toBe(2);
  if (!mayRepeat) expect(sent, when).toHaveLength(3);
}
