import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { channels, isChannelCode } from '../../domain/channel.ts';
import type { ExecutionState } from '../../domain/execution.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Reason } from '../../domain/reason.ts';
import { reviewOfEnqueued } from '../../domain/review-time.ts';
import type { CloseExecution } from './close-execution.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { Ending } from './ending.ts';
import { catchUpLimit } from '../judge-opening.ts';
import type { EndRounds, MoveExecution, StoreWait } from './leave-execution.ts';
import type { OpenedExecution } from '../open-execution.ts';
import type { SendDispatch } from '../send-dispatch.ts';
import { nextWait } from './wait-policy.ts';

export interface EndPorts {
  clock: Clock;
  logger: Logger;
  policy: DispatchPolicy;
  closeExecution: CloseExecution;
  storeWait: StoreWait;
  endRounds: EndRounds;
  moveExecution: MoveExecution;
  sendDispatch: SendDispatch;
  /** Wakes the mailer. */
  nudgeReports: () => Promise<void>;
}

export interface EndJob {
  execution: OpenedExecution;
  startedAt: Temporal.Instant;
}

/** What became of one message. */
export type DispatchReport =
  | { kind: 'foreign' }
  | { kind: 'ignored'; executionId: number; because: 'unknown' | 'finished' | 'held' | 'lost' }
  | { kind: 'closed'; executionId: number; state: ExecutionState; reason: Reason | null }
  /** A further message comes then. */
  | { kind: 'open'; executionId: number; until: Temporal.Instant }
  /** Whoever took the open deliveries carries on. */
  | { kind: 'idle'; executionId: number };

/** States that somebody should hear of. */
const reported: ReadonlySet<ExecutionState> = new Set(['ERROR', 'PARCIAL', 'PERDIDA']);

/** A message comes this much after the time it is for, so that it does not meet the wait it stands for. */
const after = { seconds: 1 };

/** Stores how a dispatch ended, then sends the message or the report that belongs to it. */
export function endDispatch(ports: EndPorts) {
  return async (job: EndJob, ending: Ending): Promise<DispatchReport> => {
    const { clock, endRounds } = ports;
    const { id: executionId } = job.execution;
    switch (ending.kind) {
      case 'close':
        return await close(ports, job, ending);
      case 'finished':
        logFinished(ports, job, { state: 'ENVIADA', reason: null, detail: null, tally: ending.tally });
        return { kind: 'closed', executionId, state: 'ENVIADA', reason: null };
      case 'wait':
        return await waitOrGiveUp(ports, job, ending);
      case 'continue':
        return await waitUntil(ports, job, { until: clock.now(), reason: null, detail: null });
      case 'later':
        await endRounds(executionId, 'all');
        return await sendLater(ports, executionId, ending.at);
      case 'idle':
        await endRounds(executionId, 'own');
        return { kind: 'idle', executionId };
      case 'move':
        return await move(ports, job, ending);
      case 'lost':
        return lost(executionId);
    }
  };
}

async function move(
  { clock, moveExecution, sendDispatch, policy, logger }: EndPorts,
  { execution: { id: executionId, owner } }: EndJob,
  { to }: Extract<Ending, { kind: 'move' }>,
): Promise<DispatchReport> {
  const at = to.toInstant();
  const reviewAt = reviewOfEnqueued(at, clock.now(), policy.leaseSeconds);
  if (owner === null || !(await moveExecution({ executionId, owner, to, reviewAt })))
    return lost(executionId);
  logger.info('execution.moved', { executionId, to: to.toString({ timeZoneName: 'never' }) });
  const visibleAt = at.subtract({ seconds: policy.prepareSeconds });
  await sendDispatch(executionId, visibleAt);
  return { kind: 'open', executionId, until: visibleAt };
}

type Close = Extract<Ending, { kind: 'close' }>;

