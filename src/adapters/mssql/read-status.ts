import { sql, type Kysely } from 'kysely';
import type { ReadStatus } from '../../manage/routes/show-status.ts';
import { readOpenIncidents } from './read-open-incidents.ts';
import { readTenantsWaiting, readWebhooksWaiting } from './read-waiting.ts';
import { countFailed } from './count-failed.ts';
import { readPauses } from './pauses.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom } from './sql-time.ts';

const scansShown = 10;

/** `timeZone`: of tenants that have none. */
export function readStatus(db: Kysely<ControlSchema>, { timeZone }: { timeZone: string }): ReadStatus {
  return async (now) => {
    const [scans, pointer, counts, tenantsWaiting, webhooksWaiting, pauses, incidents, failed] =
      await Promise.all([
        db
          .selectFrom('CT_Scheduler_Ciclos')
          .selectAll()
          .orderBy('cic_Inicio', 'desc')
          .orderBy('cic_id', 'desc')
          .top(scansShown)
          .execute(),
        readDueNext(db),
        sql<{ faults: number; unreadable: number }>`
        SELECT
          (SELECT COUNT(*) FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL AND fal_Descartada IS NULL) AS faults,
          (SELECT COUNT(*) FROM CT_Scheduler_Agenda JOIN CT_Alertas_Config ON cfg_Cod = agecfg_Cod
            WHERE age_Problema IS NOT NULL AND cfg_Activo = 1) AS unreadable`.execute(db),
        readTenantsWaiting(db),
        readWebhooksWaiting(db),
        readPauses(db)({ from: now, upTo: now }),
        readOpenIncidents(db),
        countFailed(db, now.subtract({ hours: 24 }), timeZone),
      ]);
    return {
      scans: scans.map((scan) => ({
        at: isoFrom(scan.cic_Inicio),
        durationMs: scan.cic_DuracionMs,
        candidates: scan.cic_Candidatas,
        claimed: scan.cic_Reclamadas,
        missed: scan.cic_Perdidas,
        swept: scan.cic_Barridas,
        error: scan.cic_Error,
      })),
      oldestPointer: pointer === undefined ? null : { alert: pointer.alert, at: isoFrom(pointer.at) },
      faultsUnreported: counts.rows[0]?.faults ?? 0,
      ...incidents,
      alertsUnreadable: counts.rows[0]?.unreadable ?? 0,
      failedAfterAcceptance: failed,
      retriesWaiting: webhooksWaiting.reduce((sum, { deliveries }) => sum + deliveries, 0),
      tenantsWaiting,
      webhooksWaiting,
      pauses: [...pauses],
    };
  };
}

/** A claimed occurrence has left its pointer behind, but has not gone out yet. */
async function readDueNext(db: Kysely<ControlSchema>) {
  const { rows } = await sql<{ alert: string; at: Date }>`
    SELECT TOP (1) alert, at
    FROM (
      SELECT agecfg_Cod AS alert, age_Proxima AS at FROM CT_Scheduler_Agenda WHERE age_Proxima IS NOT NULL
      UNION ALL
      SELECT schcfg_Cod, sch_Ocurrencia FROM CT_Scheduler_Alertas
      WHERE sch_Revisar IS NOT NULL AND sch_Estado = 'PENDIENTE' AND sch_Origen = 'AGENDA'
        AND schcfg_Cod IS NOT NULL AND sch_Ocurrencia IS NOT NULL
    ) due
    ORDER BY at, alert`.execute(db);
  return rows[0];
}
