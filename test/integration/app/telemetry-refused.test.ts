import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lazyTelemetry } from '../../../src/adapters/telemetry/lazy-telemetry.ts';
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
