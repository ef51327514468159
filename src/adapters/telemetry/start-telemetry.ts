import {
  context,
  diag,
  DiagLogLevel,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { z } from 'zod';
import { jsonOf } from '../../core/json-of.ts';
import type { Attributes, Telemetry } from '../../core/telemetry.ts';
import { metricExporter, spanExporter } from './exporters.ts';
import { instruments } from './measurements.ts';

/** Where telemetry goes: `otlp` to an OpenTelemetry collector, `azure` to Application Insights. */
export type Exporter = 'otlp' | 'azure';

export interface TelemetrySettings {
  traces: readonly Exporter[];
  metrics: readonly Exporter[];
  /** Of Application Insights; null where it is no exporter. */
  azure: { connectionString: string; signsIn: boolean; clientId: string | null } | null;
  /** How often metrics are sent. */
  metricSeconds: number;
  version: string;
}

export interface TelemetryTroubles {
  /** Something could not be sent; once an hour. */
  tellLoss: (said: string) => void;
  /** An exporter cannot be used. */
  tellFailure: (exporter: Exporter, cause: unknown) => void;
}

const kinds = { internal: SpanKind.INTERNAL, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };
/** So long may sending what is left take when the process ends. */
const closingMs = 3_000;
/** Of what the libraries say of a failure. */
const longestSaid = 300;
const silenceMs = 3_600_000;
/**
 * What one instance may tell apart in one export; the rest is one series, otel.metric.overflow. A company has at most 12
 * (channels and outcomes): more than 800 companies of which each has all of them in one minute. Ten thousand take 9 MB.
 */
const mostSeries = 10_000;

/**
 * Starts OpenTelemetry for this process. What else the standard variables say (headers, sampling, resource attributes,
 * time limits) its libraries read themselves.
 */
export async function startTelemetry(
  settings: TelemetrySettings,
  { tellLoss, tellFailure }: TelemetryTroubles,
): Promise<Telemetry> {
  const named = resourceFromAttributes({ 'service.name': 'vigia', 'service.version': settings.version });
  const resource = defaultResource()
    .merge(named)
    .merge(detectResources({ detectors: [envDetector] }));
  const spanExporters = await loaded(settings.traces, (one) => spanExporter(one, settings), tellFailure);
  // The host may go on a trace of which it keeps nothing itself; the alert for what fails looks at our spans all the same.
  const sampler = process.env['OTEL_TRACES_SAMPLER'] === undefined ? { sampler: new AlwaysOnSampler() } : {};
  const tracers = new NodeTracerProvider({
    ...sampler,
    resource,
    spanProcessors: spanExporters.map((exporter) => new BatchSpanProcessor(exporter)),
  });
  tracers.register();
  const metricExporters = await loaded(settings.metrics, (one) => metricExporter(one, settings), tellFailure);
  const exportIntervalMillis = settings.metricSeconds * 1000;
  const readers = metricExporters.map(
    (exporter) =>
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis,
        exportTimeoutMillis: exportIntervalMillis,
        cardinalityLimits: { default: mostSeries },
      }),
  );
  const meters = new MeterProvider({ resource, readers });
  tellErrors(tellLoss);
  return {
    ...tracing(tracers),
    measure: measuring(meters),
    close: async () => {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, closingMs).unref());
      await Promise.race([Promise.allSettled([tracers.shutdown(), meters.shutdown()]), patience]);
    },
  };
}

/** What could be loaded of them: one that cannot takes no other along. */
async function loaded<T>(
  exporters: readonly Exporter[],
  load: (exporter: Exporter) => Promise<T>,
  tellFailure: TelemetryTroubles['tellFailure'],
): Promise<T[]> {
  const all = exporters.map(async (exporter) => {
    try {
      return [await load(exporter)];
    } catch (cause) {
      tellFailure(exporter, cause);
      return [];
    }
  });
  return (await Promise.all(all)).flat();
}

const thrown = z.object({ message: z.string() });

/** Of themselves the libraries tell nobody. Once an hour is enough: what is refused is refused again with each attempt. */
function tellErrors(tell: (said: string) => void): void {
  let toldAt = -Infinity;
  const ignore = () => undefined;
  const error = (said: string) => {
    if (performance.now() - toldAt < silenceMs) return;
    toldAt = performance.now();
    const { data } = thrown.safeParse(jsonOf(said));
    tell((data?.message ?? said).slice(0, longestSaid));
  };
  diag.setLogger(
    { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}

function tracing(provider: NodeTracerProvider): Pick<Telemetry, 'trace' | 'traceparent'> {
  const tracer = provider.getTracer('vigia');
  return {
    trace: async ({ name, kind, attributes = {}, traceparent }, work) => {
      const cause = traceparent === undefined ? context.active() : contextOf(traceparent);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: given(attributes) }, cause);
      try {
        return await context.with(trace.setSpan(cause, span), () =>
          work((added) => span.setAttributes(given(added))),
        );
      } catch (error) {
        span.setAttribute('error.type', error instanceof Error ? error.name : 'error');
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent: () => {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
  };
}

function contextOf(traceparent: string): Context {
  return propagation.extract(context.active(), { traceparent });
}

function measuring(provider: MeterProvider): Telemetry['measure'] {
  const meter = provider.getMeter('vigia');
  const all = new Map<string, (value: number, attributes: Attributes) => void>();
  for (const [name, { kind, unit, description }] of Object.entries(instruments)) {
    const options = { unit, description };
    if (kind === 'counter') {
      const counter = meter.createCounter(name, options);
      all.set(name, (value, attributes) => counter.add(value, given(attributes)));
    } else {
      const recorder =
        kind === 'gauge' ? meter.createGauge(name, options) : meter.createHistogram(name, options);
      all.set(name, (value, attributes) => recorder.record(value, given(attributes)));
    }
  }
  return (measurements) => {
    for (const { instrument, value, attributes } of measurements) all.get(instrument)?.(value, attributes);
  };
}

function given(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
