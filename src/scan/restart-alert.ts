import { Temporal } from 'temporal-polyfill';
import type { Alert, AlertParse, AlertRow } from '../domain/alert.ts';
import { sentenceOf } from '../domain/config-fault.ts';
import { fingerprintOf } from '../domain/fingerprint.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import { parseAlert } from '../domain/parse-alert.ts';
import { nextOccurrence, occurrencesBetween } from '../domain/recurrence.ts';
import { isOurs } from './is-ours.ts';
import { missedExecutions, overtakenExecution } from './missed-executions.ts';
import type { NewExecution } from './new-execution.ts';
import type { DecidingPolicy } from './deciding-policy.ts';
import type { Span } from './span.ts';

/** An alert that was written since the last refresh, or all of them. */
export interface ChangedAlert {
  row: AlertRow;
  agenda: AgendaRow | null;
}

export interface AgendaRow {
  fingerprint: string;
  /** In UTC. null = no occurrence to come. */
  pointer: Temporal.ZonedDateTime | null;
  problem: string | null;
}

export type Restart =
  | { kind: 'unchanged' }
  /** ALERTS_ONLY leaves it to another system: its agenda row goes. */
  | { kind: 'forget'; alert: string; was: AgendaRow }
  | {
      kind: 'restart';
      alert: string;
      tenant: string | null;
      /** null = new. */
      was: AgendaRow | null;
      parse: AlertParse;
      fingerprint: string;
      pointer: Temporal.ZonedDateTime | null;
      /** What `was` says holds no more: executions are settled, keys of today's missed ones given up. */
      edited: boolean;
      /** The alert's own today, for those keys. */
      today: Temporal.PlainDate;
      problem: string | null;
      problemIsNew: boolean;
      missed: readonly NewExecution[];
    };

/** age_Problema */
const LONGEST_PROBLEM = 1000;

/**
 * What a written row means for the agenda. Where the times are new or changed, the pointer restarts at the last
 * finished scan (`lastScan`, null = there was none), and what lay between that and the window is recorded as seen late.
 */
export function restartAlert(
  { row, agenda }: ChangedAlert,
  span: Span,
  lastScan: Temporal.Instant | null,
  policy: DecidingPolicy,
): Restart {
  if (!isOurs(row, policy)) {
    return agenda === null ? { kind: 'unchanged' } : { kind: 'forget', alert: row.code, was: agenda };
  }
  const parse = parseAlert(row, policy);
  const fingerprint = fingerprintOf(parse);
  const problem = problemOf(parse);
  const running = parse.kind === 'valid' && parse.alert.active ? parse.alert : null;
  const zone = parse.kind === 'valid' ? parse.alert.zone : policy.timeZone;
  const edited =
    agenda !== null && (agenda.fingerprint !== fingerprint || !pointerHolds(running, agenda.pointer, span));
  const restarts = agenda === null || edited;
  const problemIsNew = problem !== (agenda?.problem ?? null);
  if (!restarts && !problemIsNew) return { kind: 'unchanged' };
  return {
    kind: 'restart',
    alert: row.code,
    tenant: row.tenant,
    was: agenda,
    parse,
    fingerprint,
    pointer: restarts ? firstFrom(running, span.from) : agenda.pointer,
    edited,
    today: span.now.toZonedDateTimeISO(zone).toPlainDate(),
    problem,
    problemIsNew,
    missed: restarts ? missedBefore({ row, agenda }, { running, zone }, span, lastScan, policy) : [],
  };
}

function problemOf(parse: AlertParse): string | null {
  const active = parse.kind === 'valid' ? parse.alert.active : parse.active;
  if (!active || parse.faults.length === 0) return null;
  return parse.faults.map(sentenceOf).join(' ').slice(0, LONGEST_PROBLEM);
}

/**
 * New time zone data can move occurrences without touching any row. And an edit that was taken back before a scan could see
 * it may have been seen by an opening, which moved or cancelled its execution: what lies in the window is decided anew.
 */
function pointerHolds(running: Alert | null, pointer: Temporal.ZonedDateTime | null, span: Span): boolean {
  const isOverdue = pointer !== null && Temporal.Instant.compare(pointer.toInstant(), span.from) < 0;
  const expected = firstFrom(running, isOverdue ? pointer.toInstant() : span.from);
  return expected?.epochNanoseconds === pointer?.epochNanoseconds;
}

function firstFrom(running: Alert | null, from: Temporal.Instant): Temporal.ZonedDateTime | null {
  return running && (nextOccurrence(running.schedule, running.zone, from)?.at ?? null);
}

/** The old time that passed before the window, then those of the present schedule; what is both is on record once. */
function missedBefore(
  { row, agenda }: ChangedAlert,
  { running, zone }: { running: Alert | null; zone: string },
  span: Span,
  lastScan: Temporal.Instant | null,
  policy: DecidingPolicy,
): NewExecution[] {
  const overtaken = overtakenPointer(agenda, span);
  const old = overtaken && overtakenExecution(row.code, row.tenant, overtaken.withTimeZone(zone));
  const late = seenLate(running, span, lastScan).filter(
    ({ at }) => at.epochMilliseconds !== overtaken?.epochMilliseconds,
  );
  return [
    ...(old === null ? [] : [old]),
    ...(running === null ? [] : missedExecutions(running, late, 'vista_tarde', span, policy)),
  ];
}

function overtakenPointer(agenda: AgendaRow | null, span: Span): Temporal.ZonedDateTime | null {
  const pointer = agenda?.pointer ?? null;
  return pointer !== null && Temporal.Instant.compare(pointer.toInstant(), span.from) < 0 ? pointer : null;
}

function seenLate(running: Alert | null, span: Span, lastScan: Temporal.Instant | null): Occurrence[] {
  if (running === null || lastScan === null) return [];
  const last = span.from.subtract({ nanoseconds: 1 });
  return occurrencesBetween(running.schedule, running.zone, lastScan, last);
}
