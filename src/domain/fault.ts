import type { Temporal } from 'temporal-polyfill';
import type { Reason } from './reason.ts';

/** A row for the outbox of reports (CT_Scheduler_Fallas), stored in the transaction of what it reports. */
export interface Fault {
  reason: Reason;
  /** A sentence for people, without secrets. */
  detail: string;
  at: Temporal.Instant;
  executionId?: number;
  alert?: string;
  tenant?: string;
  /** The raw body of a queue message that is not ours, cut. */
  body?: string;
}
