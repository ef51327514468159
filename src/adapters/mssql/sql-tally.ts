import { sql } from 'kysely';
import type { Tally } from '../../dispatch/end/tally.ts';
import type { ExecutionState } from '../../domain/execution.ts';
import { instantFrom } from './sql-time.ts';

/** What `tallyColumns` selects. */
export interface TallyRecord {
  total: number;
  pending: number;
  accepted: number;
  rejected: number;
  failed: number;
  withoutContact: number;
  duplicated: number;
  nextAttempt: Date | null;
}

/** For a condition on CT_Alertas_Mensajes. */
export const isOpen = sql`msg_Estado IN ('PENDIENTE', 'REINTENTO')`;

/** For a condition on CT_Scheduler_Alertas. */
export const isUnfinished = sql`sch_Estado IN ('PENDIENTE', 'EN_PROCESO')`;

/**
 * The final state of an execution whose dispatch says `state`, with `tallyColumns` as t: what was accepted since that
 * dispatch looked counts as well.
 */
export function stateWithAccepted(state: ExecutionState) {
  return state === 'ERROR' || state === 'PERDIDA' || state === 'CANCELADA'
    ? sql`CASE WHEN t.accepted > 0 THEN 'PARCIAL' ELSE ${state} END`
    : sql`${state}`;
}

/** One row for the deliveries of an execution; call-back states count as accepted. */
export const tallyColumns = sql`
  COUNT(*) AS total,
  COUNT(CASE WHEN ${isOpen} THEN 1 END) AS pending,
  COUNT(CASE WHEN msg_Estado NOT IN ('PENDIENTE', 'REINTENTO', 'RECHAZADO', 'ERROR', 'SIN_CONTACTO', 'DUPLICADO')
    THEN 1 END) AS accepted,
  COUNT(CASE WHEN msg_Estado = 'RECHAZADO' THEN 1 END) AS rejected,
  COUNT(CASE WHEN msg_Estado = 'ERROR' THEN 1 END) AS failed,
  COUNT(CASE WHEN msg_Estado = 'SIN_CONTACTO' THEN 1 END) AS withoutContact,
  COUNT(CASE WHEN msg_Estado = 'DUPLICADO' THEN 1 END) AS duplicated,
  MIN(CASE WHEN ${isOpen} THEN msg_ProximoIntento END) AS nextAttempt`;

export function tallyOf(record: TallyRecord): Tally {
  const { total, pending, accepted, rejected, failed, withoutContact, duplicated, nextAttempt } = record;
  return {
    total,
    open: pending,
    accepted,
    rejected,
    failed,
    withoutContact,
    duplicated,
    nextAttempt: nextAttempt === null ? null : instantFrom(nextAttempt),
  };
}
