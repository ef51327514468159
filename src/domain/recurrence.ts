import { Temporal } from 'temporal-polyfill';
import type { Occurrence } from './occurrence.ts';
import type { Schedule } from './schedule.ts';

type Periodic = Exclude<Schedule, { kind: 'listed' }>;

/** Beyond it a DATETIMEOFFSET in UTC could overflow. */
const LAST_YEAR = 9998;

/** Every occurrence with `from` ≤ instant ≤ `to`, in order. Costs what lies between, however far away that is. */
export function occurrencesBetween(
  schedule: Schedule,
  zone: string,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Occurrence[] {
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesFrom(schedule, zone, from)) {
    if (Temporal.Instant.compare(occurrence.at.toInstant(), to) > 0) break;
    found.push(occurrence);
  }
  return found;
}

/** At most `limit` occurrences with `from` ≤ instant < `before` (null = no end), in order. */
export function occurrencesPage(
  schedule: Schedule,
  zone: string,
  { from, before, limit }: { from: Temporal.Instant; before: Temporal.Instant | null; limit: number },
): Occurrence[] {
  const found: Occurrence[] = [];
  for (const occurrence of occurrencesFrom(schedule, zone, from)) {
    const at = occurrence.at.toInstant();
    if (found.length === limit || (before !== null && Temporal.Instant.compare(at, before) >= 0)) break;
    found.push(occurrence);
  }
  return found;
}

/** The first occurrence at or after `from`; null when there is none any more. */
export function nextOccurrence(schedule: Schedule, zone: string, from: Temporal.Instant): Occurrence | null {
  const { value } = occurrencesFrom(schedule, zone, from).next();
  return value ?? null;
}

/** The occurrence that has this key; null when the schedule has none such (any more). */
export function occurrenceOfKey(schedule: Schedule, zone: string, key: string): Occurrence | null {
  if (schedule.kind === 'listed') {
    const entry = schedule.entries.find((listed) => keyOfEntry(listed) === key);
    return entry === undefined ? null : listedOccurrence(entry, zone);
  }
  const date = localDate(key);
  if (date === null) return null;
  const [first] = datesFrom(schedule, date);
  return first?.equals(date) ? dailyOccurrence(first, schedule.time, zone) : null;
}

/** In order of their instants; endless for periodic schedules, so take what you need. */
function* occurrencesFrom(
  schedule: Schedule,
  zone: string,
  from: Temporal.Instant,
): Generator<Occurrence, undefined> {
  for (const occurrence of candidates(schedule, zone, from)) {
    if (Temporal.Instant.compare(occurrence.at.toInstant(), from) >= 0) yield occurrence;
  }
}

function* candidates(schedule: Schedule, zone: string, from: Temporal.Instant): Generator<Occurrence> {
  if (schedule.kind === 'listed') {
    yield* schedule.entries.map((entry) => listedOccurrence(entry, zone)).sort(byInstant);
    return;
  }
  // A gap can push the occurrence of the day before into the day of `from`: by an hour at midnight, by 24 in Samoa.
  const start = from.toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 1 });
  for (const date of datesFrom(schedule, start)) yield dailyOccurrence(date, schedule.time, zone);
}

function* datesFrom(schedule: Periodic, start: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  switch (schedule.kind) {
    case 'daily':
      for (let date = start; date.year <= LAST_YEAR; date = date.add({ days: 1 })) yield date;
      return;
    case 'weekly':
      for (let date = start; date.year <= LAST_YEAR; date = date.add({ days: 1 })) {
        if (schedule.weekdays.includes(date.dayOfWeek)) yield date;
      }
      return;
    case 'calendar':
      for (let month = start.toPlainYearMonth(); month.year <= LAST_YEAR; month = month.add({ months: 1 })) {
        for (const day of daysOf(month, schedule)) {
          const date = month.toPlainDate({ day });
          if (Temporal.PlainDate.compare(date, start) >= 0) yield date;
        }
      }
  }
}

function daysOf(
  month: Temporal.PlainYearMonth,
  { daysByMonth, lastDayInstead }: Extract<Schedule, { kind: 'calendar' }>,
): readonly number[] {
  const wanted = daysByMonth[month.month - 1] ?? [];
  const last = month.daysInMonth;
  const existing = wanted.filter((day) => day <= last);
  const oneIsLacking = existing.length < wanted.length;
  return lastDayInstead && oneIsLacking && existing.at(-1) !== last ? [...existing, last] : existing;
}

function dailyOccurrence(date: Temporal.PlainDate, time: Temporal.PlainTime, zone: string): Occurrence {
  return { key: date.toString(), at: instantOf(date.toPlainDateTime(time), zone) };
}

function listedOccurrence(entry: Temporal.PlainDateTime, zone: string): Occurrence {
  return { key: keyOfEntry(entry), at: instantOf(entry, zone) };
}

function keyOfEntry(entry: Temporal.PlainDateTime): string {
  return entry.toString({ smallestUnit: 'second' });
}

/** RFC 5545, 3.3.5: in a gap the offset before it counts, in a fold the earlier instant. */
function instantOf(local: Temporal.PlainDateTime, zone: string): Temporal.ZonedDateTime {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' });
}

function byInstant(a: Occurrence, b: Occurrence): number {
  return Temporal.ZonedDateTime.compare(a.at, b.at) || a.key.localeCompare(b.key);
}

function localDate(key: string): Temporal.PlainDate | null {
  return /^\d{4}-\d\d-\d\d$/.test(key) ? Temporal.PlainDate.from(key) : null;
}
