import type { Logger } from '../../core/logger.ts';
import { noTelemetry, type Telemetry } from '../../core/telemetry.ts';
import type { TelemetrySettings } from './start-telemetry.ts';

/**
 * Telemetry whose libraries are loaded with the first `start`, and never where no exporter is set: they would be a third
 * of a cold start. That they cannot be started, or get nothing away, is logged and stops nothing.
 */
export function lazyTelemetry(
  settings: TelemetrySettings,
  log: Logger,
): Telemetry & { start: () => Promise<void> } {
  let telemetry = noTelemetry;
  let starting: Promise<void> | undefined;
  const isWanted = settings.traces.length + settings.metrics.length > 0;
  const start = async () => {
    try {
      const { startTelemetry } = await import('./start-telemetry.ts');
      telemetry = await startTelemetry(settings, {
        tellLoss: (said) => log.warn('telemetry.not-sent', { error: said }),
        tellFailure: (exporter, cause) => log.error('telemetry.failed', { exporter }, cause),
      });
    } catch (cause) {
      log.error('telemetry.failed', {}, cause);
    }
  };
  return {
    start: async () => {
      if (isWanted) await (starting ??= start());
    },
    trace: (span, work) => telemetry.trace(span, work),
    traceparent: () => telemetry.traceparent(),
    measure: (measurements) => telemetry.measure(measurements),
    close: () => telemetry.close(),
  };
}
