import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';
import type { Logger } from '../../core/logger.ts';
import { classifyResponse } from './classify-response.ts';
import type { ComposeBody } from '../message/compose-body.ts';
import { composeCall } from './compose-call.ts';
import { exactlyAt } from './exactly-at.ts';
import type { DeliverWebhook } from './deliver-webhook.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import { logOutcome } from './log-outcome.ts';
import type { OutcomeRecorder } from './outcome-recorder.ts';
import { outcomeOf, type Attempt } from './outcome-of.ts';
import type { Payload } from '../message/payload.ts';
import { reached } from '../reached.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { Seats } from '../seats.ts';
import type { ReadyCalls } from './stand-ready.ts';
import type { HoldDeliveries, TakenDelivery } from './take-deliveries.ts';

export interface RoundPorts {
  clock: Clock;
  logger: Logger;
  seats: Seats;
  composeBody: ComposeBody;
  deliverWebhook: DeliverWebhook;
  holdDeliveries: HoldDeliveries;
  random: () => number;
  policy: Pick<DispatchPolicy, 'callsAtOnce' | 'retryDelaysSeconds' | 'leaseSeconds'>;
}

export interface RoundJob {
  executionId: number;
  alert: string;
  tenant: { code: string; zone: string };
  payload: Payload;
  target: WebhookTarget;
  deliveries: readonly TakenDelivery[];
  /** Those that were made ahead. */
  ready: ReadyCalls;
  heldUntil: Temporal.Instant;
  /** Nothing is started before it. */
  instant: Temporal.Instant;
  workUntil: Temporal.Instant;
  recorder: OutcomeRecorder;
}

/** Nothing is started in the last time limit of a hold and this much more, so that no call outlives its hold. */
const marginMs = 5_000;
/** Within this hundreds of alerts of one instant have begun their first delivery. */
const firsts = { milliseconds: 100 };
/** In the time in which calls may start. */
const renewals = 4;

/** How long taken deliveries are kept from others: two leases, and never too short to start anything. */
export function holdFor(
  target: Pick<WebhookTarget, 'timeoutMs'>,
  { leaseSeconds }: Pick<DispatchPolicy, 'leaseSeconds'>,
): { milliseconds: number } {
  return { milliseconds: 2 * Math.max(1000 * leaseSeconds, closingOf(target).milliseconds) };
}

/**
 * Delivers what was taken, several at once, and gives back what could not be started: when the working time is over, or
 * the hold cannot be renewed. Resolves when every outcome is in the recorder.
 */
export function deliverRound(ports: RoundPorts) {
  return async (job: RoundJob): Promise<void> => {
    const round = { open: new Map(job.deliveries.map((each) => [each.id, each])), heldUntil: job.heldUntil };
    const stop = new AbortController();
    const done = new AbortController();
    const stopping = stopInTime(ports, job, round, { stop, done: done.signal });
    const holding = keepHolding(ports, job, round, AbortSignal.any([stop.signal, done.signal]));
    const queue = job.deliveries.values();
    const length = Math.min(ports.policy.callsAtOnce, job.deliveries.length);
    const isEarly = !isPast(job.instant, ports.clock.now());
    const begin = exactlyAt(ports.clock, job.instant);
    // At one instant the first deliveries of hundreds of alerts go before the second of any, as far as they are ready in time.
    const goOn = isEarly ? ports.clock.waitUntil(job.instant.add(firsts)) : begin.then(othersTurn);
    const workers = Array.from({ length }, async (_, index) => {
      let turn = index === 0 ? begin : goOn;
      for (const delivery of queue) {
        await turn;
        turn = goOn;
        await job.recorder.ready();
        // A process that stood still goes on before its timers have run.
        if (stop.signal.aborted || ports.clock.now().epochMilliseconds >= lastStart(job, round)) return;
        if (round.open.has(delivery.id)) await attempt(ports, job, delivery, round, stop.signal);
      }
    });
    const ends = await Promise.allSettled(workers);
    done.abort();
    await Promise.all([stopping, holding]);
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure) throw failure.reason;
    await giveBack(ports, job, round);
  };
}

