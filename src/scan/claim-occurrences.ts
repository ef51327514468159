import type { Temporal } from 'temporal-polyfill';
import type { Decision } from './decide-occurrences.ts';
import type { NewExecution, StoredExecution } from './new-execution.ts';

export type Claimable = Extract<Decision, { kind: 'decided' | 'forget' }>;

/**
 * In one transaction: moves the pointers that still stand as they were read, and records the occurrences of those
 * alerts alone, each unless its key or an older row stands. Gives what this call recorded. Safe to call with the same
 * batch twice, and from two scans at once.
 */
export type ClaimOccurrences = (
  batch: readonly Claimable[],
  now: Temporal.Instant,
) => Promise<readonly StoredExecution[]>;

const ROWS_PER_BATCH = 500;

/**
 * Each batch is one transaction. What has something due comes before what was only missed, the earliest first. Alerts that
 * were deleted come last and by themselves: whoever still holds the row of one must not keep others from being claimed.
 */
export function batchesOf(decisions: readonly Decision[]): Claimable[][] {
  const decided = decisions
    .filter((decision) => decision.kind === 'decided')
    .map((decision) => ({ decision, rank: firstDue(decision.executions) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ decision }) => decision);
  return [...inBatches(decided), ...inBatches(decisions.filter((decision) => decision.kind === 'forget'))];
}

function inBatches(decisions: readonly Claimable[]): Claimable[][] {
  const batches: Claimable[][] = [];
  let rows = Infinity;
  for (const decision of decisions) {
    const more = decision.executions.length + 1;
    if (rows + more > ROWS_PER_BATCH) {
      batches.push([]);
      rows = 0;
    }
    batches.at(-1)?.push(decision);
    rows += more;
  }
  return batches;
}

function firstDue(executions: readonly NewExecution[]): number {
  const due = executions.filter(({ missed }) => missed === null);
  return Math.min(Number.MAX_SAFE_INTEGER, ...due.map(({ at }) => at.epochMilliseconds));
}
