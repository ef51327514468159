import { sql, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { cancelDetails } from '../../domain/settle-edit.ts';
import type { Settlement, StoredChanges } from '../../scan/refresh-agenda.ts';
import type { ControlSchema } from './schema.ts';
import { occurrenceText, sqlInstant } from './sql-time.ts';

/** Moves and cancels what nobody has opened meanwhile: the opening settles its own edit. */
export async function settleExecutions(
  trx: Transaction<ControlSchema>,
  settlements: readonly Settlement[],
  reviewAt: Temporal.Instant,
): Promise<Pick<StoredChanges, 'moved' | 'cancelled'>> {
  return { moved: await move(trx, settlements, reviewAt), cancelled: await cancel(trx, settlements) };
}

async function move(
  trx: Transaction<ControlSchema>,
  settlements: readonly Settlement[],
  reviewAt: Temporal.Instant,
): Promise<StoredChanges['moved']> {
  const moves = settlements.flatMap(({ execution, verdict }) =>
    verdict.kind === 'move' ? [{ executionId: execution.executionId, at: verdict.to.at }] : [],
  );
  if (moves.length === 0) return [];
  const rows = moves.map(({ executionId, at }) => ({ id: executionId, ocurrencia: occurrenceText(at) }));
  const { rows: moved } = await sql<{ executionId: number }>`
    UPDATE s SET sch_Ocurrencia = j.ocurrencia, sch_Revisar = ${sqlInstant(reviewAt)}
    OUTPUT inserted.sch_id AS executionId
    FROM CT_Scheduler_Alertas s
    JOIN OPENJSON(${JSON.stringify(rows)}) WITH (id INT, ocurrencia DATETIMEOFFSET(0)) j ON j.id = s.sch_id
    WHERE s.sch_Estado = 'PENDIENTE'`.execute(trx);
  const ids = new Set(moved.map(({ executionId }) => executionId));
  return moves
    .filter(({ executionId }) => ids.has(executionId))
    .map(({ executionId, at }) => ({ executionId, at: at.toInstant(), reviewAt }));
}

async function cancel(
  trx: Transaction<ControlSchema>,
  settlements: readonly Settlement[],
): Promise<StoredChanges['cancelled']> {
  const cancels = settlements.flatMap(({ execution: { executionId, alert }, verdict }) =>
    verdict.kind === 'cancel' ? [{ executionId, alert, reason: verdict.reason }] : [],
  );
  if (cancels.length === 0) return [];
  const rows = cancels.map(({ executionId, reason }) => ({
    id: executionId,
    motivo: reason,
    detalle: cancelDetails[reason],
  }));
  const { rows: cancelled } = await sql<{ executionId: number }>`
    UPDATE s SET sch_Estado = 'CANCELADA', sch_Motivo = j.motivo, sch_DetalleError = j.detalle, sch_Clave = NULL,
      sch_Revisar = NULL
    OUTPUT inserted.sch_id AS executionId
    FROM CT_Scheduler_Alertas s
    JOIN OPENJSON(${JSON.stringify(rows)}) WITH (id INT, motivo VARCHAR(40), detalle NVARCHAR(MAX)) j
      ON j.id = s.sch_id
    WHERE s.sch_Estado = 'PENDIENTE'`.execute(trx);
  const ids = new Set(cancelled.map(({ executionId }) => executionId));
  return cancels.filter(({ executionId }) => ids.has(executionId));
}

/**
 * What an alert missed today does not keep its new time of today from being sent. Where the edited alert would miss the
 * same again, that is on record already and stays.
 */
export async function freeMissedKeys(
  trx: Transaction<ControlSchema>,
  edited: readonly { alert: string; today: Temporal.PlainDate; missed: readonly { key: string | null }[] }[],
): Promise<void> {
  if (edited.length === 0) return;
  const rows = edited.map(({ alert, today }) => ({ alert, hoy: today.toString() }));
  const again = edited.flatMap(({ alert, missed }) => missed.map(({ key }) => ({ alert, clave: key })));
  await sql`
    UPDATE s SET sch_Clave = NULL
    FROM CT_Scheduler_Alertas s
    JOIN OPENJSON(${JSON.stringify(rows)}) WITH (alert VARCHAR(6), hoy VARCHAR(10)) j ON j.alert = s.schcfg_Cod
    WHERE s.sch_Estado = 'PERDIDA' AND s.sch_Origen = 'AGENDA' AND LEFT(s.sch_Clave, 10) = j.hoy
      AND NOT EXISTS (
        SELECT 1 FROM OPENJSON(${JSON.stringify(again)}) WITH (alert VARCHAR(6), clave VARCHAR(30)) m
        WHERE m.alert = s.schcfg_Cod AND m.clave = s.sch_Clave
      )`.execute(trx);
}
