import type { Temporal } from 'temporal-polyfill';
import type { Logger } from '../../core/logger.ts';
import { channels, type ChannelCode } from '../../domain/channel.ts';
import type { Outcome } from './record-outcomes.ts';
import type { TakenDelivery } from './take-deliveries.ts';

export interface OutcomeContext {
  executionId: number;
  alert: string;
  tenant: { code: string };
  payload: { channel: ChannelCode; data: { prueba?: true } };
  instant: Temporal.Instant;
}

/** One line per attempt. `personName` is for the local stack's lines; the logger leaves it out of its JSON. */
export function logOutcome(
  logger: Logger,
  { executionId, alert, tenant, payload, instant }: OutcomeContext,
  { person, personName }: TakenDelivery,
  { state, attempt, durationMs, reason, detail, at, nextAttempt }: Outcome,
): void {
  const whom = {
    executionId,
    alert,
    tenant: tenant.code,
    person,
    personName,
    channel: channels[payload.channel],
    test: payload.data.prueba,
  };
  const lateMs = attempt === 1 ? at.epochMilliseconds - instant.epochMilliseconds : undefined;
  const fields = { ...whom, attempt, ms: durationMs, lateMs };
  if (state === 'ENVIADO') return logger.info('delivery.accepted', fields);
  const why = { reason: reason ?? undefined, detail: detail ?? undefined };
  if (nextAttempt === null) return logger.warn('delivery.rejected', { ...fields, ...why, state });
  const inSeconds = Math.round((nextAttempt.epochMilliseconds - at.epochMilliseconds - durationMs) / 1000);
  logger.info('delivery.retry', { ...fields, ...why, inSeconds });
}
