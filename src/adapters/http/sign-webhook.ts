import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Temporal } from 'temporal-polyfill';

export interface Signable {
  webhookId: string;
  body: string;
  /** Newest first: all of them sign `webhook-signature`, the first signs `x-signature`. None = unsigned. */
  secrets: readonly string[];
  at: Temporal.Instant;
}

/**
 * Standard Webhooks 1.0 and the older `X-Signature: sha256=<hex>` of the body. The id and the time are sent unsigned too:
 * a receiver recognises a repeat by its id.
 */
export function signWebhook({ webhookId, body, secrets, at }: Signable): Readonly<Record<string, string>> {
  const time = new Date(at.epochMilliseconds);
  const headers = {
    'webhook-id': webhookId,
    'webhook-timestamp': String(Math.floor(at.epochMilliseconds / 1000)),
  };
  const keys = secrets.map(keyOf);
  const [newest] = keys;
  if (newest === undefined) return headers;
  const signatures = keys.map((key) => new Webhook(key, { format: 'raw' }).sign(webhookId, time, body));
  return {
    ...headers,
    'webhook-signature': signatures.join(' '),
    'x-signature': `sha256=${createHmac('sha256', newest).update(body).digest('hex')}`,
  };
}

/** `whsec_` and Base64 as the standard has it, anything else as its UTF-8 bytes. */
function keyOf(secret: string): Uint8Array {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
}
