import type { Temporal } from 'temporal-polyfill';
import type { Fault } from '../domain/fault.ts';
import { deliverDue, type DuePorts } from './deliver/deliver-due.ts';
import { workSeconds, type DispatchPolicy } from './dispatch-policy.ts';
import { endDispatch, wakeMailer, type DispatchReport, type EndPorts } from './end/end-dispatch.ts';
import type { Ending } from './end/ending.ts';
import { judgeOpening } from './judge-opening.ts';
import type { ReleaseLease } from './end/leave-execution.ts';
import type { OpenedExecution, OpenExecution, Opening } from './open-execution.ts';
import { parseMessage } from './parse-message.ts';
import { parsePayload, type Payload } from './message/payload.ts';
import { planPreparation } from './prepare/plan-preparation.ts';
import { prepareDeliveries, type PreparePorts } from './prepare/prepare-deliveries.ts';
import { readWebhook, type WebhookTarget } from './webhook/read-webhook.ts';
import { LeaseLost, whileRenewing, type RenewLease } from './prepare/renew-lease.ts';
import { finalStateOf } from './end/tally.ts';
import type { GetSecret } from './webhook/webhook-secrets.ts';

export interface DispatchPorts extends PreparePorts, DuePorts, EndPorts {
  policy: DispatchPolicy;
  openExecution: OpenExecution;
  renewLease: RenewLease;
  releaseLease: ReleaseLease;
  storeFaults: (faults: readonly Fault[]) => Promise<void>;
  getSecret: GetSecret;
}

/** An execution may be opened this much before its time to be prepared; clocks differ a little. */
const earlySeconds = 10;

/**
 * What turns one execution into its deliveries: open, look up recipients, query, render, store, wait for the instant,
 * deliver, record. May get the same message twice, or one that has nothing to do any more. Whatever is thrown is
 * unexpected, and the host tries the message again.
 */
export function dispatchAlert(ports: DispatchPorts) {
  const work = workOn(ports);
  const end = endDispatch(ports);

  return async (message: unknown): Promise<DispatchReport> => {
    const parsed = parseMessage(message);
    if (parsed.kind === 'foreign') return await reportForeign(ports, parsed.body);
    const { executionId } = parsed;
    const owner = ports.newId();
    const startedAt = ports.clock.now();
    const opening = await ports.openExecution({
      executionId,
      owner,
      now: startedAt,
      leaseUntil: startedAt.add({ seconds: ports.policy.leaseSeconds }),
      dueUntil: startedAt.add({ seconds: ports.policy.prepareSeconds + earlySeconds }),
    });
    if (opening.kind !== 'opened') return await leaveUnopened(ports, executionId, opening);
    const job = { execution: opening.execution, startedAt };
    try {
      return await work(job, end);
    } catch (fault) {
      if (fault instanceof LeaseLost) return await end(job, { kind: 'lost' });
      // The host's next attempt must not meet this one's lease. If this fails as well, the lease ends by itself.
      await ports.releaseLease({ executionId, owner, now: ports.clock.now() }).catch(() => undefined);
      throw fault;
    }
  };
}

interface Job {
  execution: OpenedExecution;
  startedAt: Temporal.Instant;
}

type End = (job: Job, ending: Ending) => Promise<DispatchReport>;

/** One dispatch of an opened execution, from the checks to its end. */
function workOn(ports: DispatchPorts) {
  const makeReady = readiness(ports);
  const deliver = delivering(ports);
  const { policy, seats } = ports;

  return async (job: Job, end: End): Promise<DispatchReport> => {
    const verdict = judgeOpening(job.execution, job.startedAt, policy);
    if (verdict.kind === 'end') return await end(job, verdict.ending);
    const leave = seats.enter(tenantOf(job.execution, policy).code);
    if (leave === null)
      return await end(job, noPlace('La empresa ya ocupa su parte de los lugares del proceso.'));
    try {
      const ready = await makeReady(job);
      if (ready.kind === 'ended') return await end(job, ready.ending);
      const prepared = { ...job, execution: ready.execution };
      return await end(prepared, await deliver(prepared, ready));
    } finally {
      leave();
    }
  };
}

