import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lazyTelemetry } from '../../../src/adapters/telemetry/lazy-telemetry.ts';
import { loadConfig } from '../../../src/config.ts';
import { otlpReceiver } from '../../support/otlp-receiver.ts';
import { keptLog } from '../../support/kept-log.ts';

test('a collector that takes nothing is named once in the log, and work goes on', async () => {
  const collector = createServer((request, response) => {
    request.resume();
    response.writeHead(403).end();
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  onTestFinished(() => void collector.close());
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const log = keptLog();
  const settings = {
    traces: ['otlp'],
    metrics: ['otlp'],
    azure: null,
    metricSeconds: 60,
    version: '1',
  } as const;
  const telemetry = lazyTelemetry(settings, log);
  await telemetry.start();
  expect(await telemetry.trace({ name: 'scan', kind: 'internal' }, async () => 'done')).toBe('done');
  telemetry.measure([{ instrument: 'vigia.deliveries', value: 1, attributes: {} }]);
  await telemetry.close();
  expect(log.events).toMatchObject([{ event: 'telemetry.not-sent', fields: { error: expect.any(String) } }]);
});

test('a collector whose addresses are given for traces and metrics apart gets both', async () => {
  await using collector = await otlpReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${collector.address}/v1/traces`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', `${collector.address}/v1/metrics`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { telemetry: settings } = loadConfig({
    ...process.env,
    CONTROL_DATABASE: 'Server=127.0.0.1;Database=Vigia;User Id=sa;Password=x',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  });
  const telemetry = lazyTelemetry({ ...settings, version: '1' }, keptLog());
  await telemetry.start();
  await telemetry.trace({ name: 'scan', kind: 'internal' }, async () => 'done');
  telemetry.measure([{ instrument: 'vigia.deliveries', value: 1, attributes: {} }]);
  await telemetry.close();
  expect(collector.spans.map(({ name }) => name)).toEqual(['scan']);
  expect(collector.points.map(({ name }) => name)).toEqual(['vigia.deliveries']);
});

test('a collector gets each of 3,000 companies apart, in every outcome', async () => {
  await using collector = await otlpReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.address);
  onTestFinished(() => void vi.unstubAllEnvs());
  const settings = { traces: [], metrics: ['otlp'], azure: null, metricSeconds: 60, version: '1' } as const;
  const telemetry = lazyTelemetry(settings, keptLog());
  await telemetry.start();
  const told = Array.from({ length: 3_000 }, (_, company) => `${company}`).flatMap((company) =>
    ['accepted', 'rejected', 'failed'].map((outcome) => ({
      'vigia.tenant': company,
      'vigia.outcome': outcome,
    })),
  );
  telemetry.measure(told.map((attributes) => ({ instrument: 'vigia.deliveries', value: 1, attributes })));
  await telemetry.close();
  expect(collector.points).toHaveLength(9_000);
  expect(collector.points.filter(({ attributes }) => 'otel.metric.overflow' in attributes)).toEqual([]);
});

test('an exporter that cannot be used is named in the log, and the others get what they are sent', async () => {
  await using collector = await otlpReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.address);
  onTestFinished(() => void vi.unstubAllEnvs());
  const both = ['azure', 'otlp'] as const;
  const log = keptLog();
  // Without a connection string.
  const telemetry = lazyTelemetry(
    { traces: both, metrics: both, azure: null, metricSeconds: 60, version: '1' },
    log,
  );
  await telemetry.start();
  await telemetry.trace({ name: 'scan', kind: 'internal' }, async () => 'done');
  telemetry.measure([{ instrument: 'vigia.deliveries', value: 1, attributes: {} }]);
  await telemetry.close();
  expect(collector.spans.map(({ name }) => name)).toEqual(['scan']);
  expect(collector.points.map(({ name }) => name)).toEqual(['vigia.deliveries']);
  const failed = { event: 'telemetry.failed', fields: { exporter: 'azure' } };
  expect(log.events).toMatchObject([failed, failed]);
});
