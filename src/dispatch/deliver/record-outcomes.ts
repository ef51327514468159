import type { Temporal } from 'temporal-polyfill';
import type { DeliveryState } from '../../domain/delivery.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Tally } from '../end/tally.ts';

/** One attempt and what it makes of its delivery. */
export interface Outcome {
  deliveryId: number;
  /** 1 for the first. */
  attempt: number;
  state: Extract<DeliveryState, 'ENVIADO' | 'REINTENTO' | 'RECHAZADO' | 'ERROR'>;
  at: Temporal.Instant;
  /** msg_FechaEnvio of an accepted one: the tenant's wall time. */
  sentAt: Temporal.PlainDateTime | null;
  durationMs: number;
  status: number | null;
  /** Why it was not accepted; `detail` is a sentence for operators. */
  reason: Reason | null;
  detail: string | null;
  answer: string | null;
  wamid: string | null;
  nextAttempt: Temporal.Instant | null;
}

export interface OutcomeSet {
  executionId: number;
  outcomes: readonly Outcome[];
  now: Temporal.Instant;
}

/**
 * `finished`: this set left nothing open and everything accepted, and closed the execution as ENVIADA. `bad-value`:
 * nothing was stored, because a value does not fit its column. `unavailable`: nothing was stored, worth trying again.
 */
export type Recording =
  | { kind: 'recorded'; tally: Tally; finished: boolean }
  | { kind: 'bad-value'; detail: string }
  | { kind: 'unavailable'; cause: unknown };

/** Stores a set of outcomes and their attempts in one transaction. A delivery's state only rises. */
export type RecordOutcomes = (set: OutcomeSet) => Promise<Recording>;
