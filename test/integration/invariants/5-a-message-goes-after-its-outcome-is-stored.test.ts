/* Invariant 5 of the pipeline: a queue message is let go only after an outcome, a wait with its time or another's lease is stored. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Break, Breaker } from '../../support/breaking-process.ts';
import type { LettingGo } from '../dispatch/dispatch-process.ts';
import { untilItEnds } from '../dispatch/message-queue.ts';
import { aSqlWorld, threePersons, type SqlWorld } from '../dispatch/sql-world.ts';

/** What the message stood for is on record when a process lets it go. */
function provenBy(world: SqlWorld, when: () => string) {
  return async ({ ids, answered }: LettingGo) => {
    const now = new Date(world.clock.now().epochMilliseconds);
    const { sch_Estado, sch_Duenio, sch_LeaseHasta, sch_Ocurrencia, sch_Preparada, sch_Revisar } =
      await world.execution();
    for (const [webhookId, answers] of answered) {
      const { rows } = await sql<{ attempts: number }>`
        SELECT COUNT(*) AS attempts FROM CT_Alertas_Intentos
        JOIN CT_Alertas_Mensajes ON msg_id = intmsg_id WHERE msg_Uuid = ${webhookId}`.execute(world.db);
      expect(rows[0]?.attempts, `${when()}: its answers are stored`).toBeGreaterThanOrEqual(answers);
    }
    if (sch_Estado !== 'PENDIENTE' && sch_Estado !== 'EN_PROCESO') return;
    expect(sch_Revisar, `${when()}: somebody looks again`).not.toBeNull();
    const anothersLease = sch_Duenio !== null && !ids.has(sch_Duenio) && (sch_LeaseHasta ?? now) > now;
    const aWait = sch_Duenio === null && sch_LeaseHasta !== null;
    const aTime = sch_Estado === 'PENDIENTE' && sch_Ocurrencia !== null && sch_Ocurrencia >= now;
    const deliveriesWithTimes = sch_Preparada !== null && sch_Duenio === null;
    expect(anothersLease || aWait || aTime || deliveriesWithTimes, `${when()}: it is stored why`).toBe(true);
  };
}

const away = { kind: 'passing', reason: 'empresa_no_disponible', detail: 'No responde.' } as const;

/** Everything a message may stand for happens in one of these. */
const worlds: [string, () => Promise<SqlWorld>, string][] = [
  [
    'deliveries of which one is tried again',
    async () => {
      const world = await aSqlWorld([...threePersons.slice(0, 1), { code: '03', phone: null }]);
      let failures = 1;
      world.gateway.answer = () => (failures-- > 0 ? 500 : 200);
      return world;
    },
    'PARCIAL',
  ],
  [
    'a company that is away for a moment',
    async () => {
      const world = await aSqlWorld(threePersons.slice(0, 1));
      const { lookupRecipients } = world.ports;
      let failures = 1;
      world.ports.lookupRecipients = async (...given) =>
        failures-- > 0 ? away : await lookupRecipients(...given);
      return world;
    },
    'ENVIADA',
  ],
  [
    'an alert edited to a later time of the day',
    async () => {
      const world = await aSqlWorld(threePersons.slice(0, 1));
      await sql`UPDATE CT_Alertas_Config SET cfg_HoraEnvio = '12:50:00'`.execute(world.db);
      return world;
    },
    'ENVIADA',
  ],
  [
    'a query that fails',
    async () => {
      const world = await aSqlWorld(threePersons.slice(0, 1));
      await sql`UPDATE CT_Alertas_Queries SET qry_Sql = 'SELECT nada FROM NoExiste'`.execute(world.db);
      return world;
    },
    'ERROR',
  ],
];

/** The storage loses the question, or the answer. */
const ways: Break[] = ['throws before', 'throws after'];

/** Loops over all steps, on a machine that may be busy. */
const timeout = 120_000;

test.each(worlds)(
  '%s',
  async (_what, make, state) => {
    for (const how of ways) {
      let last = false;
      for (let at = 0; !last; at++) {
        await using world = await make();
        const breaker: Breaker = { steps: [], at, how };
        const when = () => `${how} step ${at}, ${breaker.steps[at]}`;
        await untilItEnds(world, { breaker, letGo: provenBy(world, when) });
        last = at >= breaker.steps.length;
        expect((await world.execution()).sch_Estado, when()).toBe(state);
      }
    }
  },
  timeout,
);

test('a message that meets another’s live lease is let go, and that one carries on', async () => {
  await using world = await aSqlWorld();
  let lettingGo = 0;
  const proven = provenBy(world, () => 'at once');
  await untilItEnds(world, { copies: 3, letGo: async (process) => (lettingGo++, await proven(process)) });
  expect([lettingGo, world.gateway.received.length]).toEqual([3, 3]);
});
