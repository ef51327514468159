import { sql, type Kysely } from 'kysely';
import type { Reason } from '../../domain/reason.ts';
import type { ReadIncidents } from '../../poison/incident-store.ts';
import type { Incident } from '../../poison/incident.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom, sqlInstant } from './sql-time.ts';

interface IncidentRow {
  ave_id: number;
  aveemp_Cod: string;
  ave_Motivo: string;
  ave_Desde: Date;
  ave_UltimaFalla: Date;
  ave_Fallas: number;
  ave_Avisos: number;
  ave_Reaperturas: number;
  oldest: Date | null;
  ave_Cerrada: Date | null;
  asked: number;
  unasked: number;
  recovered: number;
}

/** Causes that concern all alerts of a tenant: any of them that gets its rows again is a success of what failed. */
const ofTheWholeTenant: readonly Reason[] = [
  'empresa_no_disponible',
  'empresa_login',
  'empresa_conexion_invalida',
  'empresa_es_control',
  'empresa_puede_escribir',
];

/** The fast index of executions is by local date: one day of slack for zones. */
const dayBefore = (column: string) => sql`CAST(DATEADD(day, -1, ${sql.ref(column)}) AS DATE)`;

const tenantWorks = sql`EXISTS (
  SELECT 1 FROM CT_Alertas_Config c JOIN CT_Scheduler_Alertas s ON s.schcfg_Cod = c.cfg_Cod
  WHERE c.cfgemp_Cod = a.aveemp_Cod
    AND s.sch_Fecha >= ${dayBefore('a.ave_UltimaFalla')} AND s.sch_Preparada > a.ave_UltimaFalla
)`;

const everyAlertWorks = sql`EXISTS (
  SELECT 1 FROM CT_Scheduler_Fallas f WHERE f.falave_id = a.ave_id AND f.fal_Descartada IS NULL
) AND NOT EXISTS (
  SELECT 1 FROM CT_Scheduler_Fallas f
  WHERE f.falave_id = a.ave_id AND f.fal_Descartada IS NULL AND NOT EXISTS (
    SELECT 1 FROM CT_Scheduler_Alertas s
    WHERE s.schcfg_Cod = f.falcfg_Cod AND s.sch_Fecha >= ${dayBefore('f.fal_Fecha')}
      AND s.sch_Estado = 'ENVIADA' AND s.sch_Preparada > f.fal_Fecha
  )
)`;

/** One without faults has been opened for faults that are still being given to it. */
export function readIncidents(db: Kysely<ControlSchema>): ReadIncidents {
  return async (now) => {
    const { rows } = await sql<IncidentRow>`
      SELECT a.ave_id, a.aveemp_Cod, a.ave_Motivo, a.ave_Desde, a.ave_UltimaFalla, a.ave_Fallas, a.ave_Avisos,
        a.ave_Reaperturas, a.ave_Cerrada,
        (SELECT MIN(f.fal_Fecha) FROM CT_Scheduler_Fallas f
         WHERE f.falave_id = a.ave_id AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL) AS oldest,
        (SELECT COUNT(f.fal_Pedida) FROM CT_Scheduler_Fallas f
         WHERE f.falave_id = a.ave_id AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL) AS asked,
        (SELECT COUNT(*) FROM CT_Scheduler_Fallas f
         WHERE f.falave_id = a.ave_id AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL
           AND f.fal_Pedida IS NULL) AS unasked,
        CASE
          WHEN a.ave_Motivo IN (${sql.join(ofTheWholeTenant)}) THEN CASE WHEN ${tenantWorks} THEN 1 ELSE 0 END
          WHEN ${everyAlertWorks} THEN 1 ELSE 0
        END AS recovered
      FROM CT_Scheduler_Averias a
      WHERE (a.ave_Cerrada IS NULL AND a.ave_Fallas > 0 OR a.ave_id IN (
          SELECT falave_id FROM CT_Scheduler_Fallas
          WHERE fal_Informada IS NULL AND fal_Descartada IS NULL AND fal_Pedida IS NOT NULL
            AND falave_id IS NOT NULL
        ))
        AND (a.ave_ProximoAviso IS NULL OR a.ave_ProximoAviso <= ${sqlInstant(now)})
      ORDER BY a.ave_id`.execute(db);
    return rows.map(incidentOf);
  };
}

function incidentOf(row: IncidentRow): Incident {
  return {
    id: row.ave_id,
    tenant: row.aveemp_Cod,
    reason: row.ave_Motivo,
    since: instantFrom(row.ave_Desde),
    lastFault: instantFrom(row.ave_UltimaFalla),
    faults: row.ave_Fallas,
    mails: row.ave_Avisos,
    reopened: row.ave_Reaperturas > 0,
    recovered: row.recovered === 1,
    ended: row.ave_Cerrada !== null,
    asked: askedOf(row),
    oldestUnreported: row.oldest === null ? null : instantFrom(row.oldest),
  };
}

function askedOf({ asked, unasked }: IncidentRow): Incident['asked'] {
  if (asked === 0) return 'no';
  return unasked === 0 ? 'all' : 'some';
}
