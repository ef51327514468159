import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { ScanReport } from './record-cycle.ts';
import type { ScanPolicy } from './scan-policy.ts';

/** How many rows of each kind a batch has deleted. */
export interface Forgotten {
  executions: number;
  deliveries: number;
  /** Attempts go with their deliveries, and are not counted. Faults, incidents, ended pauses, audit and early news are. */
  others: number;
}

/**
 * Deletes one small batch of what is older and was written by us: final executions that no open one repeats, with their
 * deliveries and attempts; faults, but for the reported ones of open incidents; closed incidents, ended pauses, entries of the
 * audit, and early news. Whatever interrupts it leaves no delivery without its execution, and nothing that has lost some of its
 * deliveries can be sent again. All zero when nothing is left.
 */
export type ForgetBatch = (before: Temporal.Instant) => Promise<Forgotten>;

export interface ForgetPorts {
  clock: Clock;
  log: Logger;
  policy: Pick<ScanPolicy, 'retentionDays'>;
  forgetBatch: ForgetBatch;
}

const patience = { seconds: 2 };
/** After the beginning of its scan: the next one must not wait. */
const latest = { seconds: 30 };
/** Records grow old slowly; and where something is due in every minute, they would grow for ever otherwise. */
const pause = { hours: 1 };

/**
 * Deletes old records for two seconds at most, after a scan that had nothing to do: in each of them while there are any,
 * then again in an hour, also after a fault. Where no scan is idle, every hour after one that was not.
 */
export function forgetRecords({ clock, log, policy, forgetBatch }: ForgetPorts) {
  let fromIdle = clock.now();
  let fromBusy = fromIdle.add(pause);
  return async (report: ScanReport): Promise<void> => {
    const now = clock.now();
    const isIdle = report.candidates === 0 && report.swept === 0 && report.failures.length === 0;
    const isLate = now.epochMilliseconds > report.at.add(latest).epochMilliseconds;
    if (isLate || now.epochMilliseconds < (isIdle ? fromIdle : fromBusy).epochMilliseconds) return;
    fromIdle = fromBusy = now.add(pause);
    const before = now.subtract({ hours: 24 * policy.retentionDays });
    const { isDone, ...forgotten } = await forgetUntil(now.add(patience), before, { clock, forgetBatch });
    if (!isDone) fromIdle = now;
    if (Object.values(forgotten).some((count) => count > 0)) log.info('records.forgotten', forgotten);
  };
}

async function forgetUntil(
  deadline: Temporal.Instant,
  before: Temporal.Instant,
  { clock, forgetBatch }: Pick<ForgetPorts, 'clock' | 'forgetBatch'>,
): Promise<Forgotten & { isDone: boolean }> {
  const sum = { executions: 0, deliveries: 0, others: 0 };
  while (clock.now().epochMilliseconds < deadline.epochMilliseconds) {
    const { executions, deliveries, others } = await forgetBatch(before);
    if (executions + deliveries + others === 0) return { ...sum, isDone: true };
    sum.executions += executions;
    sum.deliveries += deliveries;
    sum.others += others;
  }
  return { ...sum, isDone: false };
}
