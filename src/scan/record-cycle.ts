import type { Temporal } from 'temporal-polyfill';

/** What one scan did. */
export interface ScanReport {
  /** Its now. */
  at: Temporal.Instant;
  durationMs: number;
  /** Alerts whose pointer had come. */
  candidates: number;
  claimed: number;
  /** Occurrences recorded as PERDIDA, for whatever reason. */
  missed: number;
  swept: number;
  /** Alerts that the next scan must claim, because this one had no time. */
  left: number;
  /** Refresh and claims are stored to the last: the next restarts count from here. */
  finished: boolean;
  /** `step: message`, of the steps that the next scan does again. */
  failures: readonly string[];
}

/** Stores the scan, raises the time of the last finished one, which never goes back, and forgets scans of a month ago. */
export type RecordCycle = (report: ScanReport) => Promise<void>;
