import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { reviewOfEnqueued } from '../domain/review-time.ts';
import type { ScanPolicy } from './scan-policy.ts';

/** An execution that the queue is to hear of. */
export interface ToEnqueue {
  executionId: number;
  /** sch_Ocurrencia */
  at: Temporal.Instant;
  /** sch_Revisar as stored. */
  reviewAt: Temporal.Instant;
}

/** Sends the message of an execution; nobody sees it before the instant. */
export type SendDispatch = (executionId: number, visibleAt: Temporal.Instant) => Promise<void>;

/** Moves sch_Revisar of executions that are still unopened and still carry the one that was read. */
export type MarkEnqueued = (
  marks: readonly { executionId: number; was: Temporal.Instant; reviewAt: Temporal.Instant }[],
) => Promise<void>;

export interface EnqueuePorts {
  clock: Clock;
  log: Logger;
  policy: Pick<ScanPolicy, 'prepareSeconds' | 'leaseSeconds'>;
  sendDispatch: SendDispatch;
  markEnqueued: MarkEnqueued;
}

const AT_ONCE = 32;

/** A storage account that answers slowly must not keep a scan at it past the time limit of its function. */
const SECONDS_TO_SEND = 60;

/**
 * Sends each its message, visible ALERTS_PREPARE_SECONDS before its instant, and then has it looked at again two
 * leases after that instant. What could not be sent in a minute keeps its sch_Revisar: the sweep sends it. Gives how
 * many were sent.
 */
export function enqueueExecutions({ clock, log, policy, sendDispatch, markEnqueued }: EnqueuePorts) {
  return async (executions: readonly ToEnqueue[]): Promise<{ sent: number; failed: number }> => {
    if (executions.length === 0) return { sent: 0, failed: 0 };
    const waiting = [...executions].sort((a, b) => Temporal.Instant.compare(a.at, b.at));
    const sent: ToEnqueue[] = [];
    const failed = new Map<string, number[]>();
    const end = clock.now().add({ seconds: SECONDS_TO_SEND }).epochMilliseconds;
    const send = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (clock.now().epochMilliseconds >= end) return;
        try {
          await sendDispatch(next.executionId, next.at.subtract({ seconds: policy.prepareSeconds }));
          sent.push(next);
        } catch (error) {
          failed.set(String(error), [...(failed.get(String(error)) ?? []), next.executionId]);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    for (const [error, [executionId, ...others]] of failed)
      log.warn('execution.not_enqueued', { executionId, others: others.length, error });
    const now = clock.now();
    await markEnqueued(
      sent.map(({ executionId, at, reviewAt }) => ({
        executionId,
        was: reviewAt,
        reviewAt: reviewOfEnqueued(at, now, policy.leaseSeconds),
      })),
    );
    return { sent: sent.length, failed: executions.length - sent.length };
  };
}
