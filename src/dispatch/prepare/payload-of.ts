import type { Payload } from '../message/payload.ts';
import { planFingerprint } from './plan-fingerprint.ts';
import type { Plan } from './plan-preparation.ts';
import type { QueryRows } from './run-query.ts';

/** What all deliveries of a plan share, as it is kept. */
export function payloadOf(plan: Plan, filas: QueryRows): Payload {
  const { tenant, webhook, channel, whatsappTemplate, data } = plan;
  return {
    tenant: tenant.code,
    webhook: webhook.code,
    channel,
    whatsappTemplate,
    format: webhook.format,
    data: { ...data, filas },
    plan: planFingerprint(plan),
  };
}
