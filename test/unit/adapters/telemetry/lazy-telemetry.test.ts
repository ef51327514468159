import { expect, test } from 'vitest';
import { lazyTelemetry } from '../../../../src/adapters/telemetry/lazy-telemetry.ts';
import { keptLog } from '../../../support/kept-log.ts';

const nowhere = { traces: [], metrics: [], azure: null, metricSeconds: 60, version: '1' };

test('without a place to send to nothing is traced, and work goes on', async () => {
  const log = keptLog();
  const telemetry = lazyTelemetry(nowhere, log);
  await telemetry.start();
  expect(
    await telemetry.trace({ name: 'scan', kind: 'internal' }, async () => telemetry.traceparent() ?? 'none'),
  ).toBe('none');
  telemetry.measure([{ instrument: 'vigia.deliveries', value: 1, attributes: {} }]);
  await telemetry.close();
  expect(log.events).toEqual([]);
});

test('telemetry that cannot be started is said once, and stops nothing', async () => {
  const log = keptLog();
  const telemetry = lazyTelemetry({ ...nowhere, traces: ['azure'] }, log);
  await telemetry.start();
  await telemetry.start();
  expect(log.events.map(({ event }) => event)).toEqual(['telemetry.failed']);
  expect(await telemetry.trace({ name: 'scan', kind: 'internal' }, async () => 'done')).toBe('done');
});
