import { Temporal } from 'temporal-polyfill';
import type { PlannedAlert } from './plan-alerts.ts';
import type { Fate } from './plan-companies.ts';

/** One (alert, occurrence), with what is to become of each of its recipients. */
export interface ExpectedExecution {
  alert: string;
  at: Temporal.Instant;
  /** `alert#number of the occurrence`: the same in every run with the same seed. */
  name: string;
  /** By person. Empty for the alert that kills when it is opened. */
  fates: Readonly<Record<string, Fate>>;
  fatal: boolean;
}

/** What an alert that was written at `from` must lead to. */
export function expectedOf(
  { code, company, profile, seconds }: PlannedAlert,
  from: Temporal.Instant,
): ExpectedExecution[] {
  const members = company.profiles[profile]?.members ?? [];
  const fates = Object.fromEntries(members.map((person) => [person, company.fates[person] ?? 'accepts']));
  return seconds.map((second, index) => ({
    alert: code,
    at: from.add({ seconds: second }),
    name: `${code}#${index}`,
    fates,
    fatal: false,
  }));
}

/** Names an (alert, occurrence) whatever the offset that its time is written with. */
export function executionKey(alert: string, at: Temporal.Instant): string {
  return `${alert} ${at.toString({ smallestUnit: 'second' })}`;
}
