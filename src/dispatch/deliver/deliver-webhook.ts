import type { Temporal } from 'temporal-polyfill';
import type { Reason } from '../../domain/reason.ts';

/** One POST. The whole URL, the headers and the secrets are secrets: they appear in no answer and no error. */
export interface WebhookCall {
  /** Whose call it is: the places of a host are shared in turn between tenants. */
  tenant: string;
  url: string;
  /** whk_Cabeceras as webhook-headers.ts read them. */
  headers: Readonly<Record<string, string>>;
  body: string;
  contentType: string;
  webhookId: string;
  /** whk_Secreto as webhook-secrets.ts read it, newest first; none = unsigned. */
  secrets: readonly string[];
  /** For everything: connecting, sending, headers and body of the answer. Waiting for a place is not in it. */
  timeoutMs: number;
  /** Made ahead, for a second: what is posted in another one is signed anew. */
  signatures?: CallSignatures;
}

/** Headers, by name. The timestamp is in whole seconds since 1970. */
export type CallSignatures = { 'webhook-id': string; 'webhook-timestamp': string } & Readonly<
  Record<string, string>
>;

/** `body` has at most 64 KiB, with the known secrets struck out; `retryAfter` is the header as sent. */
export type DeliveryAnswer =
  | { kind: 'answered'; status: number; body: string; retryAfter: string | null; ms: number }
  | {
      kind: 'failed';
      reason: Extract<Reason, 'webhook_tiempo' | 'webhook_red' | 'webhook_direccion'>;
      detail: string;
      ms: number;
    }
  | { kind: 'not-started' };

/**
 * Posts once, signed with the present time. The signal says "start nothing more": a call that still waits for a place
 * ends as `not-started`; one under way ends by itself within its time limit, because its answer must be known.
 */
export type DeliverWebhook = (call: WebhookCall, signal: AbortSignal) => Promise<DeliveryAnswer>;

/** Opens connections for calls of the next seconds. At most `count`, and gives no answer: a failure is the calls' to tell. */
export type ConnectAhead = (url: string, count: number) => void;

/** The call with the signatures that it needs when it is posted at that time. */
export type SignAhead = (call: WebhookCall, at: Temporal.Instant) => WebhookCall;
