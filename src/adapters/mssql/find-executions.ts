import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { FindExecutions } from '../../manage/routes/list-executions.ts';
import { allOf } from './all-of.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom, occurrenceColumn, occurrenceFrom, sqlOccurrence } from './sql-time.ts';

export interface ExecutionRecord {
  sch_id: number;
  schcfg_Cod: string | null;
  cfgemp_Cod: string | null;
  occurrence: string | null;
  sch_Clave: string | null;
  sch_Origen: string | null;
  schsch_id: number | null;
  sch_Estado: string | null;
  sch_Motivo: string | null;
  sch_DetalleError: string | null;
  sch_CantMensajes: number | null;
  sch_Preparada: Date | null;
}

/** For a SELECT from CT_Scheduler_Alertas as `s`, outer joined to CT_Alertas_Config as `c`. */
export const executionColumns = sql`s.sch_id, s.schcfg_Cod, c.cfgemp_Cod,
  ${occurrenceColumn('s.sch_Ocurrencia')} AS occurrence, s.sch_Clave, s.sch_Origen, s.schsch_id, s.sch_Estado,
  s.sch_Motivo, s.sch_DetalleError, s.sch_CantMensajes, s.sch_Preparada`;

export function findExecutions(db: Kysely<ControlSchema>): FindExecutions {
  return async ({ alert, tenant, state, reason, from, to, below, limit }) => {
    const inUtc = (at: Temporal.Instant) => sqlOccurrence(at.toZonedDateTimeISO('UTC'));
    const isWanted = allOf([
      alert !== undefined && sql`s.schcfg_Cod = ${alert}`,
      tenant !== undefined && sql`c.cfgemp_Cod = ${tenant}`,
      state !== undefined && sql`s.sch_Estado = ${state}`,
      reason !== undefined && sql`s.sch_Motivo = ${reason}`,
      from && sql`s.sch_Ocurrencia >= ${inUtc(from)}`,
      to && sql`s.sch_Ocurrencia < ${inUtc(to)}`,
      below !== undefined && sql`s.sch_id < ${below}`,
    ]);
    const { rows } = await sql<ExecutionRecord>`
      SELECT TOP (${limit}) ${executionColumns}
      FROM CT_Scheduler_Alertas s
      LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
      WHERE ${isWanted}
      ORDER BY s.sch_id DESC`.execute(db);
    return rows.map(executionOf);
  };
}

export function executionOf(record: ExecutionRecord) {
  return {
    id: record.sch_id,
    alert: record.schcfg_Cod,
    tenant: record.cfgemp_Cod,
    occurrence: record.occurrence === null ? null : occurrenceFrom(record.occurrence),
    key: record.sch_Clave,
    origin: record.sch_Origen,
    resends: record.schsch_id,
    state: record.sch_Estado,
    reason: record.sch_Motivo,
    detail: record.sch_DetalleError,
    accepted: record.sch_CantMensajes,
    preparedAt: record.sch_Preparada && isoFrom(record.sch_Preparada),
  };
}
