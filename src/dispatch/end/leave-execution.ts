import type { Temporal } from 'temporal-polyfill';
import type { Reason } from '../../domain/reason.ts';

interface StoredWait {
  executionId: number;
  owner: string | null;
  /** Nobody opens the execution before. */
  until: Temporal.Instant;
  /** Why; null when only the working time is over. */
  reason: Reason | null;
  detail: string | null;
}

/** Gives the lease up until a later time. This dispatch has ended in order. False: the lease is another's. */
export type StoreWait = (wait: StoredWait) => Promise<boolean>;

/**
 * A dispatch of a prepared execution ends in order with deliveries still open. One that delivered nothing proves nothing
 * of those before it: it takes back its own opening alone.
 */
export type EndRounds = (executionId: number, openings: 'all' | 'own') => Promise<void>;

/** Gives the lease up after a fault, for the host's next attempt. The opening still counts as not ended in order. */
export type ReleaseLease = (lease: {
  executionId: number;
  owner: string;
  now: Temporal.Instant;
}) => Promise<void>;

/** Moves an execution to the time that its edited alert has, and gives the lease up. False: the lease is another's. */
export type MoveExecution = (move: {
  executionId: number;
  owner: string;
  to: Temporal.ZonedDateTime;
  /** sch_Revisar */
  reviewAt: Temporal.Instant;
}) => Promise<boolean>;
