import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { outcomeRecorder } from '../../../../src/dispatch/deliver/outcome-recorder.ts';
import type { Outcome, OutcomeSet, Recording } from '../../../../src/dispatch/deliver/record-outcomes.ts';
import { clockAt } from '../../../support/moved-clock.ts';
import { instant, secondsAfter } from '../dispatch-world.ts';

const tally = {
  total: 0,
  open: 0,
  accepted: 0,
  rejected: 0,
  failed: 0,
  withoutContact: 0,
  duplicated: 0,
  nextAttempt: null,
};
const stored: Recording = { kind: 'recorded', tally, finished: false };

function outcome(deliveryId: number, more: Partial<Outcome> = {}): Outcome {
  return {
    deliveryId,
    attempt: 1,
    state: 'ENVIADO',
    at: Temporal.Instant.from(instant),
    sentAt: null,
    durationMs: 1,
    status: 200,
    reason: null,
    detail: null,
    answer: 'ok',
    wamid: null,
    nextAttempt: null,
    ...more,
  };
}

function aRecorder(record: (set: OutcomeSet) => Recording = () => stored) {
  const clock = clockAt(instant);
  const sets: OutcomeSet[] = [];
  const recordOutcomes = async (set: OutcomeSet) => {
    sets.push(set);
    return record(set);
  };
  const giveUpAt = Temporal.Instant.from(secondsAfter(480));
  const recorder = outcomeRecorder({ executionId: 1, giveUpAt }, { clock, recordOutcomes });
  return { clock, recorder, sets, sizes: () => sets.map(({ outcomes }) => outcomes.length) };
}

test('outcomes are stored together, a second after the first', async () => {
  const { clock, recorder, sizes } = aRecorder();
  recorder.add(outcome(1));
  recorder.add(outcome(2));
  await clock.moveBy({ milliseconds: 999 });
  expect(sizes()).toEqual([]);
  await clock.moveBy({ milliseconds: 1 });
  await expect.poll(sizes).toEqual([2]);
});

test('five hundred are stored at once, the rest at the end', async () => {
  const { recorder, sizes } = aRecorder();
  for (let id = 1; id <= 501; id++) recorder.add(outcome(id));
  await recorder.drain();
  expect(sizes()).toEqual([500, 1]);
});

test('nothing is stored when nothing happened', async () => {
  const { recorder, sizes } = aRecorder();
  expect(await recorder.drain()).toBeNull();
  expect(sizes()).toEqual([]);
});

test('while they cannot be stored nothing new starts, and they are tried again every two seconds', async () => {
  let away = true;
  const { clock, recorder, sizes } = aRecorder(() =>
    away ? { kind: 'unavailable', cause: new Error('away') } : stored,
  );
  recorder.add(outcome(1));
  const drained = recorder.drain();
  await expect.poll(() => clock.waiting).toBe(1);
  let started = false;
  const ready = recorder.ready().then(() => (started = true));
  await clock.moveBy({ seconds: 2 });
  await expect.poll(sizes).toEqual([1, 1]);
  expect(started).toBe(false);
  away = false;
  await clock.moveBy({ seconds: 2 });
  await drained;
  await ready;
  expect(sizes()).toEqual([1, 1, 1]);
});

test('after the eighth minute it gives up, and nothing new may start', async () => {
  const { clock, recorder } = aRecorder(() => ({ kind: 'unavailable', cause: new Error('away') }));
  recorder.add(outcome(1));
  await clock.moveTo(secondsAfter(479));
  await expect(recorder.drain()).rejects.toThrow('could not be stored');
  await expect(recorder.ready()).rejects.toThrow('could not be stored');
});

test('what comes after it gave up is not stored any more', async () => {
  const { recorder, sizes } = aRecorder(() => {
    throw new Error('no such column');
  });
  recorder.add(outcome(1));
  await expect(recorder.drain()).rejects.toThrow('could not be stored');
  recorder.add(outcome(2));
  await expect(recorder.drain()).rejects.toThrow('could not be stored');
  expect(sizes()).toEqual([1]);
});

test('a fault that no waiting mends is thrown at once', async () => {
  const { recorder } = aRecorder(() => {
    throw new Error('no such column');
  });
  recorder.add(outcome(1));
  await expect(recorder.drain()).rejects.toMatchObject({ cause: new Error('no such column') });
});

test('a set with a bad value is stored row by row, and that row without what came from outside', async () => {
  const { recorder, sets } = aRecorder(({ outcomes }) =>
    outcomes.some(({ wamid }) => wamid === 'bad') ? { kind: 'bad-value', detail: 'msg_Wamid' } : stored,
  );
  recorder.add(outcome(1));
  recorder.add(outcome(2, { wamid: 'bad' }));
  recorder.add(outcome(3, { wamid: 'good' }));
  await recorder.drain();
  const last = new Map(sets.flatMap(({ outcomes }) => outcomes).map((each) => [each.deliveryId, each]));
  expect([...last.values()].map(({ wamid, reason, detail }) => [wamid, reason, detail])).toEqual([
    [null, null, null],
    [null, 'dato_cortado', 'msg_Wamid'],
    ['good', null, null],
  ]);
  expect(last.get(2)).toMatchObject({ state: 'ENVIADO', answer: null });
});
