import { Temporal } from 'temporal-polyfill';
import type { Occurrence } from '../domain/occurrence.ts';
import type { Reason } from '../domain/reason.ts';
import type { WatchedAlert } from './dry-scan.ts';
import type { NewExecution } from './new-execution.ts';
import type { Sketch } from './sketch-decision.ts';
import type { Span } from './span.ts';

/** An execution that is on record. */
export interface Standing {
  executionId: number;
  state: string | null;
}

type DecisionKind =
  /** Goes out on time, or late within its catch-up limit. */
  | 'due'
  | 'late'
  /** Is due, and its execution would end OMITIDA. */
  | 'paused'
  | 'tenant_inactive'
  /** Is recorded as PERDIDA. */
  | 'missed'
  /** Its time has come, and its execution is there; or it has run today, and there is nothing more today. */
  | 'already'
  | 'waiting'
  /** Nothing is to come any more. */
  | 'over'
  | 'inactive'
  | 'invalid'
  /** ALERTS_ONLY leaves it to another system. */
  | 'outside';

/** One occurrence that the scan would record, or that is recorded already. */
interface DryOccurrence {
  at: Temporal.ZonedDateTime;
  key: string | null;
  decision: 'due' | 'late' | 'missed' | 'already';
  reason: Reason | null;
  detail: string | null;
  execution: Standing | null;
}

export interface DryDecision {
  alert: string;
  name: string | null;
  tenant: string | null;
  decision: DecisionKind;
  /** A sentence in Spanish. */
  detail: string;
  paused: boolean;
  problem: string | null;
  occurrences: readonly DryOccurrence[];
  next: Occurrence | null;
  /** Of the occurrence, or of the last one today. */
  execution: Standing | null;
}

interface Found {
  alert: WatchedAlert;
  sketch: Sketch;
  executions: readonly { execution: NewExecution; standing: Standing | null }[];
  /** What stands of the last occurrence today. */
  today: Standing | null;
}

/** What the scan would do of one alert, in one word and one sentence. */
export function explainDecision({ alert, sketch, executions, today }: Found, span: Span): DryDecision {
  const occurrences = executions.map(({ execution, standing }) => occurrenceOf(execution, standing, span));
  const decision = kindOf({ alert, sketch, today }, occurrences, span);
  const execution = today ?? occurrences.findLast((each) => each.execution !== null)?.execution ?? null;
  return {
    alert: alert.row.code,
    name: alert.name,
    tenant: alert.row.tenant,
    decision,
    detail: sentences[decision]({ problem: sketch.problem, occurrences, execution }),
    paused: alert.paused,
    problem: sketch.problem,
    occurrences,
    next: sketch.next,
    execution,
  };
}

function occurrenceOf(
  { at, key, missed }: NewExecution,
  execution: Standing | null,
  span: Span,
): DryOccurrence {
  if (execution !== null) return { at, key, decision: 'already', reason: null, detail: null, execution };
  if (missed !== null) return { at, key, decision: 'missed', ...missed, execution };
  const isLate = Temporal.Instant.compare(at.toInstant(), span.from) < 0;
  return { at, key, decision: isLate ? 'late' : 'due', reason: null, detail: null, execution };
}

function kindOf(
  { alert, sketch, today }: Pick<Found, 'alert' | 'sketch' | 'today'>,
  occurrences: readonly DryOccurrence[],
  span: Span,
): DecisionKind {
  if (sketch.kind !== 'runs') return sketch.kind;
  const has = (decision: DryOccurrence['decision']) => occurrences.some((each) => each.decision === decision);
  if (has('due') || has('late')) {
    if (alert.tenantActive === false) return 'tenant_inactive';
    if (alert.paused) return 'paused';
    return has('due') ? 'due' : 'late';
  }
  if (has('missed')) return 'missed';
  if (has('already')) return 'already';
  if (today !== null && !isToday(sketch, span)) return 'already';
  return sketch.next === null ? 'over' : 'waiting';
}

function isToday({ next, zone }: Sketch, { now }: Span): boolean {
  return next !== null && next.at.toPlainDate().equals(now.toZonedDateTimeISO(zone).toPlainDate());
}

interface Told {
  problem: string | null;
  occurrences: readonly DryOccurrence[];
  execution: Standing | null;
}

const sentences: Readonly<Record<DecisionKind, (told: Told) => string>> = {
  due: () => 'Sale en esta revisión.',
  late: () => 'Sale en esta revisión, con atraso: su plazo de recuperación no pasó.',
  paused: () => 'Le toca, pero hay una pausa en vigor: su ejecución terminaría OMITIDA.',
  tenant_inactive: () => 'Le toca, pero su empresa está inactiva: su ejecución terminaría OMITIDA.',
  missed: ({ occurrences }) =>
    occurrences.find(({ decision }) => decision === 'missed')?.detail ?? 'Se registra como perdida.',
  already: ({ execution }) =>
    `Ya tiene su ejecución: ${execution?.executionId} (${execution?.state ?? 'sin estado'}).`,
  waiting: () => 'Todavía no le toca.',
  over: () => 'No le queda ninguna fecha.',
  inactive: () => 'Está desactivada (cfg_Activo en 0).',
  invalid: ({ problem }) => problem ?? 'Su fila no se puede leer.',
  outside: () => 'ALERTS_ONLY la deja a otro sistema.',
};
