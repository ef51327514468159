import { describe, expect, test } from 'vitest';
import { now, outcome, prepared } from './prepared-world.ts';

const refused = { state: 'RECHAZADO', status: 410, reason: 'webhook_rechazo', detail: 'x' } as const;

describe('two workers that store their last outcomes', () => {
  const orders = [
    ['one after the other', [0, 1]],
    ['the other way round', [1, 0]],
    ['at once', null],
  ] as const;

  test.each(orders)('%s end the execution once, as its deliveries say', async (_how, order) => {
    await using world = await prepared(40);
    const ids = (await world.deliveries()).map(({ msg_id }) => msg_id);
    const { executionId, ports } = world;
    const halves = [ids.slice(0, 20), ids.slice(20)];
    const record = async (half: number) =>
      await ports.recordOutcomes({
        executionId,
        outcomes: (halves[half] ?? []).map((id) => outcome(id)),
        now,
      });
    const before = world.statements.length;
    const recordings = order
      ? [await record(order[0]), await record(order[1])]
      : await Promise.all([record(0), record(1)]);
    const finished = recordings.map((each) => each.kind === 'recorded' && each.finished);
    expect(finished.filter(Boolean)).toHaveLength(1);
    expect(await world.execution()).toMatchObject({
      sch_Estado: 'ENVIADA',
      sch_CantMensajes: 40,
      sch_Revisar: null,
    });
    // One statement each: none of them lost a deadlock and was tried again.
    expect(world.statements.length - before).toBe(2);
  });

  test('many times at once, against each other, the takers and the renewals, never wait for each other in a circle', async () => {
    await using world = await prepared(60);
    const ids = (await world.deliveries()).map(({ msg_id }) => msg_id);
    const { executionId, ports } = world;
    const before = world.statements.length;
    const until = now.add({ minutes: 2 });
    await Promise.all([
      ...ids.map((id) => ports.recordOutcomes({ executionId, outcomes: [outcome(id)], now })),
      ...ids
        .slice(0, 20)
        .map(() => ports.takeDeliveries({ executionId, dueUntil: now, holdUntil: until, limit: 5 })),
      ...ids
        .slice(0, 20)
        .map((id) => ports.holdDeliveries({ executionId, ids: [id, id + 1], heldUntil: until, until })),
    ]);
    expect(await world.execution()).toMatchObject({ sch_Estado: 'ENVIADA', sch_CantMensajes: 60 });
    expect(world.statements.length - before).toBe(100);
  });

  test('a dispatch that finds nothing open closes what a crash left so', async () => {
    await using world = await prepared(2);
    const [first, second] = (await world.deliveries()).map(({ msg_id }) => msg_id);
    const { executionId, ports } = world;
    await ports.recordOutcomes({
      executionId,
      outcomes: [outcome(first ?? 0), outcome(second ?? 0, refused)],
      now,
    });
    expect((await world.execution()).sch_Estado).toBe('EN_PROCESO');
    expect(await world.dispatch()).toMatchObject({
      kind: 'closed',
      state: 'PARCIAL',
      reason: 'entregas_fallidas',
    });
    expect(await world.faults()).toHaveLength(1);
  });
});
