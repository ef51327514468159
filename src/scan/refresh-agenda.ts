import { Temporal } from 'temporal-polyfill';
import type { Logger } from '../core/logger.ts';
import type { AlertParse } from '../domain/alert.ts';
import { settingsFingerprintOf } from '../domain/fingerprint.ts';
import type { Reason } from '../domain/reason.ts';
import { settleEdit, type EditVerdict } from '../domain/settle-edit.ts';
import type { ToEnqueue } from './enqueue-executions.ts';
import { fieldsOf, type StoredExecution } from './new-execution.ts';
import { restartAlert, type ChangedAlert, type Restart } from './restart-alert.ts';
import type { ScanPolicy } from './scan-policy.ts';
import type { Span } from './span.ts';

/** How far earlier scans came. */
export interface ScanState {
  /** Now of the last finished scan; null = none yet. */
  lastScan: Temporal.Instant | null;
  /** The row version that was read up to; null = none yet. */
  readUpTo: bigint | null;
  /** Fingerprint of the settings at that time. */
  settings: string | null;
  /** The greatest row version below which every transaction has ended, at this moment. */
  endedUpTo: bigint;
  /** The greatest row version that any transaction has taken, ended or not. */
  writtenUpTo: bigint;
}

export type ReadScanState = () => Promise<ScanState>;

/**
 * The alerts that themselves or whose tenants were written after that version (null = all), or those with these codes;
 * without those that another session holds: `held` says that there are such.
 */
export type ReadChangedAlerts = (
  which: { after: bigint | null } | { codes: readonly string[] },
) => Promise<{ alerts: readonly ChangedAlert[]; held: boolean }>;

/** Executions of origin AGENDA that are claimed and not opened. */
export type ReadClaimed = (alerts: readonly string[]) => Promise<readonly ClaimedExecution[]>;

export interface ClaimedExecution {
  executionId: number;
  alert: string;
  key: string;
  at: Temporal.Instant;
}

export interface Settlement {
  execution: ClaimedExecution;
  verdict: Exclude<EditVerdict, { kind: 'keep' }>;
}

export type AgendaChange = Exclude<Restart, { kind: 'unchanged' }>;

export interface StoredChanges {
  /** The alerts whose agenda row still stood as read; of the others nothing was stored. */
  stored: ReadonlySet<string>;
  missed: readonly StoredExecution[];
  moved: readonly ToEnqueue[];
  cancelled: readonly { executionId: number; alert: string; reason: Reason }[];
}

/**
 * Fingerprints, pointers, problems, missed occurrences, executions moved and cancelled: all in one transaction. Stores
 * nothing when another refresh has read further than `readUpTo` meanwhile: what it found unchanged could be undone, and
 * nobody would read that row again.
 */
export type StoreAgenda = (
  changes: readonly AgendaChange[],
  settlements: readonly Settlement[],
  known: { now: Temporal.Instant; readUpTo: bigint | null },
) => Promise<StoredChanges>;

export type StoreReadUpTo = (version: bigint, settings: string) => Promise<void>;

export interface RefreshPorts {
  log: Logger;
  policy: ScanPolicy;
  readScanState: ReadScanState;
  readChangedAlerts: ReadChangedAlerts;
  readClaimed: ReadClaimed;
  storeAgenda: StoreAgenda;
  storeReadUpTo: StoreReadUpTo;
}

export interface Refreshed {
  missed: number;
  /** Edited to another time: they need a further message. */
  moved: readonly ToEnqueue[];
  /** Nothing that was to be read is left for the next scan. */
  complete: boolean;
}

const ALERTS_PER_TRANSACTION = 500;

/**
 * Brings the agenda up to what operators wrote, or only these alerts, whatever their version. The version is stored as
 * read only when nothing was held back: neither by another session's lock nor by another scan. Reading the same rows
 * again changes nothing.
 */
export function refreshAgenda(ports: RefreshPorts) {
  const { policy, readScanState, readChangedAlerts, storeReadUpTo } = ports;
  const settings = settingsFingerprintOf(policy);
  return async (span: Span, codes?: readonly string[]): Promise<Refreshed> => {
    const state = await readScanState();
    if (codes !== undefined) return await bringUp(await readChangedAlerts({ codes }), state, span, ports);
    const mustReadAll = settings !== state.settings || ranAhead(state, span);
    const after = mustReadAll ? null : state.readUpTo;
    if (after === state.writtenUpTo) return { missed: 0, moved: [], complete: true };
    const readAfter = after !== null && after > state.endedUpTo ? null : after;
    const refreshed = await bringUp(await readChangedAlerts({ after: readAfter }), state, span, ports);
    if (refreshed.complete) await storeReadUpTo(state.endedUpTo, settings);
    return refreshed;
  };
}

/** The clock went back by more than the window: pointers may stand where it was, and would wait until it is there again. */
function ranAhead({ lastScan }: ScanState, { until }: Span): boolean {
  return lastScan !== null && Temporal.Instant.compare(lastScan, until) > 0;
}

async function bringUp(
  { alerts, held }: Awaited<ReturnType<ReadChangedAlerts>>,
  { lastScan, readUpTo }: ScanState,
  span: Span,
  ports: RefreshPorts,
): Promise<Refreshed> {
  const result = { missed: 0, moved: [] as ToEnqueue[], complete: !held };
  for (let start = 0; start < alerts.length; start += ALERTS_PER_TRANSACTION) {
    // All alerts are read anew when the time zone data changes: the dispatches of this process must not wait meanwhile.
    await new Promise(setImmediate);
    const part = alerts
      .slice(start, start + ALERTS_PER_TRANSACTION)
      .map((alert) => restartAlert(alert, span, lastScan, ports.policy))
      .filter((restart) => restart.kind !== 'unchanged');
    if (part.length === 0) continue;
    const settlements = await settle(part, span, ports);
    const stored = await ports.storeAgenda(part, settlements, { now: span.now, readUpTo });
    logChanges(part, stored, ports.log);
    result.missed += stored.missed.length;
    result.moved.push(...stored.moved);
    result.complete &&= stored.stored.size === part.length;
  }
  return result;
}

/** What the edits of these alerts do to their claimed executions. */
async function settle(
  changes: readonly AgendaChange[],
  span: Span,
  { policy, readClaimed }: RefreshPorts,
): Promise<Settlement[]> {
  const edited = new Map<string, AlertParse>(
    changes.flatMap((change) =>
      change.kind === 'restart' && change.edited ? [[change.alert, change.parse] as const] : [],
    ),
  );
  if (edited.size === 0) return [];
  const claimed = await readClaimed([...edited.keys()]);
  return claimed.flatMap((execution) => {
    const alert = edited.get(execution.alert);
    const verdict = settleEdit({ execution, alert, now: span.now, windowMinutes: policy.windowMinutes });
    return verdict.kind === 'keep' ? [] : [{ execution, verdict }];
  });
}

function logChanges(changes: readonly AgendaChange[], stored: StoredChanges, log: Logger): void {
  for (const change of changes) {
    if (change.kind !== 'restart' || !stored.stored.has(change.alert)) continue;
    if (change.problemIsNew && change.problem !== null) {
      log.warn('alert.invalid', { alert: change.alert, problem: change.problem });
    }
  }
  for (const { executionId, at } of stored.moved)
    log.info('execution.moved', { executionId, to: at.toString() });
  for (const cancelled of stored.cancelled) log.info('execution.cancelled', { ...cancelled });
  for (const missed of stored.missed) log.warn('occurrence.missed', fieldsOf(missed));
}