type Ready =
  | { kind: 'ready'; execution: OpenedExecution; payload: Payload; target: WebhookTarget }
  | { kind: 'ended'; ending: Ending };

/** All deliveries stored, and the webhook to post them to: from an earlier dispatch, or by preparing now. */
function readiness(ports: DispatchPorts) {
  const prepare = prepareDeliveries(ports);
  const { policy, getSecret } = ports;

  return async ({ execution, startedAt }: Job): Promise<Ready> => {
    const { id: executionId, owner } = execution;
    if (owner === null) {
      const reading = readWebhook(execution.webhook, { getSecret, requireSecret: policy.requireSecret });
      if (reading.kind === 'unusable') return { kind: 'ended', ending: reading.ending };
      return {
        kind: 'ready',
        execution,
        payload: parsePayload(execution.payload ?? ''),
        target: reading.target,
      };
    }
    const planning = planPreparation(execution, policy, getSecret);
    if (planning.kind === 'end') return { kind: 'ended', ending: planning.ending };
    const { plan } = planning;
    const lease = { executionId, owner, seconds: policy.leaseSeconds, from: startedAt };
    const workUntil = workEnd(startedAt);
    const prepared = await whileRenewing(lease, ports, (signal) =>
      prepare({ execution, owner, plan, signal, workUntil }),
    );
    if (prepared.kind === 'ended') return prepared;
    const { payload, tally } = prepared;
    // The lease has ended with the last set: from here on the deliveries are taken one by one.
    return {
      kind: 'ready',
      execution: { ...execution, prepared: true, owner: null, tally },
      payload,
      target: plan.webhook,
    };
  };
}

function delivering(ports: DispatchPorts) {
  const deliver = deliverDue(ports);
  const { seats, policy } = ports;

  return async (job: Job, { payload, target }: Extract<Ready, { kind: 'ready' }>): Promise<Ending> => {
    const { execution, startedAt } = job;
    const { tally } = execution;
    if (tally.open === 0) return { kind: 'close', ...finalStateOf(tally), tally };
    const tenant = tenantOf(execution, policy);
    const leave = seats.enterHost(tenant.code, target.host);
    if (leave === null) return noPlace('Demasiadas ejecuciones de la empresa esperan a su webhook.');
    try {
      return await deliver({ execution, tenant, payload, target, startedAt, workUntil: workEnd(startedAt) });
    } finally {
      leave();
    }
  };
}

async function reportForeign(ports: DispatchPorts, body: string): Promise<DispatchReport> {
  const { storeFaults, clock, logger } = ports;
  const detail = 'El mensaje no nombra una ejecución: {"executionId": número}.';
  await storeFaults([{ reason: 'mensaje_ajeno', detail, at: clock.now(), body }]);
  logger.warn('message.foreign', { length: body.length });
  await wakeMailer(ports);
  return { kind: 'foreign' };
}

async function leaveUnopened(
  { sendDispatch, policy, logger }: DispatchPorts,
  executionId: number,
  opening: Exclude<Opening, { kind: 'opened' }>,
): Promise<DispatchReport> {
  if (opening.kind !== 'early') {
    logger.info('message.ignored', { executionId, because: opening.kind });
    return { kind: 'ignored', executionId, because: opening.kind };
  }
  const until = opening.instant.subtract({ seconds: policy.prepareSeconds });
  await sendDispatch(executionId, until);
  return { kind: 'open', executionId, until };
}

/** A company deleted after its execution was prepared changes nothing for those who wait for it. */
function tenantOf({ tenant }: OpenedExecution, policy: DispatchPolicy): { code: string; zone: string } {
  return tenant ?? { code: '', zone: policy.time.timeZone };
}

function noPlace(detail: string): Ending {
  return { kind: 'wait', reason: 'sin_lugar', detail };
}

function workEnd(startedAt: Temporal.Instant): Temporal.Instant {
  return startedAt.add({ seconds: workSeconds });
}
