import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { isoFrom } from './sql-time.ts';

/** Who is opened holds a lease: until when says nothing of the next try. */
export async function readTenantsWaiting(db: Kysely<ControlSchema>) {
  const { rows } = await sql<{ tenant: string; reason: string; executions: number; nextTry: Date | null }>`
    SELECT c.cfgemp_Cod AS tenant, s.sch_Motivo AS reason, COUNT(*) AS executions,
      MIN(CASE WHEN s.sch_Duenio IS NULL THEN s.sch_LeaseHasta END) AS nextTry
    FROM CT_Scheduler_Alertas s
    JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
    WHERE s.sch_Revisar IS NOT NULL AND ${isUnfinished} AND s.sch_Motivo IS NOT NULL
      AND c.cfgemp_Cod IS NOT NULL
    GROUP BY c.cfgemp_Cod, s.sch_Motivo
    ORDER BY c.cfgemp_Cod, s.sch_Motivo`.execute(db);
  return rows.map((row) => ({ ...row, nextTry: row.nextTry && isoFrom(row.nextTry) }));
}

/** msg_Error is `reason: detail`. */
const reasonOfError = sql`LEFT(msg_Error, CHARINDEX(':', CONCAT(msg_Error, ':')) - 1)`;

interface WebhookRecord {
  webhook: string | null;
  reason: string | null;
  deliveries: number;
  executions: number;
  nextTry: Date | null;
}

/** What an execution was prepared for is its webhook, whatever became of its alert. */
export async function readWebhooksWaiting(db: Kysely<ControlSchema>) {
  const { rows } = await sql<WebhookRecord>`
    SELECT webhook, reason, SUM(deliveries) AS deliveries, COUNT(DISTINCT msgsch_id) AS executions,
      MIN(nextTry) AS nextTry
    FROM (
      SELECT m.msgsch_id, m.reason, m.deliveries, m.nextTry,
        CASE WHEN s.sch_Preparada IS NOT NULL THEN CAST(JSON_VALUE(s.sch_PayloadJson, '$.webhook') AS VARCHAR(6)) END AS webhook
      FROM (
        SELECT msgsch_id, ${reasonOfError} AS reason, COUNT(*) AS deliveries,
          MIN(CASE WHEN msg_TomadaHasta IS NULL THEN msg_ProximoIntento END) AS nextTry
        FROM CT_Alertas_Mensajes
        WHERE msg_ProximoIntento IS NOT NULL AND msg_Estado = 'REINTENTO'
        GROUP BY msgsch_id, ${reasonOfError}
      ) m
      LEFT JOIN CT_Scheduler_Alertas s ON s.sch_id = m.msgsch_id
    ) waiting
    GROUP BY webhook, reason
    ORDER BY SUM(deliveries) DESC, webhook, reason`.execute(db);
  return rows.map((row) => ({ ...row, nextTry: row.nextTry && isoFrom(row.nextTry) }));
}
