import type { Temporal } from 'temporal-polyfill';
import type { AlertRow } from '../domain/alert.ts';

/** An alert whose pointer has come. */
export interface Candidate {
  alert: string;
  /** age_Proxima, in UTC: its first occurrence that no scan has decided. */
  pointer: Temporal.ZonedDateTime;
  /** age_Huella */
  fingerprint: string;
  /** As it stands now, even while another session changes it; null = deleted. */
  row: AlertRow | null;
}

/** Every alert whose pointer is at most `until`, with all that deciding needs. Waits for nobody's locks. */
export type SelectCandidates = (until: Temporal.Instant) => Promise<readonly Candidate[]>;
