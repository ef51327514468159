import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { controlDatabase, emptyDatabase } from '../../support/control-database.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { otlpReceiver, type OtlpReceiver } from '../../support/otlp-receiver.ts';
import { storageProxy } from '../../support/storage-proxy.ts';
import { createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';

const told: (string | undefined)[] = [];
let collector: OtlpReceiver;

/** One alert with two recipients, from the scan to the webhooks, with the message as the queue got it. */
beforeAll(async () => {
  collector = await otlpReceiver();
  // Its libraries read it themselves, as the standard wants.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.address);
  const gateway = createServer((request, response) => {
    const { traceparent } = request.headers;
    told.push(traceparent?.toString());
    request.resume();
    response.writeHead(told.length === 1 ? 200 : 410).end();
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  const { port } = gateway.address() as AddressInfo;
  await using database = await controlDatabase();
  await using tenant = await emptyDatabase();
  await createTenantTables(tenant.db);
  await fillTenant(tenant.db, [
    { code: 'P1', phone: '11 2345-6789' },
    { code: 'P2', phone: '11 2345-6790' },
  ]);
  await fillControl(database.db, tenant.connection, `127.0.0.1:${port}`);
  await using storage = await storageProxy(inject('ports'));
  const clock = clockAt('2026-03-02T12:48:55-03:00');
  const config = loadConfig({
    CONTROL_DATABASE: database.connection,
    AzureWebJobsStorage: storage.connection,
    WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
  });
  const app = createVigia(config, { clock, write: () => undefined });
  try {
    // A trace that the host does not keep: ours are kept all the same.
    await app.scanDueAlerts('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00');
    const body = storage.bodies.find((one) => one.includes('traceparent')) ?? '';
    const message = body.replaceAll('&quot;', '"').match(/\{.*\}/)?.[0] ?? '';
    const dispatching = app.dispatchAlert(JSON.parse(message));
    await clock.moveBy({ seconds: 6 });
    expect(await dispatching).toMatchObject({ kind: 'closed', state: 'PARCIAL' });
  } finally {
    // As the host does when it takes the instance away.
    await app.closeTelemetry();
    await app.close();
    gateway.close();
  }
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await collector[Symbol.asyncDispose]();
});

test('one trace leads from the scan through the message to the dispatch and its webhooks', () => {
  const { spans } = collector;
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
  const [scan] = spans.filter(({ name }) => name === 'scan');
  const [dispatch] = spans.filter(({ name }) => name === 'process vigia-alerts');
  const calls = spans.filter(({ name }) => name === 'POST');
  expect(scan?.parentSpanId).toBe('b7ad6b7169203331');
  expect(dispatch?.parentSpanId).toBe(scan?.spanId);
  expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual([dispatch?.spanId, dispatch?.spanId]);
  expect(scan?.resource).toMatchObject({ 'service.name': 'vigia' });
});

test('each webhook is told of the span of its call', () => {
  const calls = collector.spans.filter(({ name }) => name === 'POST');
  const expected = calls.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
  expect(new Set(told)).toEqual(new Set(expected));
  expect(told).toHaveLength(2);
});

test('spans tell what came of it, and no more of the address than its host', () => {
  const calls = collector.spans.filter(({ name }) => name === 'POST');
  expect(calls.map(({ attributes }) => attributes['http.response.status_code'])).toEqual(
    expect.arrayContaining([200, 410]),
  );
  for (const { attributes } of calls) {
    expect(attributes).toMatchObject({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'vigia.tenant': '0001',
    });
  }
  expect(JSON.stringify(collector.spans)).not.toContain('/whatsapp');
});

test('metrics count what was due, claimed, sent and refused, by company and channel', () => {
  const points = collector.points.map(({ name, value, attributes }) => ({ name, value, attributes }));
  const whose = { 'vigia.tenant': '0001', 'vigia.channel': 'whatsapp' };
  expect(points).toEqual(
    expect.arrayContaining([
      { name: 'vigia.scan.duration', value: 1, attributes: {} },
      { name: 'vigia.occurrences.due', value: 1, attributes: {} },
      { name: 'vigia.occurrences.claimed', value: 1, attributes: {} },
      { name: 'vigia.occurrences.missed', value: 0, attributes: {} },
      { name: 'vigia.deliveries', value: 1, attributes: { ...whose, 'vigia.outcome': 'accepted' } },
      { name: 'vigia.deliveries', value: 1, attributes: { ...whose, 'vigia.outcome': 'rejected' } },
      { name: 'vigia.delivery.lateness', value: 2, attributes: whose },
      { name: 'vigia.dispatch.duration', value: 1, attributes: { ...whose, 'vigia.state': 'PARCIAL' } },
      { name: 'vigia.faults.unreported', value: 0, attributes: {} },
      { name: 'vigia.queue.age', value: 0, attributes: {} },
    ]),
  );
});
