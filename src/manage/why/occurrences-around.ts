import type { Temporal } from 'temporal-polyfill';
import type { Alert } from '../../domain/alert.ts';
import type { Occurrence } from '../../domain/occurrence.ts';
import { nextOccurrence, occurrencesBetween } from '../../domain/recurrence.ts';

/** How far back the occurrence before a date is looked for: what comes often is found in the first. 29 February in the last. */
const daysBack = [8, 62, 800, 3_000];

export interface Around {
  /** Those of that day in the alert's zone: by its clocks, or by the key (a gap can push one into the next day). */
  on: readonly Occurrence[];
  before: Occurrence | null;
  after: Occurrence | null;
}

/** What an alert's schedule, as it stands now, has on a date and around it. */
export function occurrencesAround({ schedule, zone }: Alert, date: Temporal.PlainDate): Around {
  const from = date.toZonedDateTime(zone).toInstant();
  const to = date.add({ days: 1 }).toZonedDateTime(zone).toInstant();
  const isOn = ({ key, at }: Occurrence) =>
    key.slice(0, 10) === date.toString() || at.toPlainDate().equals(date);
  const reachingOver = to.add({ hours: 25 });
  return {
    on: occurrencesBetween(schedule, zone, from, reachingOver).filter(isOn),
    before: lastBefore({ schedule, zone }, from),
    after: nextOccurrence(schedule, zone, to),
  };
}

function lastBefore({ schedule, zone }: Pick<Alert, 'schedule' | 'zone'>, before: Temporal.Instant) {
  const to = before.subtract({ nanoseconds: 1 });
  for (const days of daysBack) {
    const last = occurrencesBetween(schedule, zone, before.subtract({ hours: 24 * days }), to).at(-1);
    if (last !== undefined) return last;
  }
  return null;
}
