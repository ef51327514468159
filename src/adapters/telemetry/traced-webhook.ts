import type { Telemetry } from '../../core/telemetry.ts';
import type { DeliverWebhook, DeliveryAnswer, WebhookCall } from '../../dispatch/deliver/deliver-webhook.ts';

/**
 * A span for each call, which the receiver may go on with: it gets the `traceparent`, unless whk_Cabeceras has one. Names
 * of attributes: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function tracedWebhook(
  deliver: DeliverWebhook,
  { trace, traceparent }: Pick<Telemetry, 'trace' | 'traceparent'>,
): DeliverWebhook {
  return async (call, signal) =>
    await trace({ name: 'POST', kind: 'client', attributes: attributesOf(call) }, async (add) => {
      const current = traceparent();
      const headers = current === undefined ? call.headers : { traceparent: current, ...call.headers };
      const answer = await deliver({ ...call, headers }, signal);
      add(resultOf(answer));
      return answer;
    });
}

function attributesOf({ url, tenant, webhookId }: WebhookCall) {
  return {
    'http.request.method': 'POST',
    // The rest of the address may hold a secret.
    'server.address': URL.canParse(url) ? new URL(url).hostname : undefined,
    'vigia.tenant': tenant,
    'vigia.webhook_id': webhookId,
  };
}

function resultOf(answer: DeliveryAnswer) {
  switch (answer.kind) {
    case 'answered':
      return {
        'http.response.status_code': answer.status,
        'error.type': answer.status >= 400 ? String(answer.status) : undefined,
      };
    case 'failed':
      return { 'error.type': answer.reason };
    case 'not-started':
      return { 'vigia.started': false };
  }
}
