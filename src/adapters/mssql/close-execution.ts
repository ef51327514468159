import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import type { CloseExecution, Closing } from '../../dispatch/end/close-execution.ts';
import type { ExecutionState } from '../../domain/execution.ts';
import { insertFaults } from './insert-faults.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isOpen, isUnfinished, stateWithAccepted, tallyColumns } from './sql-tally.ts';
import { lockExecution } from './take-deliveries.ts';

/** Final state, open deliveries and report in one transaction. */
export function closeExecution(db: Kysely<ControlSchema>): CloseExecution {
  return async (closing) =>
    await retryConflicts(() =>
      db.transaction().execute((transaction) => finish(transaction, closing, ownedBy(closing.owner))),
    );
}

/** Null: it has ended already, or `isOurs` does not hold for it; nothing is changed. */
export async function finish(
  transaction: Transaction<ControlSchema>,
  closing: Omit<Closing, 'owner' | 'now'>,
  isOurs: RawBuilder<unknown>,
): Promise<ExecutionState | null> {
  const state = await writeState(transaction, closing, isOurs);
  if (state === null) return null;
  await closeDeliveries(transaction, closing);
  await insertFaults(transaction, closing.fault === null ? [] : [closing.fault]);
  return state;
}

/** Locks first, in a statement of its own: what another dispatch is just recording counts as well. */
async function writeState(
  db: Kysely<ControlSchema>,
  closing: Omit<Closing, 'owner' | 'now'>,
  isOurs: RawBuilder<unknown>,
): Promise<ExecutionState | null> {
  const { executionId, state, reason, detail, freesKey, attemptedAt } = closing;
  const { rows } = await sql<{ sch_Estado: ExecutionState }>`
    ${lockExecution(executionId)};
    UPDATE s
    SET sch_Estado = ${stateWithAccepted(state)}, sch_Motivo = ${reason}, sch_DetalleError = ${detail}, sch_CantMensajes = t.accepted,
        sch_FechaIntento = COALESCE(sch_FechaIntento,
          CAST(${attemptedAt.toString({ smallestUnit: 'millisecond' })} AS DATETIME)),
        sch_Clave = ${freesKey ? sql`NULL` : sql`sch_Clave`},
        sch_Revisar = NULL, sch_Duenio = NULL, sch_LeaseHasta = NULL, sch_Rondas = 0
    OUTPUT inserted.sch_Estado
    FROM CT_Scheduler_Alertas s
    CROSS APPLY (SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId}) t
    WHERE s.sch_id = ${executionId} AND ${isUnfinished} AND ${isOurs}`.execute(db);
  return rows[0]?.sch_Estado ?? null;
}

/** The lease is this owner's; a prepared execution (`null`) has none. */
export function ownedBy(owner: string | null) {
  return owner === null ? sql`sch_Preparada IS NOT NULL` : sql`sch_Duenio = ${owner}`;
}

async function closeDeliveries(
  db: Kysely<ControlSchema>,
  { executionId, reason, detail }: Pick<Closing, 'executionId' | 'reason' | 'detail'>,
): Promise<void> {
  const error = [reason, detail]
    .filter((part) => part !== null)
    .join(': ')
    .slice(0, 1000);
  await sql`
    UPDATE CT_Alertas_Mensajes SET msg_Estado = 'ERROR', msg_Error = ${error}, msg_ProximoIntento = NULL
    WHERE msgsch_id = ${executionId} AND ${isOpen}`.execute(db);
}
