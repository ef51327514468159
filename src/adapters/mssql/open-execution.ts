import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { OpenExecution, Opening, OpenRequest } from '../../dispatch/open-execution.ts';
import { alertColumns } from './alert-row.ts';
import { openedExecutionOf, type OpenRecord, type TenantDefaults } from './opened-record.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished, tallyColumns } from './sql-tally.ts';
import { instantFrom, sqlInstant, sqlOccurrence } from './sql-time.ts';

/**
 * Opens an execution and reads all its dispatch needs in one round trip. One transaction: whoever holds a row of its
 * configuration keeps it from being opened, and it neither meets its own lease when it is tried again nor counts as opened.
 */
export function openExecution(db: Kysely<ControlSchema>, defaults: TenantDefaults): OpenExecution {
  return async (request) => {
    const { rows } = await retryConflicts(() =>
      oneTransaction<OpenRecord>(sql`
        ${takeLease(request)};
        DECLARE @opened INT = @@ROWCOUNT;
        ${selection(request)};`).execute(db),
    );
    const [record] = rows;
    return record === undefined ? { kind: 'unknown' } : openingOf(record, request, defaults);
  };
}

/** A prepared execution is opened without a lease; when to look at it again follows from its deliveries. */
function takeLease({ executionId, owner, now, leaseUntil, dueUntil }: OpenRequest) {
  return sql`
    UPDATE CT_Scheduler_Alertas
    SET sch_Estado = 'EN_PROCESO',
        sch_Rondas = sch_Rondas + 1,
        sch_Duenio = CASE WHEN sch_Preparada IS NULL THEN ${owner} END,
        sch_LeaseHasta = CASE WHEN sch_Preparada IS NULL THEN ${sqlInstant(leaseUntil)} END,
        sch_Revisar = CASE WHEN sch_Preparada IS NULL THEN ${sqlInstant(leaseUntil)} ELSE sch_Revisar END
    WHERE sch_id = ${executionId} AND ${isUnfinished} AND sch_Origen IS NOT NULL
      AND (sch_LeaseHasta IS NULL OR sch_LeaseHasta <= ${sqlInstant(now)})
      AND sch_Ocurrencia <= ${sqlOccurrence(dueUntil.toZonedDateTimeISO('UTC'))}`;
}

/**
 * Of a prepared execution company and webhook are those it was prepared for, whatever became of its alert. CASE keeps
 * JSON_VALUE from the payload of an execution of the system before us, which may be no JSON; AND would not.
 */
function selection({ executionId, now }: OpenRequest) {
  const at = sqlInstant(now);
  return sql`
    SELECT @opened AS opened, s.sch_id, s.sch_Estado, s.sch_Origen, s.sch_Ocurrencia, s.sch_Clave, s.sch_Rondas,
      s.sch_Preparada, s.sch_PayloadJson, s.sch_LeaseHasta, s.schcfg_Cod,
      ${alertColumns}, c.cfg_Nombre, c.cfgtip_Cod, c.cfgcan_Cod, c.cfgper_Cod, c.cfgcon_Cod, c.cfgprf_Cod,
      c.cfg_MaxDestinatarios, t.tip_Nombre, e.emp_Nombre, e.emp_Conexion, e.emp_Pais, e.emp_Activo,
      w.whk_Cod, w.whk_Url, w.whk_Secreto, w.whk_Cabeceras, w.whk_Formato, w.whk_Cuerpo, w.whk_TimeoutSeg,
      q.qry_Cod, q.qry_Sql, q.qry_Parametros, q.qry_OmitirSiVacio, q.qry_TimeoutSeg,
      p.pla_Cod, p.pla_Asunto, p.pla_Cuerpo, p.pla_PlantillaWhatsApp,
      CASE WHEN EXISTS (
        SELECT 1 FROM CT_Scheduler_Pausas
        WHERE pau_Desde <= ${at} AND (pau_Hasta IS NULL OR pau_Hasta > ${at})
          AND (pauemp_Cod IS NULL OR pauemp_Cod = c.cfgemp_Cod) AND (paucfg_Cod IS NULL OR paucfg_Cod = c.cfg_Cod)
          AND (paucan_Cod IS NULL OR paucan_Cod = c.cfgcan_Cod)
      ) THEN 1 ELSE 0 END AS paused,
      m.*
    FROM CT_Scheduler_Alertas s
    LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
    LEFT JOIN CT_Alertas_Tipos t ON t.tip_Cod = c.cfgtip_Cod
    LEFT JOIN CT_Empresas e ON e.emp_Cod =
      CASE WHEN s.sch_Preparada IS NULL THEN c.cfgemp_Cod ELSE JSON_VALUE(s.sch_PayloadJson, '$.tenant') END
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Webhooks
      WHERE whk_Activo = 1 AND (
        s.sch_Preparada IS NULL AND whktip_Cod = c.cfgtip_Cod AND (whkcan_Cod = c.cfgcan_Cod OR whkcan_Cod IS NULL)
        OR whk_Cod = CASE WHEN s.sch_Preparada IS NOT NULL THEN JSON_VALUE(s.sch_PayloadJson, '$.webhook') END)
      ORDER BY CASE WHEN whkcan_Cod IS NULL THEN 1 ELSE 0 END, whk_Cod
    ) w
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Queries WHERE qrytip_Cod = c.cfgtip_Cod ORDER BY qry_Cod
    ) q
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Plantillas
      WHERE platip_Cod = c.cfgtip_Cod AND (placan_Cod = c.cfgcan_Cod OR placan_Cod IS NULL)
      ORDER BY CASE WHEN placan_Cod IS NULL THEN 1 ELSE 0 END, pla_Cod
    ) p
    CROSS APPLY (
      SELECT ${tallyColumns}, MAX(msg_Intentos) AS attempts, MAX(msg_ProximoIntento) AS latestAttempt
      FROM CT_Alertas_Mensajes WHERE msgsch_id = s.sch_id
    ) m
    WHERE s.sch_id = ${executionId}`;
}

function openingOf(record: OpenRecord, request: OpenRequest, defaults: TenantDefaults): Opening {
  if (record.opened > 0)
    return { kind: 'opened', execution: openedExecutionOf(record, request.owner, defaults) };
  const { sch_Origen, sch_Estado, sch_LeaseHasta, sch_Ocurrencia } = record;
  if (sch_Origen === null) return { kind: 'unknown' };
  if (sch_Estado !== 'PENDIENTE' && sch_Estado !== 'EN_PROCESO')
    return { kind: 'finished', state: sch_Estado ?? '' };
  const instant = instantFrom(sch_Ocurrencia);
  if (Temporal.Instant.compare(instant, request.dueUntil) > 0) return { kind: 'early', instant };
  return { kind: 'held', until: sch_LeaseHasta === null ? request.now : instantFrom(sch_LeaseHasta) };
}
