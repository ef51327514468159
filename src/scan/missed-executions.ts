import { Temporal } from 'temporal-polyfill';
import type { Alert } from '../domain/alert.ts';
import type { Occurrence } from '../domain/occurrence.ts';
import { newExecution, type NewExecution } from './new-execution.ts';
import type { DecidingPolicy } from './deciding-policy.ts';
import type { Span } from './span.ts';

type MissedReason = 'no_ejecutada' | 'vista_tarde';

/** A line for each missed occurrence of an alert; those before ALERTS_MISSED_DAYS share one, at the first of them. */
export function missedExecutions(
  alert: Alert,
  occurrences: readonly Occurrence[],
  reason: MissedReason,
  span: Span,
  policy: DecidingPolicy,
): NewExecution[] {
  const old = occurrences.filter(({ at }) => isBefore(at, span.missedFrom));
  const recent = occurrences.slice(old.length);
  const [first] = old;
  const collapsed =
    first === undefined
      ? []
      : [{ occurrence: first, reason: 'corte_largo' as const, detail: gapDetail(old) }];
  const listed = recent.map((occurrence) => ({
    occurrence,
    reason,
    detail: detailOf(reason, occurrence.at),
  }));
  return [...collapsed, ...listed].map(({ occurrence, ...missed }) =>
    newExecution(alert, occurrence, policy.windowMinutes, missed),
  );
}

/** The occurrence at which the pointer of an alert stood that was edited while no scan ran. It takes no key. */
export function overtakenExecution(
  alert: string,
  tenant: string | null,
  at: Temporal.ZonedDateTime,
): NewExecution {
  const detail = `La alerta se editó mientras no corría ninguna revisión, y su envío del ${spoken(at)} ya había pasado.`;
  return { alert, tenant, at, key: null, missed: { reason: 'editada_en_corte', detail }, older: null };
}

function detailOf(reason: MissedReason, at: Temporal.ZonedDateTime): string {
  return reason === 'no_ejecutada'
    ? `El envío del ${spoken(at)} no salió: ninguna revisión corrió dentro de su plazo de recuperación.`
    : `El envío del ${spoken(at)} no salió: la alerta se vio después de su hora, y no se sabe si se pidió a tiempo.`;
}

function gapDetail(old: readonly Occurrence[]): string {
  const [first, last] = [old[0], old.at(-1)];
  const ends = first && last ? ` del ${spoken(first.at)} al ${spoken(last.at)}` : '';
  return `Un corte largo: ${old.length} envíos${ends} no salieron, y no se registran uno por uno.`;
}

/** `02/03/2026 12:49` */
function spoken(at: Temporal.ZonedDateTime): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(at.day)}/${two(at.month)}/${at.year} ${two(at.hour)}:${two(at.minute)}`;
}

function isBefore(at: Temporal.ZonedDateTime, limit: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at.toInstant(), limit) < 0;
}
