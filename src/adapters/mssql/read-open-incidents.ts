import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';
import { isoFrom } from './sql-time.ts';

interface IncidentRecord {
  aveemp_Cod: string;
  ave_Motivo: string;
  ave_Desde: Date;
  ave_UltimaFalla: Date;
  ave_Fallas: number;
  ave_Avisos: number;
  total: number;
}

const most = 100;

/** Those of longest standing first, and how many there are. */
export async function readOpenIncidents(db: Kysely<ControlSchema>) {
  const { rows } = await sql<IncidentRecord>`
    SELECT TOP (${sql.lit(most)}) aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos,
      COUNT(*) OVER () AS total
    FROM CT_Scheduler_Averias
    WHERE ave_Cerrada IS NULL AND ave_Fallas > 0
    ORDER BY ave_Desde, ave_id`.execute(db);
  const incidents = rows.map((row) => ({
    tenant: row.aveemp_Cod === '' ? null : row.aveemp_Cod,
    reason: row.ave_Motivo,
    since: isoFrom(row.ave_Desde),
    lastFault: isoFrom(row.ave_UltimaFalla),
    faults: row.ave_Fallas,
    mails: row.ave_Avisos,
  }));
  return { incidents, incidentCount: rows[0]?.total ?? 0 };
}
