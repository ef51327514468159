import type { Temporal } from 'temporal-polyfill';
import type { Reason } from '../../domain/reason.ts';
import type { Verdict } from './classify-response.ts';
import type { DeliveryAnswer } from './deliver-webhook.ts';
import type { Outcome } from './record-outcomes.ts';
import type { TakenDelivery } from './take-deliveries.ts';

export interface Attempt {
  delivery: TakenDelivery;
  /** null: nothing was posted. */
  answer: Exclude<DeliveryAnswer, { kind: 'not-started' }> | null;
  verdict: Verdict | { kind: 'unsendable'; reason: Reason; detail: string };
  startedAt: Temporal.Instant;
  now: Temporal.Instant;
}

export interface RetryRule {
  retryDelaysSeconds: readonly number[];
  /** 0 ≤ value < 1. */
  random: () => number;
  /** The tenant's. */
  zone: string;
}

/** Retries are spread by this part of their delay, up and down. */
const spread = 0.2;

/** What an attempt makes of its delivery: accepted, refused, another attempt later, or an error after the last one. */
export function outcomeOf({ delivery, answer, verdict, startedAt, now }: Attempt, rule: RetryRule): Outcome {
  const attempt = delivery.attempts + 1;
  const nextAttempt = verdict.kind === 'retry' ? nextAttemptAt(attempt, verdict.after, now, rule) : null;
  return {
    deliveryId: delivery.id,
    attempt,
    state: stateOf(verdict, nextAttempt),
    at: startedAt,
    sentAt: verdict.kind === 'accepted' ? now.toZonedDateTimeISO(rule.zone).toPlainDateTime() : null,
    durationMs: answer?.ms ?? 0,
    status: answer?.kind === 'answered' ? answer.status : null,
    reason: verdict.kind === 'accepted' ? null : verdict.reason,
    detail: verdict.kind === 'accepted' ? null : verdict.detail,
    answer: answer?.kind === 'answered' ? answer.body : null,
    wamid: verdict.kind === 'accepted' ? verdict.wamid : null,
    nextAttempt,
  };
}

function stateOf(verdict: Attempt['verdict'], nextAttempt: Temporal.Instant | null): Outcome['state'] {
  switch (verdict.kind) {
    case 'accepted':
      return 'ENVIADO';
    case 'unsendable':
      return 'ERROR';
    case 'rejected':
      return 'RECHAZADO';
    case 'retry':
      return nextAttempt === null ? 'ERROR' : 'REINTENTO';
  }
}

/** null after the last attempt. A receiver that names a time is asked again at that time. */
function nextAttemptAt(
  attempt: number,
  after: Temporal.Instant | null,
  now: Temporal.Instant,
  { retryDelaysSeconds, random }: RetryRule,
): Temporal.Instant | null {
  const delay = retryDelaysSeconds[attempt - 1];
  if (delay === undefined) return null;
  if (after !== null) return after;
  return now.add({ milliseconds: Math.round(delay * 1000 * (1 - spread + 2 * spread * random())) });
}
