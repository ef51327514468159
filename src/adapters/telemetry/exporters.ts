import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Exporter, TelemetrySettings } from './start-telemetry.ts';

/** Loads what it needs alone: Application Insights' libraries are large. */
export async function spanExporter(exporter: Exporter, settings: TelemetrySettings): Promise<SpanExporter> {
  if (exporter === 'otlp') {
    const { otlpSpanExporter } = await import('./otlp-exporters.ts');
    return otlpSpanExporter();
  }
  const { AzureMonitorTraceExporter } = await import('@azure/monitor-opentelemetry-exporter');
  return new AzureMonitorTraceExporter(await azureOptions(settings));
}

export async function metricExporter(
  exporter: Exporter,
  settings: TelemetrySettings,
): Promise<PushMetricExporter> {
  if (exporter === 'otlp') {
    const { otlpMetricExporter } = await import('./otlp-exporters.ts');
    return otlpMetricExporter();
  }
  const { AzureMonitorMetricExporter } = await import('@azure/monitor-opentelemetry-exporter');
  return new AzureMonitorMetricExporter(await azureOptions(settings));
}

/** The connection string alone is for resources that let anybody write. */
async function azureOptions({ azure }: TelemetrySettings) {
  if (azure === null) throw new Error('APPLICATIONINSIGHTS_CONNECTION_STRING is missing.');
  const { connectionString, signsIn, clientId } = azure;
  if (!signsIn) return { connectionString };
  const { DefaultAzureCredential } = await import('@azure/identity');
  const identity = clientId === null ? {} : { managedIdentityClientId: clientId };
  return { connectionString, credential: new DefaultAzureCredential(identity) };
}
