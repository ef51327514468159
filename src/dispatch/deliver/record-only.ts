import type { DeliverWebhook } from './deliver-webhook.ts';

/** DELIVERY_MODE=record: everything is prepared, recorded and reported as if the webhook had accepted it; nothing is sent. */
export const recordOnly: DeliverWebhook = async () => ({
  kind: 'answered',
  status: 200,
  body: 'DELIVERY_MODE=record',
  retryAfter: null,
  ms: 0,
});
