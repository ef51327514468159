import { sql, type Kysely } from 'kysely';
import type { FindFaults } from '../../manage/routes/list-faults.ts';
import { allOf } from './all-of.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom, sqlInstant } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

interface FaultRecord {
  fal_id: string;
  fal_Fecha: Date;
  fal_Motivo: string;
  fal_Detalle: string | null;
  fal_Cuerpo: string | null;
  falcfg_Cod: string | null;
  falemp_Cod: string | null;
  falsch_id: number | null;
  fal_Informada: Date | null;
  fal_Descartada: Date | null;
  fal_Quien: string | null;
  fal_PorQue: string | null;
  ave_id: number | null;
  ave_Desde: Date;
  ave_Fallas: number;
  ave_Avisos: number;
  ave_Cerrada: Date | null;
}

const states = {
  waiting: sql`f.fal_Informada IS NULL AND f.fal_Descartada IS NULL`,
  reported: sql`f.fal_Informada IS NOT NULL`,
  discarded: sql`f.fal_Informada IS NULL AND f.fal_Descartada IS NOT NULL`,
};

export function findFaults(db: Kysely<ControlSchema>): FindFaults {
  return async ({ id, state, alert, tenant, reason, from, to, below, limit }) => {
    const isWanted = allOf([
      id !== undefined && sql`f.fal_id = CAST(${String(id)} AS BIGINT)`,
      state && states[state],
      alert !== undefined && sql`f.falcfg_Cod = ${sqlVarchar(alert)}`,
      tenant !== undefined && sql`f.falemp_Cod = ${sqlVarchar(tenant)}`,
      reason !== undefined && sql`f.fal_Motivo = ${reason}`,
      from && sql`f.fal_Fecha >= ${sqlInstant(from)}`,
      to && sql`f.fal_Fecha < ${sqlInstant(to)}`,
      below !== undefined && sql`f.fal_id < CAST(${String(below)} AS BIGINT)`,
    ]);
    const { rows } = await sql<FaultRecord>`
      SELECT TOP (${limit}) f.fal_id, f.fal_Fecha, f.fal_Motivo, f.fal_Detalle, f.fal_Cuerpo, f.falcfg_Cod, f.falemp_Cod,
        f.falsch_id, f.fal_Informada, f.fal_Descartada, f.fal_Quien, f.fal_PorQue,
        a.ave_id, a.ave_Desde, a.ave_Fallas, a.ave_Avisos, a.ave_Cerrada
      FROM CT_Scheduler_Fallas f
      LEFT JOIN CT_Scheduler_Averias a ON a.ave_id = f.falave_id
      WHERE ${isWanted}
      ORDER BY f.fal_id DESC`.execute(db);
    return rows.map(faultOf);
  };
}

function faultOf(row: FaultRecord) {
  const reportedAt = row.fal_Informada && isoFrom(row.fal_Informada);
  const discarded =
    reportedAt === null && row.fal_Descartada !== null
      ? { at: isoFrom(row.fal_Descartada), by: row.fal_Quien, why: row.fal_PorQue }
      : null;
  return {
    id: Number(row.fal_id),
    at: isoFrom(row.fal_Fecha),
    reason: row.fal_Motivo,
    detail: row.fal_Detalle,
    alert: row.falcfg_Cod,
    tenant: row.falemp_Cod,
    execution: row.falsch_id,
    body: row.fal_Cuerpo,
    state: stateOf(reportedAt, discarded),
    reportedAt,
    discarded,
    incident: incidentOf(row),
  };
}

function stateOf(reportedAt: string | null, discarded: object | null) {
  if (reportedAt !== null) return 'reported' as const;
  return discarded === null ? ('waiting' as const) : ('discarded' as const);
}

function incidentOf({ ave_id: id, ave_Desde, ave_Fallas, ave_Avisos, ave_Cerrada }: FaultRecord) {
  return id === null
    ? null
    : {
        id,
        since: isoFrom(ave_Desde),
        faults: ave_Fallas,
        mails: ave_Avisos,
        endedAt: ave_Cerrada && isoFrom(ave_Cerrada),
      };
}
