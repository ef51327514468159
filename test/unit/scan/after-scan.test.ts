import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { afterScan, type AfterScanPorts } from '../../../src/scan/after-scan.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

function world(replaced: Partial<AfterScanPorts> = {}) {
  const done: string[] = [];
  const log = keptLog();
  const after = afterScan({
    clock: clockAt('2026-03-02T12:48:00Z'),
    log,
    beat: () => void done.push('beat'),
    raiseEarlyNews: async () => done.push('news'),
    forgetRecords: async () => void done.push('forget'),
    ...replaced,
  });
  const report = {
    at: Temporal.Instant.from('2026-03-02T12:48:00Z'),
    durationMs: 10,
    candidates: 0,
    claimed: 0,
    missed: 0,
    swept: 0,
    left: 0,
    failures: [],
  };
  return { done, log, after: (finished: boolean) => after({ ...report, finished }) };
}

test('a finished scan is told to whoever watches, before anything else', async () => {
  const { after, done } = world();
  await after(true);
  expect(done).toEqual(['beat', 'news', 'forget']);
});

test('one that could not be finished is not: the silence is the alarm', async () => {
  const { after, done } = world();
  await after(false);
  expect(done).toEqual(['news', 'forget']);
});

test('what fails is logged, and the rest is done', async () => {
  const { after, done, log } = world({ raiseEarlyNews: () => Promise.reject(new Error('away')) });
  await after(true);
  expect(done).toEqual(['beat', 'forget']);
  expect(log.events).toEqual([{ event: 'scan.step_failed', fields: { step: 'news' } }]);
});
