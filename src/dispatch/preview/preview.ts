import type { Temporal } from 'temporal-polyfill';
import type { ExecutionState } from '../../domain/execution.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Row } from '../prepare/run-query.ts';

export interface PreviewRequest {
  alert: string;
  /** null = now. */
  occurrence: Temporal.Instant | null;
  /** Codes of persons; null = everybody. */
  persons: readonly string[] | null;
  /** Recipients to show. */
  limit: number;
}

/** What a dispatch would send. Ready to be written as JSON. */
export interface Preview {
  alert: string;
  name: string;
  tenant: string | null;
  type: string | null;
  channel: string | null;
  occurrence: PreviewedOccurrence;
  goesOut: boolean;
  recordOnly: boolean;
  obstacles: PreviewObstacle[];
  recipients: RecipientCounts;
  notRecipients: string[];
  webhook: PreviewedWebhook | null;
  /** Of all recipients; null where each has rows of its own, or there is no query, or it gave no answer. */
  rows: PreviewedRows | null;
  deliveries: PreviewedDelivery[];
}

interface PreviewedOccurrence {
  /** With the offset of the company's zone. */
  at: string;
  local: string;
  /** The alert's row has an occurrence at this second. */
  scheduled: boolean;
}

/** Why it would not go out. */
export interface PreviewObstacle {
  /** `fuera_de_alcance`: ALERTS_ONLY leaves it to another system. */
  reason: Reason | 'fuera_de_alcance';
  /** How the execution would end; `espera`: it is tried again until its catch-up limit; null: there would be none. */
  outcome: ExecutionState | 'espera' | null;
  /** In Spanish, as the execution would record it. */
  detail: string;
  /** What to do, in Spanish. */
  advice: string;
}

export interface RecipientCounts {
  total: number;
  /** So many of them were looked at; the others are counted in no line below. */
  checked: number;
  deliver: number;
  withoutContact: number;
  duplicates: number;
  withoutRows: number;
}

/** What of it may be shown. */
export interface PreviewedWebhook {
  code: string;
  /** Scheme, host and port. */
  origin: string;
  format: 'cloudevents' | 'plantilla';
  timeoutSeconds: number;
  /** Names of whk_Cabeceras. */
  headers: string[];
  signed: boolean;
}

/** As they would be kept and posted. */
export interface PreviewedRows {
  columns: string[];
  rows: Row[];
  truncated: boolean;
}

export interface PreviewedDelivery {
  person: string;
  name: string;
  /** null without a usable contact. */
  destination: string | null;
  /** `undecided`: what is missing is among the obstacles. */
  outcome: 'deliver' | 'no_contact' | 'duplicate' | 'no_rows' | 'fault' | 'undecided';
  reason: string | null;
  detail: string | null;
  subject: string | null;
  text: string | null;
  /** Its own, where the query runs once per person. */
  rows: PreviewedRows | null;
  /** What would be posted, but for the ids that are given when it is sent, and for secrets of the webhook. */
  body: { contentType: string; text: string } | null;
}
