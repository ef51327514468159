import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import {
  enqueueExecutions,
  type MarkEnqueued,
  type SendDispatch,
} from '../../../src/scan/enqueue-executions.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

const at = Temporal.Instant.from('2026-03-02T12:49:00Z');
const reviewAt = Temporal.Instant.from('2026-03-02T12:47:30Z');

function queue(now: string, sendDispatch: SendDispatch) {
  const marks: string[] = [];
  const markEnqueued: MarkEnqueued = async (given) =>
    void marks.push(
      ...given.map((mark) => `${mark.executionId} ${mark.was.toString()} ${mark.reviewAt.toString()}`),
    );
  const log = keptLog();
  const clock = clockAt(now);
  const enqueue = enqueueExecutions({
    clock,
    log,
    policy: scanPolicy,
    sendDispatch,
    markEnqueued,
  });
  return { enqueue, marks, log, clock };
}

test('a message becomes visible five seconds before its instant, and is looked after two minutes after it', async () => {
  const sent: string[] = [];
  const { enqueue, marks } = queue(
    '2026-03-02T12:47:00Z',
    async (id, visibleAt) => void sent.push(`${id} ${visibleAt.toString()}`),
  );
  await enqueue([{ executionId: 1, at, reviewAt }]);
  expect(sent).toEqual(['1 2026-03-02T12:48:55Z']);
  expect(marks).toEqual(['1 2026-03-02T12:47:30Z 2026-03-02T12:51:00Z']);
});

test('one that is late already is looked after two minutes from now', async () => {
  const { enqueue, marks } = queue('2026-03-02T13:00:00Z', async () => {});
  await enqueue([{ executionId: 1, at, reviewAt }]);
  expect(marks).toEqual(['1 2026-03-02T12:47:30Z 2026-03-02T13:02:00Z']);
});

test('one that the queue refuses keeps its time and does not hold up the others', async () => {
  const { enqueue, marks, log } = queue('2026-03-02T12:47:00Z', (id) =>
    id === 2 ? Promise.reject(new Error('503')) : Promise.resolve(),
  );
  const result = await enqueue([1, 2, 3].map((executionId) => ({ executionId, at, reviewAt })));
  expect(result).toEqual({ sent: 2, failed: 1 });
  expect(marks.map((mark) => mark.slice(0, 1)).sort()).toEqual(['1', '3']);
  expect(log.events).toMatchObject([{ event: 'execution.not_enqueued', fields: { executionId: 2 } }]);
});

test('what the queue refuses for one reason is one line in the log', async () => {
  const refused = new Error('Give the app the role.');
  const { enqueue, log } = queue('2026-03-02T12:47:00Z', (id) =>
    id === 3 ? Promise.reject(new Error('Another.')) : Promise.reject(refused),
  );
  await enqueue([1, 2, 3, 4].map((executionId) => ({ executionId, at, reviewAt })));
  expect(log.events).toMatchObject([
    { fields: { executionId: 1, others: 2, error: 'Error: Give the app the role.' } },
    { fields: { executionId: 3, others: 0, error: 'Error: Another.' } },
  ]);
});

test('after a minute the rest is left to the sweep', async () => {
  const slow = queue('2026-03-02T12:47:00Z', async () => {
    await slow.clock.moveBy({ seconds: 1 });
  });
  const many = Array.from({ length: 200 }, (_, executionId) => ({ executionId, at, reviewAt }));
  const { sent, failed } = await slow.enqueue(many);
  expect(sent + failed).toBe(200);
  expect(sent).toBeLessThan(60 + 32);
  expect(slow.marks).toHaveLength(sent);
});

test('at most 32 messages are under way at once', async () => {
  let underWay = 0;
  let most = 0;
  const { enqueue } = queue('2026-03-02T12:47:00Z', async () => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay--;
  });
  await enqueue(Array.from({ length: 200 }, (_, executionId) => ({ executionId, at, reviewAt })));
  expect(most).toBe(32);
});
