import type { TimeSettings } from '../domain/alert.ts';

/** What the settings say to the timer half. */
export interface ScanPolicy extends TimeSettings {
  /** ALERTS_WINDOW_MINUTES: how far from now an occurrence may lie to be picked up by a scan. */
  windowMinutes: number;
  /** ALERTS_CATCH_UP_MINUTES: how late an alert without cfg_RecuperacionMin may still go out. */
  catchUpMinutes: number;
  /** ALERTS_MISSED_DAYS: how far back missed occurrences are recorded one by one. */
  missedDays: number;
  /** ALERTS_PREPARE_SECONDS: how long before its instant an execution's message becomes visible. */
  prepareSeconds: number;
  /** EXECUTION_LEASE_SECONDS: what times without a sign of life are measured in. */
  leaseSeconds: number;
  /** ALERTS_ONLY: the codes that Vigía runs; null = all. */
  only: { tenants: readonly string[]; alerts: readonly string[] } | null;
  /** RETENTION_DAYS: how long records are kept. */
  retentionDays: number;
  /** Version of the time zone data in use, such as 2026a. */
  timeZoneData: string;
}
