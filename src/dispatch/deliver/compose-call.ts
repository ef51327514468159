import type { ComposeBody } from '../message/compose-body.ts';
import { contentOf, type Payload } from '../message/payload.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { WebhookCall } from './deliver-webhook.ts';
import type { TakenDelivery } from './take-deliveries.ts';

export interface CallJob {
  executionId: number;
  tenant: { code: string };
  payload: Payload;
  target: WebhookTarget;
}

export type ComposedCall = { kind: 'call'; call: WebhookCall } | { kind: 'invalid'; detail: string };

/** The POST of a delivery: every attempt of it has the same bytes and the same webhook-id. */
export async function composeCall(
  composeBody: ComposeBody,
  { executionId, tenant, payload, target }: CallJob,
  delivery: TakenDelivery,
): Promise<ComposedCall> {
  const composed = await composeBody(payload.format, contentOf(payload, executionId, delivery));
  if (composed.kind === 'invalid') return composed;
  const { url, headers, secrets, timeoutMs } = target;
  const { body, contentType } = composed;
  const { webhookId } = delivery;
  return {
    kind: 'call',
    call: { tenant: tenant.code, url, headers, secrets, timeoutMs, webhookId, body, contentType },
  };
}
