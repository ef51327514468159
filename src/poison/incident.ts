import type { Temporal } from 'temporal-polyfill';

/** The faults of one tenant and one cause while they last. */
export interface Incident {
  id: number;
  /** '' for faults that belong to no tenant. */
  tenant: string;
  /** A code of domain/reason.ts, or one that a newer or older version has written. */
  reason: string;
  since: Temporal.Instant;
  lastFault: Temporal.Instant;
  faults: number;
  /** Mails sent so far. */
  mails: number;
  /** Its faults came back within an hour of its end. */
  reopened: boolean;
  /** What failed has worked since. */
  recovered: boolean;
  /** An operator wants one of those that no mail has reported to be mailed now. */
  asked: boolean;
  /** The earliest fault that no mail has reported. */
  oldestUnreported: Temporal.Instant | null;
}
