/* Invariant 4 of the pipeline: what a webhook accepted is not posted again, except after a crash between its answer and our record. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Break, Breaker } from '../../support/breaking-process.ts';
import { untilItEnds, type QueueOptions } from '../dispatch/message-queue.ts';
import { aSqlWorld, threePersons, type SqlWorld } from '../dispatch/sql-world.ts';

/** One accepts, one accepts the second time, one has no phone. */
async function aWorld(): Promise<SqlWorld> {
  const world = await aSqlWorld([...threePersons.slice(0, 2), { code: '03', phone: null }]);
  let failures = 1;
  world.gateway.answer = ({ body }) => (body.includes('Persona 02') && failures-- > 0 ? 500 : 200);
  return world;
}

/** Whatever happened on the way: everybody has it, the end is the true one, and it was reported once. */
async function expectTheTrueEnd(world: SqlWorld, when: string) {
  expect(await world.execution(), when).toMatchObject({
    sch_Estado: 'PARCIAL',
    sch_Motivo: 'sin_contacto',
    sch_CantMensajes: 2,
    sch_Revisar: null,
  });
  const states = (await world.deliveries()).map(({ msg_Estado }) => msg_Estado);
  expect(states, when).toEqual(['ENVIADO', 'ENVIADO', 'SIN_CONTACTO']);
  expect(await world.faults(), when).toHaveLength(1);
}

/** How often each person was called, the first having accepted at once and the second at the second call. */
function callsOf(world: SqlWorld): readonly [number, number] {
  const count = (name: string) => world.gateway.received.filter(({ body }) => body.includes(name)).length;
  return [count('Persona 01'), count('Persona 02')];
}

function expectSameIdsAndBytes(world: SqlWorld, when: string) {
  const sent = new Set(world.gateway.received.map(({ webhookId, body }) => `${webhookId} ${body}`));
  expect(sent.size, when).toBe(2);
}

/** No call is made for a delivery that is on record as accepted. */
function watching(world: SqlWorld): QueueOptions {
  return {
    posting: async (webhookId) => {
      const { rows } = await sql<{ state: string }>`
        SELECT msg_Estado AS state FROM CT_Alertas_Mensajes WHERE msg_Uuid = ${webhookId}`.execute(world.db);
      expect(rows[0]?.state).not.toBe('ENVIADO');
    },
  };
}

/** Between the answer of a webhook and our record. */
function mayRepeat({ steps, at, how }: Breaker): boolean {
  const step = steps[at];
  if (step === 'deliverWebhook') return how !== 'throws before';
  return step === 'recordOutcomes' && how === 'throws before';
}

/** Loops over all steps, on a machine that may be busy. */
const timeout = 120_000;

/** To die before a step is to die after the one before it. */
test.each<Break>(['throws before', 'throws after', 'dies after'])(
  'a process that %s any one step loses nothing, and repeats only what was not on record, with the same id and bytes',
  async (how) => {
    let [repeated, last] = [0, false];
    for (let at = 0; !last; at++) {
      await using world = await aWorld();
      const breaker: Breaker = { steps: [], at, how };
      await untilItEnds(world, { ...watching(world), breaker });
      last = at >= breaker.steps.length;
      const when = `${how} ${last ? 'nothing' : `step ${at}, ${breaker.steps[at]}`}`;
      await expectTheTrueEnd(world, when);
      expectSameIdsAndBytes(world, when);
      const [first, second] = callsOf(world);
      if (!mayRepeat(breaker)) expect([first, second], when).toEqual([1, 2]);
      repeated += first + second - 3;
    }
    expect(repeated).toBeGreaterThan(0);
  },
  timeout,
);

test.each<[string, QueueOptions]>([
  ['two at once', { copies: 2 }],
  ['four at once', { copies: 4 }],
  ['too early and out of order', { disorder: true }],
  ['in all these ways', { copies: 3, disorder: true }],
])('messages that come %s call each recipient as one message would', async (_how, options) => {
  await using world = await aWorld();
  await untilItEnds(world, { ...watching(world), ...options });
  await expectTheTrueEnd(world, 'twice');
  expect(callsOf(world)).toEqual([1, 2]);
});

test(
  'of two processes at once one dies, wherever it is: nothing is lost, and nothing on record is repeated',
  async () => {
    let last = false;
    for (let at = 0; !last; at++) {
      await using world = await aWorld();
      const breaker: Breaker = { steps: [], at, how: 'dies after' };
      await untilItEnds(world, { ...watching(world), breaker, copies: 2 });
      last = at >= breaker.steps.length;
      const when = `dies after step ${at}, ${breaker.steps[at]}`;
      await expectTheTrueEnd(world, when);
      expectSameIdsAndBytes(world, when);
      if (!mayRepeat(breaker)) expect(callsOf(world), when).toEqual([1, 2]);
    }
  },
  timeout,
);
