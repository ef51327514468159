import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { LogFields, Logger } from '../../core/logger.ts';
import { messagesOf } from './json-logger.ts';
import { spanishLine } from './spanish-line.ts';

/** Lines for the person at the terminal, in Spanish, each with the time of day in the given zone. */
export function textLogger(clock: Clock, zone: string, write: (line: string) => void): Logger {
  const line = (level: 'info' | 'warn' | 'error', event: string, fields: LogFields = {}, cause?: unknown) => {
    const text = spanishLine(level, event, localized(fields, zone));
    if (text === null) return;
    const time = clock.now().toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: 'millisecond' });
    write(`${time} ${text}${cause === undefined ? '' : `: ${messagesOf(cause)}`}\n`);
  };
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, fields, cause) => line('error', event, fields, cause),
  };
}

/** Instants (`…Z`) become local times, so that all times in a line are of one zone. */
function localized(fields: LogFields, zone: string): LogFields {
  const shown = Object.entries(fields).map(([name, value]) => {
    const isInstant = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value);
    return [
      name,
      isInstant ? Temporal.Instant.from(value).toZonedDateTimeISO(zone).toString() : value,
    ] as const;
  });
  return Object.fromEntries(shown);
}
