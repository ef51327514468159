import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Temporal } from 'temporal-polyfill';
import type { CallSignatures } from '../../dispatch/deliver/deliver-webhook.ts';

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
  const keys = secrets.map(keyOf);
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

/** Making a key costs more than signing with it. */
const known = new Map<string, KeyObject>();
const mostKnown = 1_000;

/** `whsec_` and Base64 as the standard has it, anything else as its UTF-8 bytes. */
function keyOf(secret: string): KeyObject {
  const found = known.get(secret);
  if (found !== undefined) return found;
  const isStandard = secret.startsWith('whsec_');
  const key = createSecretKey(isStandard ? secret.slice(6) : secret, isStandard ? 'base64' : 'utf8');
  if (known.size === mostKnown) known.clear();
  known.set(secret, key);
  return key;
}
