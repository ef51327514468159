import type { Temporal } from 'temporal-polyfill';
import type { Occurrence } from '../domain/occurrence.ts';

/** As the contract has it. */
export function shownOccurrence({ key, at }: Occurrence) {
  return { at: textOf(at), local: at.toPlainDateTime().toString(), key };
}

/** ISO 8601 with the offset. */
export function textOf(at: Temporal.ZonedDateTime): string {
  return at.toString({ timeZoneName: 'never', calendarName: 'never' });
}
