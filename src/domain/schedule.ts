import type { Temporal } from 'temporal-polyfill';

/** When an alert fires, in the wall time of its tenant. Parsed and canonical: two rows that mean the same are equal. */
export type Schedule =
  | { kind: 'daily'; time: Temporal.PlainTime }
  | { kind: 'weekly'; time: Temporal.PlainTime; weekdays: readonly IsoWeekday[] }
  | { kind: 'calendar'; time: Temporal.PlainTime; daysByMonth: DaysByMonth; lastDayInstead: boolean }
  | { kind: 'listed'; entries: readonly Temporal.PlainDateTime[] };

/** 1 = Monday … 7 = Sunday. */
export type IsoWeekday = number;

/**
 * Twelve lists, January first, of days 1-31 in rising order. A day that its month lacks is skipped, or with
 * `lastDayInstead` taken as the month's last day.
 */
export type DaysByMonth = readonly (readonly number[])[];
