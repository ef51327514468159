import { Temporal } from 'temporal-polyfill';
import type { Logger } from '../core/logger.ts';
import type { ExecutionOrigin } from '../domain/execution.ts';
import type { Fault } from '../domain/fault.ts';
import { lateLimitMinutes } from '../domain/late-limit.ts';
import { reviewOfEnqueued } from '../domain/review-time.ts';
import type { ToEnqueue } from './enqueue-executions.ts';
import type { ScanPolicy } from './scan-policy.ts';

/** An execution whose sch_Revisar had passed. */
export interface Overdue extends ToEnqueue {
  alert: string | null;
  tenant: string | null;
  origin: ExecutionOrigin;
  /** Ever opened. */
  opened: boolean;
  /** sch_Rondas: openings that did not end in order. */
  rounds: number;
  /** cfg_RecuperacionMin */
  catchUpMinutes: number | null;
}

/** Takes at most `most` of them, oldest first, by moving their sch_Revisar to `reviewAt` in the same statement. */
export type TakeOverdue = (
  now: Temporal.Instant,
  reviewAt: Temporal.Instant,
  most: number,
) => Promise<readonly Overdue[]>;

/**
 * Closes those as PERDIDA, with their faults, that nobody has opened meanwhile and no edit has moved: their sch_Revisar is
 * still the one that they were taken with. Gives the ids that it closed.
 */
export type CloseExpired = (
  faults: readonly (Fault & { executionId: number })[],
  reviewAt: Temporal.Instant,
) => Promise<readonly number[]>;

/** Does the outbox hold what the mailer has not dealt with, or an incident that is still open? */
export type FindReportsDue = () => Promise<boolean>;

export interface SweepPorts {
  log: Logger;
  policy: ScanPolicy;
  takeOverdue: TakeOverdue;
  closeExpired: CloseExpired;
  enqueueExecutions: (executions: readonly ToEnqueue[]) => Promise<{ sent: number; failed: number }>;
  findReportsDue: FindReportsDue;
  nudgeReports: () => Promise<void>;
}

const MOST = 1000;

/**
 * Nothing claimed is forgotten: what nobody has looked at in its time is enqueued again, or closed as missed when it
 * may no longer be opened. One that was opened before is for its dispatch to judge. Gives how many it took.
 */
export function sweepExecutions(ports: SweepPorts) {
  const { log, policy, takeOverdue, closeExpired, enqueueExecutions, findReportsDue, nudgeReports } = ports;
  return async (now: Temporal.Instant): Promise<{ swept: number; expired: number }> => {
    const reviewAt = reviewOfEnqueued(now, now, policy.leaseSeconds);
    const overdue = await takeOverdue(now, reviewAt, MOST);
    const faults = overdue
      .filter((execution) => isExpired(execution, now, policy))
      .map((each) => faultOf(each, now));
    const closed = faults.length > 0 ? await closeExpired(faults, reviewAt) : [];
    for (const executionId of closed) log.warn('execution.expired', { executionId });
    const expired = new Set(faults.map(({ executionId }) => executionId));
    const open = overdue.filter(({ executionId }) => !expired.has(executionId));
    await enqueueExecutions(apart(open, now, policy));
    if (await findReportsDue()) await nudgeReports();
    return { swept: overdue.length, expired: closed.length };
  };
}

/** A process that ends once proves nothing against what was open in it. */
const suspectRounds = 2;

/**
 * Whatever was open when its process was killed comes back at the same time, and what killed it among the rest. Those
 * that it happened to again are therefore sent one after another, within a lease: else the killer would take the others
 * along each time, and all would be given up together.
 */
function apart(
  executions: readonly Overdue[],
  now: Temporal.Instant,
  { leaseSeconds, prepareSeconds }: ScanPolicy,
): ToEnqueue[] {
  const suspects = executions.filter(({ rounds }) => rounds >= suspectRounds);
  return executions.map((execution) => {
    const turn = suspects.indexOf(execution);
    if (turn < 1) return execution;
    const milliseconds = Math.round((1000 * leaseSeconds * turn) / suspects.length);
    const at = now.add({ seconds: prepareSeconds, milliseconds });
    return Temporal.Instant.compare(at, execution.at) > 0 ? { ...execution, at } : execution;
  });
}

/** Only of the agenda's own is the time that counts known here; others are judged at their opening. */
function isExpired(execution: Overdue, now: Temporal.Instant, policy: ScanPolicy): boolean {
  if (execution.opened || execution.origin !== 'AGENDA') return false;
  const limit = execution.at.add({ minutes: lateLimitMinutes(execution.catchUpMinutes, policy) });
  return Temporal.Instant.compare(limit, now) < 0;
}

function faultOf(
  { executionId, alert, tenant }: Overdue,
  now: Temporal.Instant,
): Fault & { executionId: number } {
  return {
    reason: 'abierta_tarde',
    detail: 'Nadie pudo abrir la ejecución dentro de su plazo de recuperación: no salió nada.',
    at: now,
    executionId,
    ...(alert === null ? {} : { alert }),
    ...(tenant === null ? {} : { tenant }),
  };
}
