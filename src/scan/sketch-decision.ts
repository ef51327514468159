import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../domain/alert.ts';
import { sentencesOf } from '../domain/config-fault.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import { parseAlert } from '../domain/parse-alert.ts';
import { nextOccurrence, occurrencesBetween } from '../domain/recurrence.ts';
import { decideOccurrences } from './decide-occurrences.ts';
import type { DecidingPolicy } from './deciding-policy.ts';
import { isOurs } from './is-ours.ts';
import { newExecution, type NewExecution } from './new-execution.ts';
import { restartAlert, type ChangedAlert } from './restart-alert.ts';
import type { Span } from './span.ts';

/** What a scan makes of one alert, before it is known what stands in the table already. */
export interface Sketch {
  kind: 'outside' | 'inactive' | 'invalid' | 'runs';
  /** IANA name. */
  zone: string;
  /** Why it is invalid, or what is left out of its list; in Spanish. */
  problem: string | null;
  /** What it would record. */
  executions: readonly NewExecution[];
  /** What comes after the window; null = nothing. */
  next: Occurrence | null;
  /** When nothing is recorded: its last occurrence on the local day that began before the end of the window. */
  today: NewExecution | null;
}

/** As the scan does: brings the agenda's row up to the alert's, and then decides from its pointer. */
export function sketchDecision(
  { row, agenda }: ChangedAlert,
  span: Span,
  lastScan: Temporal.Instant | null,
  policy: DecidingPolicy,
): Sketch {
  const parse = parseAlert(row, policy);
  const zone = parse.kind === 'valid' ? parse.alert.zone : policy.timeZone;
  const problem = parse.faults.length === 0 ? null : sentencesOf(parse.faults);
  const nothing = { zone, problem, executions: [], next: null, today: null };
  if (!isOurs(row, policy)) return { kind: 'outside', ...nothing };
  const restart = restartAlert({ row, agenda }, span, lastScan, policy);
  const late = restart.kind === 'restart' ? restart.missed : [];
  if (!row.active) return { kind: 'inactive', ...nothing, executions: late };
  if (parse.kind === 'invalid') return { kind: 'invalid', ...nothing, executions: late };
  const { alert } = parse;
  const pointer = restart.kind === 'restart' ? restart.pointer : (agenda?.pointer ?? null);
  if (pointer === null || Temporal.Instant.compare(pointer.toInstant(), span.until) > 0) {
    const next = pointer && nextOccurrence(alert.schedule, zone, pointer.toInstant());
    return { ...nothing, kind: 'runs', executions: late, next, today: lastToday(alert, span, policy) };
  }
  const candidate = { alert: row.code, pointer, fingerprint: fingerprintOf(parse), row };
  const decision = decideOccurrences(candidate, span, policy);
  if (decision.kind !== 'decided') throw new Error(`${row.code} was restarted, and is decided as edited.`);
  return { ...nothing, kind: 'runs', executions: [...late, ...decision.executions], next: decision.next };
}

function lastToday(alert: Alert, span: Span, { windowMinutes }: DecidingPolicy): NewExecution | null {
  const midnight = span.now.toZonedDateTimeISO(alert.zone).startOfDay().toInstant();
  const last = occurrencesBetween(alert.schedule, alert.zone, midnight, span.until).at(-1);
  return last === undefined ? null : newExecution(alert, last, windowMinutes);
}
