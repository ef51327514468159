import { sql, type Transaction } from 'kysely';
import { parseExecutionRequest, type ExecutionRequest } from '../../domain/execution-request.ts';
import type { ControlSchema } from './schema.ts';
import { occurrenceColumn, occurrenceFrom } from './sql-time.ts';

/** An execution that is to be sent again. */
export interface Original {
  id: number;
  alert: string | null;
  /** null: of the system before us. */
  origin: string | null;
  state: string;
  isOpen: boolean;
  isPrepared: boolean;
  occurrence: string | null;
  /** The execution that it sends again itself. */
  resends: number | null;
  /** As it was asked for; null: by nobody. */
  request: ExecutionRequest | null;
}

/**
 * Locked until the end of the transaction, so that it is not forgotten meanwhile; null as well when that has begun, and its
 * payload is gone.
 */
export async function readOriginal(trx: Transaction<ControlSchema>, id: number): Promise<Original | null> {
  const { rows } = await sql<{
    schcfg_Cod: string | null;
    sch_Origen: string | null;
    sch_Estado: string | null;
    sch_Preparada: Date | null;
    occurrence: string | null;
    schsch_id: number | null;
    sch_Pedido: string | null;
  }>`
    SELECT schcfg_Cod, sch_Origen, sch_Estado, sch_Preparada, ${occurrenceColumn('sch_Ocurrencia')} AS occurrence,
      schsch_id, sch_Pedido
    FROM CT_Scheduler_Alertas WITH (UPDLOCK, ROWLOCK)
    WHERE sch_id = ${id} AND (sch_Preparada IS NULL OR sch_PayloadJson IS NOT NULL)`.execute(trx);
  const [record] = rows;
  if (record === undefined) return null;
  const state = record.sch_Estado ?? '';
  return {
    id,
    alert: record.schcfg_Cod,
    origin: record.sch_Origen,
    state,
    isOpen: state === 'PENDIENTE' || state === 'EN_PROCESO',
    isPrepared: record.sch_Preparada !== null,
    occurrence: record.occurrence === null ? null : occurrenceFrom(record.occurrence),
    resends: record.schsch_id,
    request: record.sch_Pedido === null ? null : parseExecutionRequest(record.sch_Pedido),
  };
}
