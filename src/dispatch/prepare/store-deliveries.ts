import type { Temporal } from 'temporal-polyfill';
import type { DeliveryState } from '../../domain/delivery.ts';
import type { Tally } from '../end/tally.ts';

export interface NewDelivery {
  person: string;
  personName: string;
  /** '' without a usable contact. */
  destination: string;
  state: Extract<DeliveryState, 'PENDIENTE' | 'SIN_CONTACTO' | 'DUPLICADO'>;
  /** msg_Uuid; a UUID. */
  webhookId: string;
  subject: string | null;
  text: string | null;
  /** Its own rows as JSON, when the query runs once per person. */
  rows: string | null;
  error: string | null;
}

export interface DeliverySet {
  executionId: number;
  owner: string;
  alert: string;
  /** sch_PayloadJson. */
  payload: string;
  deliveries: readonly NewDelivery[];
  /** What an earlier dispatch stored is deleted first: none of it was delivered. */
  anew: boolean;
  /** When the deliveries are due. */
  instant: Temporal.Instant;
  /** The opening in the tenant's wall time (sch_FechaIntento). */
  attemptedAt: Temporal.PlainDateTime;
  now: Temporal.Instant;
  /** With this set the execution is prepared: its lease ends. */
  last: boolean;
}

/**
 * Stores a set of deliveries; a person that has one already keeps that, unless they are stored anew. `lost`: the lease is
 * no longer this owner's, and nothing was stored.
 */
export type StoreDeliveries = (
  set: DeliverySet,
) => Promise<{ kind: 'stored'; tally: Tally } | { kind: 'lost' }>;

export interface StoredDelivery {
  person: string;
  destination: string;
  subject: string | null;
  text: string | null;
}

/** What an earlier dispatch of a not yet prepared execution stored. */
export type LoadStoredDeliveries = (executionId: number) => Promise<readonly StoredDelivery[]>;
