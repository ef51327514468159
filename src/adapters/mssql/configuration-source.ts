import { sql, type RawBuilder } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { alertColumns } from './alert-row.ts';
import { sqlInstant } from './sql-time.ts';

/** All that an alert is sent by, for a SELECT with `configurationJoins`; `paused`: whether a pause is in force then. */
export function configurationColumns(now: Temporal.Instant): RawBuilder<unknown> {
  return sql`
      ${alertColumns}, c.cfg_Nombre, c.cfgtip_Cod, c.cfgcan_Cod, c.cfgper_Cod, c.cfgcon_Cod, c.cfgprf_Cod,
      c.cfg_MaxDestinatarios, t.tip_Nombre, e.emp_Nombre, e.emp_Conexion, e.emp_Pais, e.emp_Activo,
      w.whk_Cod, w.whk_Url, w.whk_Secreto, w.whk_Cabeceras, w.whk_Formato, w.whk_Cuerpo, w.whk_TimeoutSeg,
      q.qry_Cod, q.qry_Sql, q.qry_Parametros, q.qry_OmitirSiVacio, q.qry_TimeoutSeg,
      p.pla_Cod, p.pla_Asunto, p.pla_Cuerpo, p.pla_PlantillaWhatsApp,
      ${pausedColumn(now)}`;
}

/** Of an alert `c`: 1 when a pause is in force. */
export function pausedColumn(now: Temporal.Instant): RawBuilder<unknown> {
  const at = sqlInstant(now);
  return sql`CASE WHEN EXISTS (
        SELECT 1 FROM CT_Scheduler_Pausas
        WHERE pau_Desde <= ${at} AND (pau_Hasta IS NULL OR pau_Hasta > ${at})
          AND (pauemp_Cod IS NULL OR pauemp_Cod = c.cfgemp_Cod) AND (paucfg_Cod IS NULL OR paucfg_Cod = c.cfg_Cod)
          AND (paucan_Cod IS NULL OR paucan_Cod = c.cfgcan_Cod)
      ) THEN 1 ELSE 0 END AS paused`;
}

/**
 * To an execution `s`. Of a prepared one company and webhook are those it was prepared for, whatever became of its alert.
 * CASE keeps JSON_VALUE from the payload of an execution of the system before us, which may be no JSON; AND would not.
 */
export const configurationJoins = sql`
    LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
    LEFT JOIN CT_Alertas_Tipos t ON t.tip_Cod = c.cfgtip_Cod
    LEFT JOIN CT_Empresas e ON e.emp_Cod =
      CASE WHEN s.sch_Preparada IS NULL THEN c.cfgemp_Cod ELSE CAST(JSON_VALUE(s.sch_PayloadJson, '$.tenant') AS VARCHAR(6)) END
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Webhooks
      WHERE whk_Activo = 1 AND (
        s.sch_Preparada IS NULL AND whktip_Cod = c.cfgtip_Cod AND (whkcan_Cod = c.cfgcan_Cod OR whkcan_Cod IS NULL)
        OR whk_Cod = CASE WHEN s.sch_Preparada IS NOT NULL THEN CAST(JSON_VALUE(s.sch_PayloadJson, '$.webhook') AS VARCHAR(6)) END)
      ORDER BY CASE WHEN whkcan_Cod IS NULL THEN 1 ELSE 0 END, whk_Cod
    ) w
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Queries WHERE qrytip_Cod = c.cfgtip_Cod ORDER BY qry_Cod
    ) q
    OUTER APPLY (
      SELECT TOP (1) * FROM CT_Alertas_Plantillas
      WHERE platip_Cod = c.cfgtip_Cod AND (placan_Cod = c.cfgcan_Cod OR placan_Cod IS NULL)
      ORDER BY CASE WHEN placan_Cod IS NULL THEN 1 ELSE 0 END, pla_Cod
    ) p`;
