import type { Logger } from '../../core/logger.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { measurementsOf } from './measurements.ts';

/** Writes every line as before, and measures what it tells: a flow says once what happened. */
export function measuringLogger(log: Logger, { measure }: Pick<Telemetry, 'measure'>): Logger {
  return {
    info: (event, fields) => {
      log.info(event, fields);
      measure(measurementsOf(event, fields ?? {}));
    },
    warn: (event, fields) => {
      log.warn(event, fields);
      measure(measurementsOf(event, fields ?? {}));
    },
    error: (event, fields, cause) => log.error(event, fields, cause),
  };
}
