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
  /** It is over: only what operators want to be mailed again is still to be told. */
  ended: boolean;
  /** An operator wants one of those that no mail has reported to be mailed now: beside others, or nothing but such. */
  asked: 'no' | 'some' | 'all';
  /** The earliest fault that no mail has reported. */
  oldestUnreported: Temporal.Instant | null;
}
