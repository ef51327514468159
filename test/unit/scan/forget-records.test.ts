import { expect, test } from 'vitest';
import { forgetRecords, type Forgotten } from '../../../src/scan/forget-records.ts';
import type { ScanReport } from '../../../src/scan/record-cycle.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

const nothing: Forgotten = { executions: 0, deliveries: 0, others: 0 };
const some: Forgotten = { executions: 1, deliveries: 400, others: 2 };

/** `seconds`: how long a batch takes. */
function world(batches: Forgotten[], seconds = 0.1, fault: () => Promise<void> = async () => undefined) {
  const clock = clockAt('2026-03-02T12:48:00Z');
  const log = keptLog();
  const asked: string[] = [];
  const forget = forgetRecords({
    clock,
    log,
    policy: { retentionDays: 400 },
    forgetBatch: async (before) => {
      asked.push(before.toString());
      await clock.moveBy({ milliseconds: seconds * 1000 });
      await fault();
      return batches.shift() ?? nothing;
    },
  });
  const afterScan = async (more: Partial<ScanReport> = {}) => {
    const before = asked.length;
    await forget({ ...idle, at: clock.now(), ...more });
    return asked.length - before;
  };
  return { clock, log, asked, afterScan };
}

const idle = {
  durationMs: 10,
  candidates: 0,
  claimed: 0,
  missed: 0,
  swept: 0,
  left: 0,
  finished: true,
  failures: [],
};

test('after an idle scan what is older than the days kept goes, batch by batch, and the log says how much', async () => {
  const { afterScan, asked, log } = world([some, some]);
  expect(await afterScan()).toBe(3);
  expect(asked[0]).toBe('2025-01-26T12:48:00Z');
  expect(log.events).toEqual([
    { event: 'records.forgotten', fields: { executions: 2, deliveries: 800, others: 4 } },
  ]);
});

test('two seconds are enough for one scan; the next idle one goes on', async () => {
  const { afterScan, clock } = world(
    Array.from({ length: 6 }, () => some),
    0.5,
  );
  expect(await afterScan()).toBe(4);
  await clock.moveBy({ minutes: 1 });
  expect(await afterScan()).toBe(3);
});

test('where nothing is left nobody looks for an hour, and nothing is logged', async () => {
  const { afterScan, clock, log } = world([]);
  expect(await afterScan()).toBe(1);
  await clock.moveBy({ minutes: 59 });
  expect(await afterScan()).toBe(0);
  await clock.moveBy({ minutes: 1 });
  expect(await afterScan()).toBe(1);
  expect(log.events).toEqual([]);
});

test.each([{ candidates: 1 }, { swept: 1 }, { failures: ['select: x'] }])(
  'a scan that had something to do (%j) deletes nothing, unless none was idle for an hour',
  async (busy) => {
    const { afterScan, clock } = world([some]);
    expect(await afterScan(busy)).toBe(0);
    await clock.moveBy({ minutes: 60 });
    expect(await afterScan(busy)).toBe(2);
    await clock.moveBy({ minutes: 59 });
    expect(await afterScan(busy)).toBe(0);
  },
);

test('what cannot be deleted is tried again in an hour, not with every scan', async () => {
  const { afterScan, clock, asked } = world([], 0.1, () => Promise.reject(new Error('x')));
  await expect(afterScan()).rejects.toThrow('x');
  await clock.moveBy({ minutes: 59 });
  expect(await afterScan()).toBe(0);
  expect(asked).toHaveLength(1);
});

test('a scan that took long leaves it to another one', async () => {
  const { afterScan, clock } = world([some]);
  expect(await afterScan({ at: clock.now().subtract({ seconds: 31 }) })).toBe(0);
});
