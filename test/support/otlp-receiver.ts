import { createServer, type IncomingHttpHeaders } from 'node:http';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';
import { z } from 'zod';

/** What of OpenTelemetry's protocol the tests look at: https://github.com/open-telemetry/opentelemetry-proto */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message AnyValue { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Status { string message = 2; int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    repeated KeyValue attributes = 9; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message NumberPoint { double as_double = 4; sfixed64 as_int = 6; repeated KeyValue attributes = 7; }
  message HistogramPoint { fixed64 count = 4; double sum = 5; repeated KeyValue attributes = 9; }
  message Gauge { repeated NumberPoint data_points = 1; }
  message Sum { repeated NumberPoint data_points = 1; }
  message Histogram { repeated HistogramPoint data_points = 1; }
  message Metric { string name = 1; string unit = 3; Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`);

const keyValues = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])));
const hex = z.string().transform((base64) => Buffer.from(base64, 'base64').toString('hex'));
const span = z.object({
  traceId: hex,
  spanId: hex,
  parentSpanId: hex.optional(),
  name: z.string(),
  kind: z.number(),
  attributes: keyValues,
  status: z.object({ code: z.number().optional() }).optional(),
});
const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: keyValues }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});
const point = z.object({
  asDouble: z.number().optional(),
  asInt: z.coerce.number().optional(),
  count: z.coerce.number().optional(),
  sum: z.number().optional(),
  attributes: keyValues,
});
const points = z.object({ dataPoints: z.array(point).default([]) }).optional();
const metric = z.object({
  name: z.string(),
  unit: z.string(),
  gauge: points,
  sum: points,
  histogram: points,
});
const metrics = z.object({
  resourceMetrics: z.array(z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) })),
});

type ReceivedSpan = z.output<typeof span> & { resource: Record<string, unknown> };

/** The last value of a series; of a histogram the count. */
interface ReceivedPoint {
  name: string;
  unit: string;
  value: number;
  sum: number | undefined;
  attributes: Record<string, unknown>;
}

export interface OtlpReceiver extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  address: string;
  spans: readonly ReceivedSpan[];
  points: readonly ReceivedPoint[];
  /** Of each request. */
  headers: readonly IncomingHttpHeaders[];
  /** Ends when a span or a point of that name has come. */
  heard(name: string): Promise<void>;
}

/** An OpenTelemetry collector that keeps what it gets: OTLP over HTTP with protobuf. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const received: ReceivedPoint[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const news = new EventEmitter();
  const hasCome = (name: string) => [...spans, ...received].some((one) => one.name === name);
  const server = createServer((request, response) => {
    headers.push(request.headers);
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      if (request.url === '/v1/traces') spans.push(...spansIn(body));
      else if (request.url === '/v1/metrics') received.push(...pointsIn(body));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      news.emit('more');
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    spans,
    points: received,
    headers,
    async heard(name) {
      while (!hasCome(name)) await once(news, 'more');
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function spansIn(body: Buffer): ReceivedSpan[] {
  return traces
    .parse(decoded('Traces', body))
    .resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans.map((one) => ({ ...one, resource: resource.attributes }))),
    );
}

function pointsIn(body: Buffer): ReceivedPoint[] {
  const all = metrics
    .parse(decoded('Metrics', body))
    .resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return all.flatMap(({ name, unit, gauge, sum, histogram }) =>
    [gauge, sum, histogram].flatMap((series) =>
      (series?.dataPoints ?? []).map((one) => ({
        name,
        unit,
        value: one.count ?? one.asDouble ?? one.asInt ?? 0,
        sum: one.sum,
        attributes: one.attributes,
      })),
    ),
  );
}

function decoded(type: string, body: Buffer): unknown {
  const message = root.lookupType(type);
  return message.toObject(message.decode(body), { longs: Number, bytes: String });
}
