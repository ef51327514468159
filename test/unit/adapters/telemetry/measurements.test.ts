import { expect, test } from 'vitest';
import { measurementsOf } from '../../../../src/adapters/telemetry/measurements.ts';

const whose = { 'vigia.tenant': 'E01', 'vigia.channel': 'sms' };

test.each([
  ['delivery.accepted', {}, 'accepted'],
  ['delivery.retry', { reason: 'webhook_fallo' }, 'retry'],
  ['delivery.rejected', { state: 'RECHAZADO' }, 'rejected'],
  ['delivery.rejected', { state: 'ERROR' }, 'failed'],
])('%s %j counts as %s', (event, fields, outcome) => {
  expect(measurementsOf(event, { tenant: 'E01', channel: 'sms', attempt: 2, ms: 12, ...fields })).toEqual([
    { instrument: 'vigia.deliveries', value: 1, attributes: { ...whose, 'vigia.outcome': outcome } },
  ]);
});

test('lateness is that of the first attempt, in seconds', () => {
  const [, lateness] = measurementsOf('delivery.accepted', { tenant: 'E01', channel: 'sms', lateMs: 1500 });
  expect(lateness).toEqual({ instrument: 'vigia.delivery.lateness', value: 1.5, attributes: whose });
});

test('a line that tells no number measures nothing', () => {
  expect(measurementsOf('alert.claimed', { executionId: 1 })).toEqual([]);
});

test('the duration is that of scans that finished, so that its silence tells of those that fail', () => {
  const durations = (finished: boolean) =>
    measurementsOf('scan.finished', { durationMs: 1500, candidates: 2, claimed: 1, missed: 0, finished })
      .filter(({ instrument }) => instrument === 'vigia.scan.duration')
      .map(({ value }) => value);
  expect(durations(true)).toEqual([1.5]);
  expect(durations(false)).toEqual([]);
});
