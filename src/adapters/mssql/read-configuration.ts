import { sql, type Kysely } from 'kysely';
import type { MetFault, StoredAlert } from '../../manage/problems/stored-configuration.ts';
import type { Reason } from '../../domain/reason.ts';
import type { ReadConfiguration } from '../../manage/routes/list-problems.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import { isUnread } from './find-alerts.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

export function readConfiguration(db: Kysely<ControlSchema>): ReadConfiguration {
  return async () => {
    const [alerts, webhooks, queries, templates, tenants, administrators, met] = await Promise.all([
      readSuspectAlerts(db),
      db
        .selectFrom('CT_Alertas_Webhooks')
        .select(['whk_Cod', 'whktip_Cod', 'whkcan_Cod', 'whk_Url', 'whk_Secreto', 'whk_Cabeceras'])
        .select(['whk_Formato', 'whk_Cuerpo', 'whk_TimeoutSeg'])
        .where(sql<boolean>`whk_Activo = 1`)
        .orderBy('whk_Cod')
        .execute(),
      db
        .selectFrom('CT_Alertas_Queries')
        .select(['qry_Cod', 'qrytip_Cod', 'qry_Sql', 'qry_Parametros', 'qry_TimeoutSeg'])
        .orderBy('qry_Cod')
        .execute(),
      db
        .selectFrom('CT_Alertas_Plantillas')
        .select(['pla_Cod', 'platip_Cod', 'placan_Cod', 'pla_Asunto', 'pla_Cuerpo'])
        .orderBy('pla_Cod')
        .execute(),
      db
        .selectFrom('CT_Empresas')
        .select(['emp_Cod', 'emp_Conexion', 'emp_ZonaHoraria', 'emp_Pais'])
        .where(sql<boolean>`emp_Activo = 1`)
        .execute(),
      db
        .selectFrom('CT_Alertas_Admin_Emails')
        .select(['adm_id', 'adm_Email', 'admemp_Cod'])
        .where(sql<boolean>`adm_Activo = 1`)
        .execute(),
      readMetFaults(db),
    ]);
    const addressed = administrators.map(({ adm_Email, ...row }) => ({ ...row, adm_Email: adm_Email ?? '' }));
    return { alerts, webhooks, queries, templates, tenants, administrators: addressed, met };
  };
}

interface SuspectRecord extends AlertRecord {
  age_ProblemaDesde: Date | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgprf_Cod: string | null;
  cfg_MaxDestinatarios: number | null;
  hasWebhook: number;
  hasTemplate: number;
}

/** The scans have read most alerts already: only the others, and those that lack something, are worth a look. */
async function readSuspectAlerts(db: Kysely<ControlSchema>): Promise<StoredAlert[]> {
  const { rows } = await sql<SuspectRecord>`
    SELECT ${alertColumns}, a.age_ProblemaDesde, c.cfgtip_Cod, c.cfgcan_Cod, c.cfgper_Cod, c.cfgprf_Cod,
      c.cfg_MaxDestinatarios, COALESCE(w.found, 0) AS hasWebhook, COALESCE(p.filled, 0) AS hasTemplate
    FROM CT_Alertas_Config c
    LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
    LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
    OUTER APPLY (
      SELECT TOP (1) 1 AS found FROM CT_Alertas_Webhooks
      WHERE whk_Activo = 1 AND whktip_Cod = c.cfgtip_Cod AND (whkcan_Cod = c.cfgcan_Cod OR whkcan_Cod IS NULL)
    ) w
    OUTER APPLY (
      SELECT TOP (1) CASE WHEN DATALENGTH(pla_Cuerpo) > 0 THEN 1 ELSE 0 END AS filled FROM CT_Alertas_Plantillas
      WHERE platip_Cod = c.cfgtip_Cod AND (placan_Cod = c.cfgcan_Cod OR placan_Cod IS NULL)
      ORDER BY CASE WHEN placan_Cod IS NULL THEN 1 ELSE 0 END, pla_Cod
    ) p
    WHERE c.cfg_Activo = 1 AND (a.agecfg_Cod IS NULL OR a.age_Problema IS NOT NULL OR ${isUnread}
      OR c.cfgcan_Cod IS NULL OR c.cfgcan_Cod NOT IN ('0001', '0002', '0003') OR c.cfg_MaxDestinatarios < 1
      OR (COALESCE(c.cfgper_Cod, '') = '' AND COALESCE(c.cfgprf_Cod, '') = '')
      OR w.found IS NULL OR COALESCE(p.filled, 0) = 0)
    ORDER BY c.cfg_Cod`.execute(db);
  return rows.map((record) => ({
    row: alertRowOf(record),
    since: record.age_ProblemaDesde && instantFrom(record.age_ProblemaDesde),
    cfgtip_Cod: record.cfgtip_Cod,
    cfgcan_Cod: record.cfgcan_Cod,
    cfgper_Cod: record.cfgper_Cod,
    cfgprf_Cod: record.cfgprf_Cod,
    cfg_MaxDestinatarios: record.cfg_MaxDestinatarios,
    hasWebhook: record.hasWebhook === 1,
    hasTemplate: record.hasTemplate === 1,
  }));
}

interface MetRecord extends Omit<MetFault, 'since'> {
  since: Date;
}

/** Causes that lie in a row of the configuration. */
const causes = [
  'configuracion_invalida',
  'sin_webhook',
  'webhook_sin_secreto',
  'sin_plantilla',
  'plantilla_invalida',
  'consulta_rechazada',
  'consulta_error',
  'consulta_tiempo',
  'empresa_login',
  'empresa_conexion_invalida',
  'empresa_es_control',
  'empresa_puede_escribir',
  'sin_destinatarios',
  'demasiados_destinatarios',
  'correo_administrador',
] satisfies readonly Reason[];

/** Of incidents that are not over; the newest first. */
async function readMetFaults(db: Kysely<ControlSchema>): Promise<MetFault[]> {
  const { rows } = await sql<MetRecord>`
    SELECT f.fal_Motivo AS reason, COALESCE(f.fal_Detalle, '') AS detail, f.falcfg_Cod AS alert,
      f.falemp_Cod AS tenant, c.cfgtip_Cod AS type, c.cfgcan_Cod AS channel, MIN(f.fal_Fecha) AS since
    FROM CT_Scheduler_Averias a
    JOIN CT_Scheduler_Fallas f ON f.falave_id = a.ave_id
    LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = f.falcfg_Cod
    WHERE a.ave_Cerrada IS NULL AND f.fal_Descartada IS NULL AND a.ave_Motivo IN (${sql.join(causes)})
      AND (f.falcfg_Cod IS NULL OR c.cfg_Activo = 1)
    GROUP BY f.fal_Motivo, COALESCE(f.fal_Detalle, ''), f.falcfg_Cod, f.falemp_Cod, c.cfgtip_Cod, c.cfgcan_Cod
    ORDER BY MAX(f.fal_Fecha) DESC`.execute(db);
  return rows.map(({ since, ...fault }) => ({ ...fault, since: instantFrom(since) }));
}
