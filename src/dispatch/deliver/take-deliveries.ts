import type { Temporal } from 'temporal-polyfill';
import type { Tally } from '../end/tally.ts';

/** A delivery as it is stored: what its attempt posts. */
export interface TakenDelivery {
  id: number;
  webhookId: string;
  person: string;
  personName: string;
  destination: string;
  subject: string | null;
  text: string;
  rows: string | null;
  /** Attempts before this one. */
  attempts: number;
  /** The delivery whose message this one sends again: it posts the same bytes. */
  repeats?: { executionId: number; deliveryId: number };
}

interface TakeRequest {
  executionId: number;
  /** Deliveries whose next attempt is at most here are due. */
  dueUntil: Temporal.Instant;
  /** Nobody else takes them before. */
  holdUntil: Temporal.Instant;
  limit: number;
}

/** Takes what is due by moving its next attempt ahead. The tally is that after it. */
export type TakeDeliveries = (
  request: TakeRequest,
) => Promise<{ deliveries: readonly TakenDelivery[]; tally: Tally }>;

export interface HoldRequest {
  executionId: number;
  ids: readonly number[];
  /** The hold as it was given. */
  heldUntil: Temporal.Instant;
  until: Temporal.Instant;
}

/** Moves the hold of open deliveries; resolves to the ids that were still held by the caller. */
export type HoldDeliveries = (request: HoldRequest) => Promise<ReadonlySet<number>>;
