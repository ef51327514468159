import { createHmac } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { CallSignatures } from '../../dispatch/deliver/deliver-webhook.ts';
import { signingKey } from './signing-key.ts';

export interface Signable {
  webhookId: string;
  body: string;
  /** Newest first: all of them sign `webhook-signature`, the first signs `x-signature`. None = unsigned. */
  secrets: readonly string[];
  /** Made ahead; they are kept when they are of the second of `at`. */
  signatures?: CallSignatures;
}

/**
 * Standard Webhooks 1.0 and the older `X-Signature: sha256=<hex>` of the body. The id and the time are sent unsigned too:
 * a receiver recognises a repeat by its id.
 */
export function signWebhook(
  { webhookId, body, secrets, signatures }: Signable,
  at: Temporal.Instant,
): CallSignatures {
  const timestamp = String(Math.floor(at.epochMilliseconds / 1000));
  if (signatures?.['webhook-timestamp'] === timestamp) return signatures;
  const headers = { 'webhook-id': webhookId, 'webhook-timestamp': timestamp };
  const keys = secrets.map(signingKey);
  const [newest] = keys;
  if (newest === undefined) return headers;
  const signed = `${webhookId}.${timestamp}.${body}`;
  const standard = keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return {
    ...headers,
    'webhook-signature': standard.join(' '),
    'x-signature': `sha256=${createHmac('sha256', newest).update(body).digest('hex')}`,
  };
}
