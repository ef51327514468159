import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { sweepExecutions, type Overdue } from '../../../src/scan/sweep-executions.ts';
import { keptLog } from '../../support/kept-log.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

const now = Temporal.Instant.from('2026-03-02T13:20:00Z');

function overdue(executionId: number, at: string, more: Partial<Overdue> = {}): Overdue {
  return {
    executionId,
    alert: '000001',
    tenant: '0001',
    origin: 'AGENDA',
    opened: false,
    rounds: 0,
    catchUpMinutes: null,
    at: Temporal.Instant.from(at),
    reviewAt: now,
    ...more,
  };
}

async function sweep(taken: Overdue[], reportsDue = false) {
  const closed: number[] = [];
  const enqueued: number[] = [];
  const times: string[] = [];
  let nudges = 0;
  const asked: string[] = [];
  const report = await sweepExecutions({
    log: keptLog(),
    policy: scanPolicy,
    takeOverdue: async (_now, reviewAt, most) => {
      asked.push(`${reviewAt.toString()} ${most}`);
      return taken;
    },
    closeExpired: async (faults) => {
      closed.push(...faults.map(({ executionId }) => executionId));
      return closed;
    },
    enqueueExecutions: async (executions) => {
      enqueued.push(...executions.map(({ executionId }) => executionId));
      times.push(...executions.map(({ at }) => at.toString()));
      return { sent: executions.length, failed: 0 };
    },
    findReportsDue: async () => reportsDue,
    nudgeReports: async () => void nudges++,
  })(now);
  return { report, closed, enqueued, times, nudges, asked };
}

test('takes at most 1,000, looks after them two minutes later, and enqueues them again', async () => {
  const { asked, enqueued, closed } = await sweep([overdue(1, '2026-03-02T13:18:00Z')]);
  expect(asked).toEqual(['2026-03-02T13:22:00Z 1000']);
  expect([enqueued, closed]).toEqual([[1], []]);
});

test('what was open at two ends of its process is sent one after another, so that what ends it meets the others apart', async () => {
  const suspect = (executionId: number) =>
    overdue(executionId, '2026-03-02T13:18:00Z', { opened: true, rounds: 2 });
  const once = overdue(1, '2026-03-02T13:18:00Z', { opened: true, rounds: 1 });
  const { enqueued, times } = await sweep([once, suspect(2), suspect(3), suspect(4)]);
  expect(enqueued).toEqual([1, 2, 3, 4]);
  const { prepareSeconds, leaseSeconds } = scanPolicy;
  const apart = (part: number) => now.add({ seconds: prepareSeconds + leaseSeconds * part }).toString();
  expect(times).toEqual(['2026-03-02T13:18:00Z', '2026-03-02T13:18:00Z', apart(1 / 3), apart(2 / 3)]);
});

test('closes what may no longer be opened, and leaves to its dispatch what was opened or asked for by hand', async () => {
  const { closed, enqueued, report } = await sweep([
    overdue(1, '2026-03-02T12:50:00Z'),
    overdue(2, '2026-03-02T12:49:59Z'),
    overdue(3, '2026-03-02T13:10:00Z', { catchUpMinutes: 5 }),
    overdue(4, '2026-03-02T12:00:00Z', { opened: true }),
    overdue(5, '2026-03-02T12:00:00Z', { origin: 'MANUAL' }),
  ]);
  expect(closed).toEqual([2, 3]);
  expect(enqueued).toEqual([1, 4, 5]);
  expect(report).toEqual({ swept: 5, expired: 2 });
});

test('wakes the mailer only when it has something to do', async () => {
  expect((await sweep([], false)).nudges).toBe(0);
  expect((await sweep([], true)).nudges).toBe(1);
});
