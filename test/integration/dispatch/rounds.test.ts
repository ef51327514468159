import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { dispatchAlert, type DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import { runClock } from '../../support/run-clock.ts';
import { untilItEnds } from './message-queue.ts';
import { now, prepared } from './prepared-world.ts';
import { aSqlWorld } from './sql-world.ts';

const accepted = { kind: 'answered', status: 200, body: '', retryAfter: null, ms: 1 } as const;

test('10,000 recipients shared by four workers get one call each, in rounds of 500', async () => {
  await using world = await prepared(10_000);
  const calls = new Map<string, number>();
  const rounds: number[] = [];
  const worker = (): DispatchPorts => ({
    ...world.ports,
    deliverWebhook: async ({ webhookId }) => {
      calls.set(webhookId, (calls.get(webhookId) ?? 0) + 1);
      return accepted;
    },
    takeDeliveries: async (request) => {
      const taken = await world.ports.takeDeliveries(request);
      rounds.push(taken.deliveries.length);
      return taken;
    },
  });
  const { executionId } = world;
  const workers = Promise.all(
    Array.from({ length: 4 }, async () => await dispatchAlert(worker())({ executionId })),
  );
  const reports = await workers;
  expect([calls.size, Math.max(...calls.values())]).toEqual([10_000, 1]);
  expect(rounds.filter((size) => size > 0)).toEqual(Array(20).fill(500));
  expect(reports.filter(({ kind }) => kind === 'closed')).not.toHaveLength(0);
  expect(await world.execution()).toMatchObject({
    sch_Estado: 'ENVIADA',
    sch_CantMensajes: 10_000,
    sch_Revisar: null,
  });
}, 120_000);

test('an alert that is deactivated, and a company too, between retries changes nothing for those who wait', async () => {
  await using world = await aSqlWorld();
  world.gateway.answer = () => (world.gateway.received.length <= 6 ? 503 : 200);
  await world.dispatch();
  await sql`UPDATE CT_Alertas_Config SET cfg_Activo = 0; UPDATE CT_Empresas SET emp_Activo = 0;
    INSERT INTO CT_Scheduler_Pausas (pau_Desde) VALUES (CAST('2026-01-01T00:00:00' AS DATETIME2(3)))`.execute(
    world.db,
  );
  await untilItEnds(world);
  expect(world.gateway.received).toHaveLength(9);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 3 });
});

test('a far-off Retry-After of one keeps nobody else waiting, and is looked after until then', async () => {
  await using world = await aSqlWorld();
  const { deliverWebhook } = world.ports;
  const called: string[] = [];
  world.ports.deliverWebhook = async (call, signal) => {
    const who = /Persona 0\d/.exec(call.body)?.[0] ?? '';
    const time = world.clock.now().toString({ smallestUnit: 'second' }).slice(11, 19);
    called.push(`${who.slice(-2)} ${time}`);
    if (who === 'Persona 01' && called.length <= 3) return { ...accepted, status: 429, retryAfter: '18000' };
    if (who === 'Persona 02' && time < '15:50:00') return { ...accepted, status: 503 };
    return await deliverWebhook(call, signal);
  };
  await untilItEnds(world);
  expect(called.toSorted()).toEqual([
    '01 15:49:00',
    '01 20:49:01',
    '02 15:49:00',
    '02 15:49:31',
    '02 15:51:32',
    '03 15:49:00',
  ]);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 3 });
});

test('retries while another dispatch holds deliveries take only what is due', async () => {
  await using world = await prepared(3);
  const { executionId, ports } = world;
  const { deliveries } = await ports.takeDeliveries({
    executionId,
    dueUntil: now,
    holdUntil: now.add({ minutes: 2 }),
    limit: 2,
  });
  await world.dispatch();
  const held = deliveries.map(({ webhookId }) => webhookId);
  expect([held.length, world.gateway.received.length]).toEqual([2, 1]);
  expect(held).not.toContain(world.gateway.received[0]?.webhookId);
  expect(await world.dispatch()).toMatchObject({ kind: 'idle' });
  await world.clock.moveBy({ minutes: 2 });
  expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'ENVIADA' });
  expect(world.gateway.received).toHaveLength(3);
});