/** The deliveries without an outcome, and until when they are held. */
interface Round {
  open: Map<number, TakenDelivery>;
  heldUntil: Temporal.Instant;
}

async function attempt(
  ports: RoundPorts,
  job: RoundJob,
  delivery: TakenDelivery,
  round: Round,
  stop: AbortSignal,
): Promise<void> {
  const { clock, policy, random, logger } = ports;
  const startedAt = clock.now();
  const posted = await post(ports, job, delivery, stop);
  if (posted === 'not-started') return;
  const rule = { retryDelaysSeconds: policy.retryDelaysSeconds, random, zone: job.tenant.zone };
  const outcome = outcomeOf({ delivery, ...posted, startedAt, now: clock.now() }, rule);
  round.open.delete(delivery.id);
  job.recorder.add(outcome);
  logOutcome(logger, job, delivery, outcome);
}

async function post(
  { clock, composeBody, deliverWebhook, seats }: RoundPorts,
  job: RoundJob,
  delivery: TakenDelivery,
  stop: AbortSignal,
): Promise<Pick<Attempt, 'answer' | 'verdict'> | 'not-started'> {
  const composed = job.ready.get(delivery.id) ?? (await composeCall(composeBody, job, delivery));
  if (composed.kind === 'invalid') {
    return {
      answer: null,
      verdict: { kind: 'unsendable', reason: 'plantilla_invalida', detail: composed.detail },
    };
  }
  const answer = await deliverWebhook(composed.call, stop);
  if (answer.kind === 'not-started') return 'not-started';
  const { tenant, target } = job;
  const verdict = classifyResponse(answer, clock.now());
  seats.note(tenant.code, verdict.kind === 'retry' ? 'badly' : 'well');
  if (answer.kind === 'failed' && answer.reason === 'webhook_tiempo')
    seats.noteTimeout(tenant.code, target.host);
  return { answer, verdict };
}

/** Says stop when the working time is over, or the hold is not long enough for one more call: whatever renewing does. */
async function stopInTime(
  { clock }: RoundPorts,
  job: RoundJob,
  round: Round,
  { stop, done }: { stop: AbortController; done: AbortSignal },
): Promise<void> {
  for (;;) {
    const last = Temporal.Instant.fromEpochMilliseconds(lastStart(job, round));
    if (isPast(last, clock.now())) return stop.abort();
    if (!(await reached(clock, last, done))) return;
  }
}

/** In ms since 1970: asked before every call. */
function lastStart({ workUntil, target }: RoundJob, { heldUntil }: Round): number {
  return Math.min(heldUntil.epochMilliseconds - closingOf(target).milliseconds, workUntil.epochMilliseconds);
}

/** Renews the hold, several times in the time in which calls may start. What turns out to be another's is dropped. */
async function keepHolding(
  { clock, holdDeliveries, policy }: RoundPorts,
  { executionId, target }: RoundJob,
  round: Round,
  ended: AbortSignal,
): Promise<void> {
  const hold = holdFor(target, policy);
  const pause = { milliseconds: Math.round((hold.milliseconds - closingOf(target).milliseconds) / renewals) };
  while (await reached(clock, clock.now().add(pause), ended)) {
    const until = clock.now().add(hold);
    const ids = [...round.open.keys()];
    const kept = await holdDeliveries({ executionId, ids, heldUntil: round.heldUntil, until }).catch(
      () => null,
    );
    if (kept === null) continue;
    round.heldUntil = until;
    for (const id of ids) if (!kept.has(id)) round.open.delete(id);
  }
}

function closingOf({ timeoutMs }: Pick<WebhookTarget, 'timeoutMs'>): { milliseconds: number } {
  return { milliseconds: timeoutMs + marginMs };
}

async function giveBack(
  { clock, holdDeliveries }: RoundPorts,
  { executionId }: RoundJob,
  round: Round,
): Promise<void> {
  const ids = [...round.open.keys()];
  if (ids.length > 0)
    await holdDeliveries({ executionId, ids, heldUntil: round.heldUntil, until: clock.now() });
}

function isPast(instant: Temporal.Instant, now: Temporal.Instant): boolean {
  return instant.epochMilliseconds <= now.epochMilliseconds;
}
