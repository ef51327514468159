import type { Temporal } from 'temporal-polyfill';
import type { AlertRow } from '../domain/alert.ts';
import type { ExecutionOrigin } from '../domain/execution.ts';
import type { ExecutionRequest } from '../domain/execution-request.ts';
import type { Tenant } from '../domain/tenant.ts';
import type { Tally } from './end/tally.ts';

export interface OpenRequest {
  executionId: number;
  /** sch_Duenio of this dispatch. */
  owner: string;
  now: Temporal.Instant;
  leaseUntil: Temporal.Instant;
  /** An execution whose instant lies after it is not opened. */
  dueUntil: Temporal.Instant;
}

export type Opening =
  | { kind: 'unknown' }
  | { kind: 'finished'; state: string }
  /** Somebody else prepares it, or it waits for something. */
  | { kind: 'held'; until: Temporal.Instant }
  | { kind: 'early'; instant: Temporal.Instant }
  | { kind: 'opened'; execution: OpenedExecution };

/** An execution with all that its dispatch needs, read in the statement that opened it. */
export interface OpenedExecution {
  id: number;
  /** sch_Duenio while it is being prepared; null once it is prepared. */
  owner: string | null;
  origin: ExecutionOrigin;
  /** sch_Pedido; null: of the agenda. */
  request: ExecutionRequest | 'unreadable' | null;
  /** sch_Ocurrencia. */
  instant: Temporal.Instant;
  /** sch_Clave */
  key: string | null;
  /** Openings before this one that neither ended in order nor got on. */
  rounds: number;
  prepared: boolean;
  /** sch_PayloadJson. */
  payload: string | null;
  tally: Tally;
  /** A delivery was taken: from then on the execution is carried to its end however late it is. */
  everTaken: boolean;
  alertCode: string;
  /** null: the alert was deleted. */
  alert: OpenedAlert | null;
  /** null: the alert names no company that exists. Of a prepared execution the one that it was prepared for. */
  tenant: Tenant | null;
  /** The active row for type and channel; of a prepared execution the row that it was prepared for. */
  webhook: WebhookRow | null;
  query: QueryRow | null;
  template: TemplateRow | null;
  paused: boolean;
}

/** What is to be sent, whatever execution it is for. */
export type Configuration = Pick<
  OpenedExecution,
  'alertCode' | 'alert' | 'tenant' | 'webhook' | 'query' | 'template' | 'paused'
>;

/** The columns of CT_Alertas_Config as they are. */
export interface OpenedAlert {
  name: string;
  /** What time depends on. */
  row: AlertRow;
  type: string | null;
  typeName: string | null;
  channel: string | null;
  person: string | null;
  contact: string | null;
  profile: string | null;
  maxRecipients: number | null;
}

/** A row of CT_Alertas_Webhooks, unread. */
export interface WebhookRow {
  code: string;
  url: string | null;
  secret: string | null;
  headers: string | null;
  format: string | null;
  body: string | null;
  timeoutSeconds: number | null;
}

/** A row of CT_Alertas_Queries, unread. */
export interface QueryRow {
  code: string;
  sql: string | null;
  parameters: string | null;
  omitIfEmpty: boolean;
  timeoutSeconds: number | null;
}

/** A row of CT_Alertas_Plantillas, unread. */
export interface TemplateRow {
  code: string;
  subject: string | null;
  body: string | null;
  whatsappTemplate: string | null;
}

/**
 * Takes the lease of an execution that is still to be prepared and counts the opening, unless somebody holds it, it is
 * finished or it is not due. A prepared execution needs no lease: its deliveries are taken one by one.
 */
export type OpenExecution = (request: OpenRequest) => Promise<Opening>;