test('a retry that comes while its execution waits for a place calls nobody, and the wait’s own message does', async () => {
  await using world = await prepared(2);
  const { executionId, ports, clock } = world;
  const until = now.add({ seconds: 30 });
  await ports.storeWait({ executionId, owner: null, until, reason: 'sin_lugar', detail: 'Sin lugar.' });
  await clock.moveBy({ seconds: 29 });
  expect(await world.dispatch()).toMatchObject({ kind: 'ignored', because: 'held' });
  expect(world.gateway.received).toEqual([]);
  await clock.moveBy({ seconds: 2 });
  expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'ENVIADA' });
  expect(await world.execution()).toMatchObject({ sch_Motivo: null, sch_LeaseHasta: null });
});

test('a holder that cannot renew has begun nothing when another may take over', async () => {
  await using world = await prepared(3);
  const { clock, ports } = world;
  const begun: string[] = [];
  const holding: DispatchPorts = {
    ...ports,
    policy: { ...ports.policy, callsAtOnce: 1 },
    holdDeliveries: () => Promise.reject(new Error('away')),
    deliverWebhook: async () => {
      begun.push(clock.now().toString());
      await clock.waitUntil(clock.now().add({ seconds: 60 }));
      return accepted;
    },
  };
  const run = dispatchAlert(holding)({ executionId: world.executionId });
  const ended = Promise.allSettled([run]);
  let busy = true;
  void ended.then(() => (busy = false));
  await runClock(clock, ended, { isBusy: () => busy && clock.waiting === 0, moved: () => undefined });
  await expect(run).rejects.toThrow('away');
  // Held until 15:51:00; the last call may begin 20 s before.
  expect(begun).toEqual(['2026-03-02T15:49:00Z', '2026-03-02T15:50:00Z']);
  expect(await world.execution()).toMatchObject({ sch_Estado: 'EN_PROCESO', sch_CantMensajes: 2 });
});

test('a message that kills its process is given up at the eleventh opening, and reported', async () => {
  await using world = await aSqlWorld();
  const kills: number[] = [];
  world.ports.renewLease = () => new Promise(() => undefined);
  world.ports.renderMessage = () => new Promise(() => void kills.push(1));
  const open = async () => {
    const dead = world.dispatch();
    await expect.poll(() => kills.length).toBeGreaterThan(openings);
    void dead;
  };
  let openings = 0;
  for (; openings < 10; openings++) {
    await open();
    await world.clock.moveBy({ seconds: 61 });
  }
  expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'ERROR', reason: 'no_termina' });
  expect((await world.faults()).map(({ fal_Motivo }) => fal_Motivo)).toEqual(['no_termina']);
  expect(kills).toHaveLength(10);
});

test('what gets on before each death of its process is carried to its end, however many deaths that takes', async () => {
  await using world = await prepared(12);
  const gone = new Set<string>();
  world.ports.holdDeliveries = () => new Promise(() => undefined);
  world.ports.deliverWebhook = (call) => {
    if (gone.size > deaths) return new Promise(() => undefined);
    gone.add(call.webhookId);
    return Promise.resolve({ kind: 'answered', status: 200, body: '', retryAfter: null, ms: 1 });
  };
  let deaths = 0;
  for (; deaths < 11; deaths++) {
    void world.dispatch();
    await expect.poll(() => gone.size).toBeGreaterThan(deaths);
    await world.clock.moveBy({ seconds: 1 });
    await expect.poll(async () => (await world.execution()).sch_CantMensajes).toBe(deaths + 1);
    await world.clock.moveBy({ minutes: 3 });
  }
  expect(await world.dispatch()).toMatchObject({ kind: 'closed', state: 'ENVIADA' });
  expect(gone.size).toBe(12);
});
