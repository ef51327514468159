import { Temporal } from 'temporal-polyfill';
import { deliverRound, holdFor, type RoundJob, type RoundPorts } from './deliver-round.ts';
import { recordSeconds } from '../dispatch-policy.ts';
import type { Ending } from '../end/ending.ts';
import type { OpenedExecution } from '../open-execution.ts';
import { outcomeRecorder, type Recorded } from './outcome-recorder.ts';
import type { Payload } from '../message/payload.ts';
import type { WebhookTarget } from '../webhook/read-webhook.ts';
import type { RecordOutcomes } from './record-outcomes.ts';
import { finalStateOf, type Tally } from '../end/tally.ts';
import { standReady, type ReadyPorts } from './stand-ready.ts';
import type { TakeDeliveries } from './take-deliveries.ts';

export interface DuePorts extends RoundPorts, ReadyPorts {
  policy: RoundPorts['policy'];
  takeDeliveries: TakeDeliveries;
  recordOutcomes: RecordOutcomes;
}

export interface DueJob {
  execution: OpenedExecution;
  tenant: { code: string; zone: string };
  payload: Payload;
  target: WebhookTarget;
  startedAt: Temporal.Instant;
  workUntil: Temporal.Instant;
}

const roundSize = 500;

/** Delivers what is due in rounds until nothing is, or the working time is over. */
export function deliverDue(ports: DuePorts) {
  return async (job: DueJob): Promise<Ending> => {
    const { clock, takeDeliveries, policy } = ports;
    const { execution, workUntil } = job;
    const hold = holdFor(job.target, policy);
    for (let delivered = false; ; delivered = true) {
      const now = clock.now();
      if (isBefore(workUntil, now)) return { kind: 'later', at: now };
      const dueUntil = isBefore(now, execution.instant) ? execution.instant : now;
      const heldUntil = dueUntil.add(hold);
      const taken = await takeDeliveries({
        executionId: execution.id,
        dueUntil,
        holdUntil: heldUntil,
        limit: roundSize,
      });
      if (taken.deliveries.length === 0) return whenNothingIsDue(taken.tally, delivered);
      const { deliveries } = taken;
      const { id: executionId, instant } = execution;
      const ready = await standReady(ports, { ...job, executionId, deliveries }, instant);
      const recorded = await round(ports, job, { deliveries, ready, heldUntil, instant });
      if (recorded?.finished) return { kind: 'finished', tally: recorded.tally };
      if (recorded?.tally.open === 0) return whenNothingIsDue(recorded.tally, true);
    }
  };
}

async function round(
  ports: DuePorts,
  { execution, tenant, payload, target, startedAt, workUntil }: DueJob,
  taken: Pick<RoundJob, 'deliveries' | 'ready' | 'heldUntil' | 'instant'>,
): Promise<Recorded | null> {
  const { id: executionId, alertCode: alert } = execution;
  const giveUpAt = startedAt.add({ seconds: recordSeconds });
  const recorder = outcomeRecorder({ executionId, giveUpAt }, ports);
  const job = { executionId, alert, tenant, payload, target, workUntil, recorder, ...taken };
  const [delivering] = await Promise.allSettled([deliverRound(ports)(job)]);
  // Whatever went wrong: what webhooks have answered must be stored.
  const recorded = await recorder.drain();
  if (delivering.status === 'rejected') throw delivering.reason;
  return recorded;
}

/** A dispatch that delivered nothing sends no message either: else two of them would call each other for ever. */
function whenNothingIsDue(tally: Tally, delivered: boolean): Ending {
  if (tally.open === 0) return { kind: 'close', ...finalStateOf(tally), tally };
  if (!delivered || tally.nextAttempt === null) return { kind: 'idle' };
  return { kind: 'later', at: tally.nextAttempt };
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}
