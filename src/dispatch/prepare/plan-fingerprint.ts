import { createHash } from 'node:crypto';
import type { Plan } from './plan-preparation.ts';

/**
 * Of all that a delivery is made from but its person. A preparation that carries on keeps the deliveries of an earlier
 * one with the same fingerprint; with another (its alert, query or template was edited meanwhile) they are made anew.
 */
export function planFingerprint(plan: Plan): string {
  const { tenant, channel, target, contact, query, parameters, template, data } = plan;
  const { code, country } = tenant;
  const made = { tenant: { code, country }, channel, target, contact, query, parameters, template, data };
  return createHash('sha256').update(JSON.stringify(made)).digest('hex');
}
