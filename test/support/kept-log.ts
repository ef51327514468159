import type { LogFields, Logger } from '../../src/core/logger.ts';

/** A logger that keeps what it is told. */
export function keptLog(): Logger & { events: { event: string; fields: LogFields }[] } {
  const events: { event: string; fields: LogFields }[] = [];
  const keep = (event: string, fields: LogFields = {}): void => void events.push({ event, fields });
  return { events, info: keep, warn: keep, error: keep };
}