async function close(ports: EndPorts, job: EndJob, ending: Close): Promise<DispatchReport> {
  const { clock, closeExecution, policy } = ports;
  const { execution } = job;
  const { state, reason, detail, freesKey } = ending;
  const now = clock.now();
  const fault = faultOf(execution, ending, now);
  const stored = await closeExecution({
    executionId: execution.id,
    owner: execution.owner,
    state,
    reason,
    detail,
    freesKey: freesKey ?? false,
    fault,
    now,
    attemptedAt: now.toZonedDateTimeISO(execution.tenant?.zone ?? policy.time.timeZone).toPlainDateTime(),
  });
  if (stored === null) return lost(execution.id);
  logFinished(ports, job, { ...ending, state: stored });
  if (fault !== null) await wakeMailer(ports);
  return { kind: 'closed', executionId: execution.id, state: stored, reason };
}

/** A nudge that is lost costs nothing but time: the scan sends another. */
export async function wakeMailer({ nudgeReports, logger }: EndPorts): Promise<void> {
  await nudgeReports().catch((cause: unknown) =>
    logger.warn('report.nudge-failed', { error: String(cause) }),
  );
}

/** A trial is not reported: whoever asks for one looks at what becomes of it. */
function faultOf(
  { id, origin, alertCode, tenant }: OpenedExecution,
  { state, reason, detail }: Close,
  at: Temporal.Instant,
): Fault | null {
  if (!reported.has(state) || reason === null || origin === 'PRUEBA') return null;
  const fault = { reason, detail: detail ?? '', at, executionId: id, alert: alertCode };
  return tenant === null ? fault : { ...fault, tenant: tenant.code };
}

/** Too late for another wait: the fault has not passed in time, and ends the execution. */
async function waitOrGiveUp(
  ports: EndPorts,
  job: EndJob,
  { reason, detail }: Extract<Ending, { kind: 'wait' }>,
): Promise<DispatchReport> {
  const { execution } = job;
  const limit = execution.everTaken ? null : catchUpLimit(execution, ports.policy);
  const next = nextWait(
    ports.clock.now(),
    execution.instant,
    limit,
    reason === 'sin_lugar' ? 'place' : 'fault',
  );
  if (next.kind === 'too-late')
    return await close(ports, job, { kind: 'close', state: 'ERROR', reason, detail });
  return await waitUntil(ports, job, { until: next.until, reason, detail });
}

async function waitUntil(
  ports: EndPorts,
  { execution }: EndJob,
  wait: { until: Temporal.Instant; reason: Reason | null; detail: string | null },
): Promise<DispatchReport> {
  const { id: executionId, owner, alertCode: alert } = execution;
  if (!(await ports.storeWait({ executionId, owner, ...wait }))) return lost(executionId);
  const local = wait.until.toZonedDateTimeISO(execution.tenant?.zone ?? ports.policy.time.timeZone);
  ports.logger.info('execution.waiting', {
    executionId,
    alert,
    tenant: execution.tenant?.code,
    reason: wait.reason ?? undefined,
    until: local.toString({ smallestUnit: 'second', timeZoneName: 'never' }),
  });
  return await sendLater(ports, executionId, wait.until);
}

async function sendLater(
  { sendDispatch }: EndPorts,
  executionId: number,
  at: Temporal.Instant,
): Promise<DispatchReport> {
  const until = at.add(after);
  await sendDispatch(executionId, until);
  return { kind: 'open', executionId, until };
}

function logFinished(
  { logger, clock }: EndPorts,
  { execution, startedAt }: EndJob,
  ending: Omit<Close, 'kind'>,
): void {
  const { state, reason, tally = execution.tally } = ending;
  const fields = {
    executionId: execution.id,
    alert: execution.alertCode,
    tenant: execution.tenant?.code,
    channel: channelOf(execution),
    state,
    reason: reason ?? undefined,
    detail: ending.detail ?? undefined,
    accepted: tally.accepted,
    total: tally.total,
    ms: clock.now().epochMilliseconds - startedAt.epochMilliseconds,
  };
  if (reported.has(state)) logger.warn('execution.finished', fields);
  else logger.info('execution.finished', fields);
}

function channelOf({ alert }: OpenedExecution): string | undefined {
  const code = alert?.channel ?? '';
  return isChannelCode(code) ? channels[code] : undefined;
}

function lost(executionId: number): DispatchReport {
  return { kind: 'ignored', executionId, because: 'lost' };
}
