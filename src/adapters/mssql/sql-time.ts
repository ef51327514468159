import { sql, type RawBuilder } from 'kysely';
import { Temporal } from 'temporal-polyfill';

/*
 * Times travel to SQL Server as text with a CAST: tedious would send a Date in the process's own zone, and our servers
 * must not depend on it. They come back as Date (tedious reads with useUTC).
 */

/** A DATETIME2(3) in UTC. */
export function sqlInstant(instant: Temporal.Instant): RawBuilder<never> {
  return sql<never>`CAST(${instantText(instant)} AS DATETIME2(3))`;
}

/** A DATETIMEOFFSET(0) that keeps the zone's offset at that time. */
export function sqlOccurrence(at: Temporal.ZonedDateTime): RawBuilder<never> {
  return sql<never>`CAST(${occurrenceText(at)} AS DATETIMEOFFSET(0))`;
}

/** The text form of a DATETIME2(3) in UTC, for values inside a JSON parameter. */
export function instantText(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'millisecond' }).slice(0, -1);
}

/** The text form of a DATETIMEOFFSET(0), for values inside a JSON parameter. */
export function occurrenceText(at: Temporal.ZonedDateTime): string {
  return at.toString({ smallestUnit: 'second', timeZoneName: 'never', calendarName: 'never' });
}

/** A DATETIME2(3) in UTC or a DATETIMEOFFSET as tedious gives it. */
export function instantFrom(date: Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime());
}

/** The same as ISO 8601 in UTC. */
export function isoFrom(date: Date): string {
  return instantFrom(date).toString();
}

/** For a SELECT: a DATETIMEOFFSET with its own offset, which tedious would lose, for `occurrenceFrom`. */
export function occurrenceColumn(column: string): RawBuilder<string | null> {
  return sql<string | null>`CONVERT(VARCHAR(26), ${sql.ref(column)}, 121)`;
}

/** `2026-03-02 12:49:00 -03:00` as ISO 8601 has it. */
export function occurrenceFrom(text: string): string {
  const [date = '', time = '', offset = ''] = text.split(' ');
  return `${date}T${time}${offset}`;
}
