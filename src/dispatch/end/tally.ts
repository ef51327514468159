import type { Temporal } from 'temporal-polyfill';
import type { ExecutionState } from '../../domain/execution.ts';
import type { Reason } from '../../domain/reason.ts';

/** How the deliveries of one execution stand. */
export interface Tally {
  total: number;
  /** PENDIENTE and REINTENTO. */
  open: number;
  /** ENVIADO, and the states that call-backs put above it. */
  accepted: number;
  rejected: number;
  failed: number;
  withoutContact: number;
  duplicated: number;
  /** The earliest msg_ProximoIntento of an open delivery. */
  nextAttempt: Temporal.Instant | null;
}

export interface FinalState {
  state: ExecutionState;
  reason: Reason | null;
  /** For operators. */
  detail: string | null;
}

/** What an execution has become once none of its deliveries is open. */
export function finalStateOf(tally: Tally): FinalState {
  const { total, accepted, rejected, failed, withoutContact, duplicated } = tally;
  if (total === 0) return { state: 'OMITIDA', reason: 'sin_filas', detail: null };
  if (accepted + duplicated === total) return { state: 'ENVIADA', reason: null, detail: null };
  const onlyContacts = rejected + failed === 0;
  const detail = `${accepted} de ${total} entregas aceptadas${listOf(tally)}.`;
  if (accepted > 0)
    return { state: 'PARCIAL', reason: onlyContacts ? 'sin_contacto' : 'entregas_fallidas', detail };
  const reason = onlyContacts && withoutContact > 0 ? 'sin_contactos_utiles' : 'entregas_fallidas';
  return { state: 'ERROR', reason, detail };
}

function listOf({ rejected, failed, withoutContact, duplicated }: Tally): string {
  const parts = [
    rejected > 0 ? `rechazadas: ${rejected}` : '',
    failed > 0 ? `con error: ${failed}` : '',
    withoutContact > 0 ? `sin contacto: ${withoutContact}` : '',
    duplicated > 0 ? `duplicadas: ${duplicated}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}
