import { Temporal } from 'temporal-polyfill';
import type { AlertParse } from './alert.ts';
import type { Occurrence } from './occurrence.ts';
import { occurrenceOfKey } from './recurrence.ts';
import type { Reason } from './reason.ts';

export type EditVerdict =
  | { kind: 'keep' }
  /** The same key at another instant. */
  | { kind: 'move'; to: Occurrence }
  /** The execution becomes CANCELADA and gives its key up. */
  | { kind: 'cancel'; reason: CancelReason };

type CancelReason = Extract<Reason, 'alerta_editada' | 'alerta_desactivada' | 'configuracion_invalida'>;

/** sch_DetalleError of an execution that an edit cancels. */
export const cancelDetails: Readonly<Record<CancelReason, string>> = {
  alerta_editada: 'La alerta se editó antes de que la ejecución se preparara.',
  alerta_desactivada: 'La alerta se desactivó o se borró antes de que la ejecución se preparara.',
  configuracion_invalida: 'La alerta ya no se puede leer: se editó antes de que la ejecución se preparara.',
};

export interface Edit {
  /** An execution of origin AGENDA that is claimed and not yet prepared. Once prepared, no edit touches it. */
  execution: { key: string; at: Temporal.Instant };
  /** The alert's row as it stands now; undefined = deleted. */
  alert: AlertParse | undefined;
  now: Temporal.Instant;
  /** ALERTS_WINDOW_MINUTES: how far in the past an occurrence may lie and still be sent by an edit. */
  windowMinutes: number;
}

/**
 * What an edit of its alert does to an execution. A periodic alert that fires at another time of the same local day
 * moves it; one that does not fire on that day any more, or whose new time is past beyond the window, cancels it. A
 * listed entry is its own identity: taken off the list it is cancelled.
 */
export function settleEdit({ execution, alert, now, windowMinutes }: Edit): EditVerdict {
  if (alert === undefined) return { kind: 'cancel', reason: 'alerta_desactivada' };
  if (alert.kind === 'invalid') {
    return { kind: 'cancel', reason: alert.active ? 'configuracion_invalida' : 'alerta_desactivada' };
  }
  const { active, schedule, zone } = alert.alert;
  if (!active) return { kind: 'cancel', reason: 'alerta_desactivada' };
  const to = occurrenceOfKey(schedule, zone, execution.key);
  if (to === null) return { kind: 'cancel', reason: 'alerta_editada' };
  const at = to.at.toInstant();
  if (at.equals(execution.at)) return { kind: 'keep' };
  const earliest = now.subtract({ minutes: windowMinutes });
  if (Temporal.Instant.compare(at, earliest) < 0) return { kind: 'cancel', reason: 'alerta_editada' };
  return { kind: 'move', to };
}
