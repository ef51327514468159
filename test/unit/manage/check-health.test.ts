import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { Logger } from '../../../src/core/logger.ts';
import { checkHealth } from '../../../src/manage/check-health.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

const start = '2026-03-02T10:00:00Z';

function anApp({
  lastScan = async (): Promise<Temporal.Instant | null> => Temporal.Instant.from('2026-03-02T09:59:00Z'),
  queue = async () => {},
} = {}) {
  const clock = clockAt(start);
  const causes: string[] = [];
  const log: Logger = {
    ...keptLog(),
    error: (_event, _fields, cause) => void causes.push(String(cause)),
  };
  let asked = 0;
  const readLastScan = () => {
    asked++;
    return lastScan();
  };
  const health = checkHealth({ clock, log, readLastScan, reachQueue: queue });
  return { clock, causes, health, asked: () => asked };
}

test('an app whose scans finish is healthy', async () => {
  expect(await anApp().health()).toBe('healthy');
});

test.each([
  [
    'no scan has finished for three minutes',
    { lastScan: async () => Temporal.Instant.from('2026-03-02T09:57:00Z') },
  ],
  ['no scan has ever finished', { lastScan: async () => null }],
  ['the control database is away', { lastScan: () => Promise.reject(new Error('away')) }],
  ['the queue is away', { queue: () => Promise.reject(new Error('away')) }],
])('it is failing when %s', async (_, trouble) => {
  expect(await anApp(trouble).health()).toBe('failing');
});

test('it is failing when a server does not answer in four seconds', async () => {
  const { clock, health } = anApp({ queue: () => new Promise(() => {}) });
  const answer = health();
  await clock.moveTo('2026-03-02T10:00:04Z');
  expect(await answer).toBe('failing');
});

test('the log says of control database and queue each what is wrong with it, also when the other does not answer', async () => {
  const refused = { lastScan: () => Promise.reject(new Error('login refused')) };
  const both = anApp({ ...refused, queue: () => Promise.reject(new Error('role missing')) });
  expect(await both.health()).toBe('failing');
  expect(both.causes).toEqual(['Error: login refused', 'Error: role missing']);

  const hanging = anApp({ ...refused, queue: () => new Promise(() => {}) });
  const answer = hanging.health();
  await hanging.clock.moveTo('2026-03-02T10:00:04Z');
  expect(await answer).toBe('failing');
  expect(hanging.causes).toEqual(['Error: login refused', 'Error: No answer within 4 s.']);
});

test('an answer is kept for five seconds, and nobody waits for its clock after it', async () => {
  const { clock, health, asked } = anApp();
  await Promise.all([health(), health()]);
  await clock.moveTo('2026-03-02T10:00:04.999Z');
  await health();
  expect(asked()).toBe(1);
  expect(clock.waiting).toBe(0);
  await clock.moveTo('2026-03-02T10:00:05Z');
  await health();
  expect(asked()).toBe(2);
});
