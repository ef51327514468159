import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { batchesOf, type ClaimOccurrences } from './claim-occurrences.ts';
import { decideOccurrences, type Decision } from './decide-occurrences.ts';
import type { ToEnqueue } from './enqueue-executions.ts';
import { fieldsOf, type StoredExecution } from './new-execution.ts';
import type { RecordCycle, ScanReport } from './record-cycle.ts';
import type { Refreshed } from './refresh-agenda.ts';
import type { ScanPolicy } from './scan-policy.ts';
import type { SelectCandidates } from './select-candidates.ts';
import { spanAround, type Span } from './span.ts';
import { stepsOf } from './steps.ts';

export interface ScanPorts {
  clock: Clock;
  log: Logger;
  policy: ScanPolicy;
  refreshAgenda: (span: Span, codes?: readonly string[]) => Promise<Refreshed>;
  selectCandidates: SelectCandidates;
  claimOccurrences: ClaimOccurrences;
  enqueueExecutions: (executions: readonly ToEnqueue[]) => Promise<{ sent: number; failed: number }>;
  sweepExecutions: (now: Temporal.Instant) => Promise<{ swept: number; expired: number }>;
  recordCycle: RecordCycle;
  /** What can wait until the scan is recorded. */
  afterScan: (report: ScanReport) => Promise<void>;
}

/** What is not claimed by then is left to the next scan. */
const SECONDS_TO_CLAIM = 40;

/**
 * One tick. Reads what operators wrote, finds what is due, claims every occurrence once, hands it to the queue, and
 * looks after what was left lying. Opens no tenant database. A step that fails is logged and done again by the next
 * scan; the steps that do not need it go on.
 */
export function scanDueAlerts(ports: ScanPorts) {
  const { clock, log, policy, refreshAgenda, selectCandidates, enqueueExecutions, sweepExecutions } = ports;
  return async (): Promise<ScanReport> => {
    const span = spanAround(clock.now(), policy);
    const steps = stepsOf(log);

    const refreshed = await steps.run('refresh', () => refreshAgenda(span));
    const candidates = (await steps.run('select', () => selectCandidates(span.until))) ?? [];
    const decisions = candidates.map((candidate) => decideOccurrences(candidate, span, policy));
    const settled = await steps.run('settle', () => settleEdited(decisions, ports, span));
    const { stored, left } = await claimInBatches(decisions, ports, span, steps);
    const finished = steps.failures.length === 0 && left === 0 && refreshed?.complete === true;
    const moved = [...(refreshed?.moved ?? []), ...(settled?.moved ?? [])];
    await steps.run('enqueue', () => enqueueExecutions([...stored.flatMap(toEnqueue), ...moved]));
    const swept = await steps.run('sweep', () => sweepExecutions(span.now));

    const missed = stored.filter((execution) => execution.missed !== null).length;
    const report: ScanReport = {
      at: span.now,
      durationMs: Math.round(span.now.until(clock.now()).total('milliseconds')),
      candidates: candidates.length,
      claimed: stored.length - missed,
      missed: missed + (refreshed?.missed ?? 0) + (settled?.missed ?? 0) + (swept?.expired ?? 0),
      swept: swept?.swept ?? 0,
      left,
      finished,
      failures: steps.failures,
    };
    await steps.run('record', () => ports.recordCycle(report));
    log.info('scan.finished', logFieldsOf(report));
    await ports.afterScan(report);
    return report;
  };
}

/**
 * What no refresh sees, because no row of it was written (its tenant was deleted), must not stand in the agenda for ever.
 */
async function settleEdited(
  decisions: readonly Decision[],
  { refreshAgenda }: ScanPorts,
  span: Span,
): Promise<Refreshed | undefined> {
  const edited = decisions.filter(({ kind }) => kind === 'edited').map(({ candidate }) => candidate.alert);
  return edited.length === 0 ? undefined : await refreshAgenda(span, edited);
}

async function claimInBatches(
  decisions: readonly Decision[],
  { clock, log, claimOccurrences }: ScanPorts,
  span: Span,
  steps: ReturnType<typeof stepsOf>,
): Promise<{ stored: StoredExecution[]; left: number }> {
  const stored: StoredExecution[] = [];
  const waiting = batchesOf(decisions);
  const deadline = span.now.add({ seconds: SECONDS_TO_CLAIM }).epochMilliseconds;
  while (waiting.length > 0 && clock.now().epochMilliseconds < deadline) {
    const batch = waiting.shift() ?? [];
    const claimed = (await steps.run('claim', () => claimOccurrences(batch, clock.now()))) ?? [];
    for (const execution of claimed) {
      if (execution.missed === null) log.info('alert.claimed', fieldsOf(execution));
      else log.warn('occurrence.missed', fieldsOf(execution));
    }
    stored.push(...claimed);
  }
  return { stored, left: waiting.flat().length };
}

function toEnqueue({ executionId, at, reviewAt }: StoredExecution): ToEnqueue[] {
  return reviewAt === null ? [] : [{ executionId, at: at.toInstant(), reviewAt }];
}

function logFieldsOf({ at, failures, ...counts }: ScanReport) {
  return { ...counts, at: at.toString(), failures: failures.join('; ') };
}
