import { Temporal } from 'temporal-polyfill';
import { fingerprintOf } from '../domain/fingerprint.ts';
import { lateLimitMinutes } from '../domain/late-limit.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import { parseAlert } from '../domain/parse-alert.ts';
import { nextOccurrence, occurrencesBetween } from '../domain/recurrence.ts';
import { isOurs } from './is-ours.ts';
import { missedExecutions, overtakenExecution } from './missed-executions.ts';
import { newExecution, type NewExecution } from './new-execution.ts';
import type { DecidingPolicy } from './deciding-policy.ts';
import type { Candidate } from './select-candidates.ts';
import type { Span } from './span.ts';

export type Decision =
  /** To be claimed: the pointer moves on, and these are recorded. */
  | { kind: 'decided'; candidate: Candidate; next: Occurrence | null; executions: readonly NewExecution[] }
  /** The alert was deleted: its agenda row goes, and what it missed before that is recorded. */
  | { kind: 'forget'; candidate: Candidate; executions: readonly NewExecution[] }
  /** Not what the refresh saw, or not ours any more: that is settled first, and the next scan decides. */
  | { kind: 'edited'; candidate: Candidate };

/**
 * Every occurrence from the alert's pointer to the end of the window, across midnight too: due, due late (within its
 * catch-up limit, never less than the window), or missed. Does not look at the minute of now: the host fires early.
 */
export function decideOccurrences(candidate: Candidate, span: Span, policy: DecidingPolicy): Decision {
  const { row, pointer, fingerprint } = candidate;
  if (row === null) return forget(candidate, span, policy);
  if (!isOurs(row, policy)) return { kind: 'edited', candidate };
  const parse = parseAlert(row, policy);
  if (parse.kind === 'invalid' || !parse.alert.active || fingerprintOf(parse) !== fingerprint) {
    return { kind: 'edited', candidate };
  }
  const { alert } = parse;
  const occurrences = occurrencesBetween(alert.schedule, alert.zone, pointer.toInstant(), span.until);
  const limit = span.now.subtract({ minutes: lateLimitMinutes(alert.catchUpMinutes, policy) });
  const isDue = ({ at }: Occurrence): boolean => Temporal.Instant.compare(at.toInstant(), limit) >= 0;
  const due = occurrences.filter(isDue);
  const missed = occurrences.filter((occurrence) => !isDue(occurrence));
  return {
    kind: 'decided',
    candidate,
    next: nextOccurrence(alert.schedule, alert.zone, span.until.add({ nanoseconds: 1 })),
    executions: [
      ...due.map((occurrence) => newExecution(alert, occurrence, policy.windowMinutes)),
      ...missedExecutions(alert, missed, 'no_ejecutada', span, policy),
    ],
  };
}

function forget(candidate: Candidate, span: Span, policy: DecidingPolicy): Decision {
  const { alert, pointer } = candidate;
  const isLate = Temporal.Instant.compare(pointer.toInstant(), span.from) < 0;
  const at = pointer.withTimeZone(policy.timeZone);
  return { kind: 'forget', candidate, executions: isLate ? [overtakenExecution(alert, null, at)] : [] };
}
