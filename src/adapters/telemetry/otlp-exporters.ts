import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/*
 * Imported here and not where they are needed: the libraries are CommonJS, whose names the packed app does not find in an
 * import() of its own.
 */

export function otlpSpanExporter(): SpanExporter {
  return new OTLPTraceExporter();
}

export function otlpMetricExporter(): PushMetricExporter {
  return new OTLPMetricExporter();
}
