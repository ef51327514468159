import type { Temporal } from 'temporal-polyfill';
import type { AlertParse } from '../../domain/alert.ts';

/** All that is known of what became of an alert on a date. Read from the control database; nothing is decided here. */
export interface Facts {
  now: Temporal.Instant;
  /** The alert's code, as it was asked for. */
  code: string;
  /** The tenant's zone: `date` is a day there. */
  zone: string;
  date: Temporal.PlainDate;
  /** null: CT_Alertas_Config has no such row. */
  alert: KnownAlert | null;
  /** Newest first, with what resends them. */
  executions: readonly KnownExecution[];
  scans: Scans;
  /** Pauses that were, are or will be in force at some time of that date, for this alert. */
  pauses: readonly KnownPause[];
  /** null: nobody was asked for. */
  person: PersonFacts | null;
  policy: WhyPolicy;
}

export interface WhyPolicy {
  /** ALERTS_CATCH_UP_MINUTES */
  catchUpMinutes: number;
  /** ALERTS_WINDOW_MINUTES */
  windowMinutes: number;
}

export interface KnownAlert {
  name: string | null;
  parse: AlertParse;
  active: boolean;
  tenant: { code: string; name: string | null; active: boolean } | null;
  /** cfgper_Cod and cfgprf_Cod: whom it is for. */
  person: string | null;
  profile: string | null;
  /** ALERTS_ONLY lets Vigía run it. */
  ours: boolean;
  /** age_Proxima: its first occurrence that no scan has decided. undefined: no scan has seen the alert yet. */
  pointer: Temporal.Instant | null | undefined;
  /** The day of its first execution on record. */
  firstDay: Temporal.PlainDate | null;
}

export interface KnownExecution {
  id: number;
  /** null: written by the system before us. */
  origin: string | null;
  /** sch_Ocurrencia; null of the system before us. */
  at: Temporal.Instant | null;
  /** With the offset, as stored. */
  occurrence: string | null;
  resends: number | null;
  state: string | null;
  reason: string | null;
  detail: string | null;
  prepared: boolean;
  /** When its messages began to go out; null: it did not come to that, or nobody knows. */
  preparedAt: Temporal.Instant | null;
  /** Somebody is preparing it, until then at the latest. */
  heldUntil: Temporal.Instant | null;
  /** It waits for something to pass, until then. */
  waitsUntil: Temporal.Instant | null;
  reviewAt: Temporal.Instant | null;
  /** How many deliveries stand in each msg_Estado. */
  tally: Readonly<Record<string, number>>;
  /** The first few of those that gateways could not deliver. */
  lost: readonly LostDelivery[];
}

export interface LostDelivery {
  person: string;
  name: string | null;
  /** What the gateway said. */
  error: string | null;
}

/** The scans around the occurrence that the answer is about. */
export interface Scans {
  /** Of all that are on record (30 days). */
  first: Temporal.Instant | null;
  last: Temporal.Instant | null;
  /** The last one before the window of the occurrence. */
  before: KnownScan | null;
  /** The first ones whose window reached it, in order. */
  covering: readonly KnownScan[];
}

export interface KnownScan {
  id: number;
  at: Temporal.Instant;
  error: string | null;
}

export interface KnownPause {
  from: Temporal.Instant;
  until: Temporal.Instant | null;
  by: string | null;
  why: string | null;
}

export interface PersonFacts {
  /** As it was asked for: a code, or a part of a name. */
  asked: string;
  /** Who answers to that, in the deliveries of that date. */
  found: readonly { code: string; name: string | null }[];
  /** Of the one who was found. */
  deliveries: readonly KnownDelivery[];
  /** When nobody was found: the last time before that the alert had a delivery for that code. */
  earlier: { code: string; name: string | null; executionId: number; day: Temporal.PlainDate | null } | null;
  /** What the tenant's database says of them now; null: it was not asked, because the records answer. */
  live: LiveRecipient | null;
}

export type LiveRecipient =
  | { kind: 'recipient'; code: string; name: string; destination: string }
  | { kind: 'unreachable'; code: string; name: string; detail: string }
  | { kind: 'several'; persons: readonly { code: string; name: string }[] }
  | { kind: 'absent' }
  /** The database did not say. */
  | { kind: 'unknown'; detail: string };

export interface KnownDelivery {
  id: number;
  executionId: number;
  /** '' without a usable contact. */
  destination: string | null;
  state: string | null;
  error: string | null;
  attempts: number;
  nextAttempt: Temporal.Instant | null;
  /** msg_FechaEnvio and msg_FechaRespuesta, on the tenant's clocks. */
  sentAt: Temporal.PlainDateTime | null;
  repliedAt: Temporal.PlainDateTime | null;
  /** The last one; null: none yet. */
  attempt: KnownAttempt | null;
  /** Of a duplicate: whose message has the same destination. */
  twin: { person: string; state: string | null } | null;
}

interface KnownAttempt {
  number: number;
  at: Temporal.Instant;
  durationMs: number;
  status: number | null;
  error: string | null;
}
