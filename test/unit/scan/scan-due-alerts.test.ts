import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import type { AlertRow } from '../../../src/domain/alert.ts';
import { fingerprintOf } from '../../../src/domain/fingerprint.ts';
import { parseAlert } from '../../../src/domain/parse-alert.ts';
import type { ScanReport } from '../../../src/scan/record-cycle.ts';
import { scanDueAlerts, type ScanPorts } from '../../../src/scan/scan-due-alerts.ts';
import type { Candidate } from '../../../src/scan/select-candidates.ts';
import { daily } from '../../support/alert-rows.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { scanPolicy } from '../../support/scan-policy.ts';

const NOW = '2026-03-02T12:48:00-03:00';

function candidate(row: AlertRow, pointer = '2026-03-02T12:49:00-03:00'): Candidate {
  return {
    alert: row.code,
    pointer: Temporal.Instant.from(pointer).toZonedDateTimeISO('UTC'),
    fingerprint: fingerprintOf(parseAlert(row, scanPolicy)),
    row,
  };
}

function world(candidates: readonly Candidate[], replaced: Partial<ScanPorts> = {}) {
  const clock = clockAt(NOW);
  const log = keptLog();
  const enqueued: number[] = [];
  const cycles: ScanReport[] = [];
  const claimedOrder: string[] = [];
  const scan = scanDueAlerts({
    clock,
    log,
    policy: scanPolicy,
    refreshAgenda: async () => ({ missed: 0, moved: [], complete: true }),
    selectCandidates: async () => candidates,
    claimOccurrences: async (batch, now) =>
      batch.flatMap(({ executions }) =>
        executions.map(({ alert, tenant, at, missed }) => {
          claimedOrder.push(alert);
          const reviewAt = missed === null ? now.add({ seconds: 30 }) : null;
          return { executionId: claimedOrder.length, alert, tenant, at, missed, reviewAt };
        }),
      ),
    enqueueExecutions: async (executions) => {
      enqueued.push(...executions.map(({ executionId }) => executionId));
      return { sent: executions.length, failed: 0 };
    },
    sweepExecutions: async () => ({ swept: 0, expired: 0 }),
    recordCycle: async (report) => void cycles.push(report),
    afterScan: async () => undefined,
    ...replaced,
  });
  return { scan, clock, log, enqueued, cycles, claimedOrder };
}

const fails = () => Promise.reject(new Error('the database is away'));

test('claims what is due, enqueues it and records the scan', async () => {
  const { scan, enqueued, cycles, log } = world([candidate(daily('12:49:00'))]);
  const report = await scan();
  expect(report).toMatchObject({ candidates: 1, claimed: 1, missed: 0, finished: true, failures: [] });
  expect(enqueued).toEqual([1]);
  expect(cycles).toEqual([report]);
  expect(log.events).toMatchObject([
    { event: 'alert.claimed', fields: { executionId: 1, alert: '000001', at: '2026-03-02T12:49:00-03:00' } },
    { event: 'scan.finished', fields: { claimed: 1 } },
  ]);
});

test('what was missed is recorded and never enqueued', async () => {
  const { scan, enqueued, log } = world([candidate(daily('09:00:00'), '2026-03-02T09:00:00-03:00')]);
  expect(await scan()).toMatchObject({ claimed: 0, missed: 1 });
  expect(enqueued).toEqual([]);
  expect(log.events[0]).toMatchObject({ event: 'occurrence.missed', fields: { reason: 'no_ejecutada' } });
});

test('claims what is due before what was missed, the earliest first', async () => {
  const { scan, claimedOrder } = world([
    candidate(daily('09:00:00', { code: 'missed' }), '2026-03-02T09:00:00-03:00'),
    candidate(daily('12:49:00', { code: 'second' })),
    candidate(daily('12:30:00', { code: 'first' }), '2026-03-02T12:30:00-03:00'),
  ]);
  await scan();
  expect(claimedOrder).toEqual(['first', 'second', 'missed']);
});

test('after 40 seconds the rest is left to the next scan', async () => {
  const many = Array.from({ length: 600 }, (_, n) => candidate(daily('12:49:00', { code: String(n) })));
  const slow = world(many, {
    claimOccurrences: async () => {
      await slow.clock.moveBy({ seconds: 40 });
      return [];
    },
  });
  const report = await slow.scan();
  expect(report.left).toBe(600 - 250);
  expect(report.finished).toBe(false);
});

test.each<[string, Partial<ScanPorts>, Partial<ScanReport>]>([
  [
    'refresh',
    { refreshAgenda: fails },
    { claimed: 1, finished: false, failures: ['refresh: the database is away'] },
  ],
  [
    'select',
    { selectCandidates: fails },
    { claimed: 0, finished: false, failures: ['select: the database is away'] },
  ],
  [
    'claim',
    { claimOccurrences: fails },
    { claimed: 0, finished: false, failures: ['claim: the database is away'] },
  ],
  [
    'enqueue',
    { enqueueExecutions: fails },
    { claimed: 1, finished: true, failures: ['enqueue: the database is away'] },
  ],
  [
    'sweep',
    { sweepExecutions: fails },
    { claimed: 1, finished: true, failures: ['sweep: the database is away'] },
  ],
])('a failing %s is told, and the other steps go on', async (step, port, expected) => {
  const { scan, cycles, log } = world([candidate(daily('12:49:00'))], port);
  expect(await scan()).toMatchObject(expected);
  expect(cycles).toMatchObject([expected]);
  expect(log.events).toContainEqual({ event: 'scan.step_failed', fields: { step } });
});

test('a scan that cannot be recorded still ends', async () => {
  const { scan, log } = world([], { recordCycle: fails });
  await expect(scan()).resolves.toMatchObject({ claimed: 0 });
  expect(log.events.map(({ event }) => event)).toEqual(['scan.step_failed', 'scan.finished']);
});

test('a scan whose refresh left something behind is not the last finished one', async () => {
  const { scan } = world([candidate(daily('12:49:00'))], {
    refreshAgenda: async () => ({ missed: 0, moved: [], complete: false }),
  });
  expect(await scan()).toMatchObject({ claimed: 1, finished: false, failures: [] });
});

test('an alert that is not what the refresh saw is read again, and not claimed', async () => {
  const edited = { ...candidate(daily('12:49:00', { code: 'EDITED' })), fingerprint: 'another' };
  const read: (readonly string[] | undefined)[] = [];
  const { scan } = world([edited, candidate(daily('12:49:00'))], {
    refreshAgenda: async (_span, codes) => (read.push(codes), { missed: 0, moved: [], complete: true }),
  });
  expect(await scan()).toMatchObject({ claimed: 1, finished: true });
  expect(read).toEqual([undefined, ['EDITED']]);
});

test('executions that an edit moved get a further message', async () => {
  const at = Temporal.Instant.from('2026-03-02T18:00:00-03:00');
  const { scan, enqueued } = world([], {
    refreshAgenda: async () => ({
      missed: 0,
      moved: [{ executionId: 77, at, reviewAt: at }],
      complete: true,
    }),
  });
  await scan();
  expect(enqueued).toEqual([77]);
});
