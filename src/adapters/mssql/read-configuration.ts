import { sql, type Kysely } from 'kysely';
import type {
  MetFault,
  StoredAlert,
  StoredConfiguration,
} from '../../manage/problems/stored-configuration.ts';
import type { Reason } from '../../domain/reason.ts';
import type { ReadConfiguration } from '../../manage/routes/list-problems.ts';
import { sameCode } from '../../domain/same-code.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import { declareReadUpTo, isUnread } from './find-alerts.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

export function readConfiguration(db: Kysely<ControlSchema>): ReadConfiguration {
  return async () => {
    const [webhooks, queries, templates, tenants, administrators, users, met] = await Promise.all([
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
      db
        .selectFrom('CT_Alertas_Config')
        .select(['cfg_Cod as code', 'cfgemp_Cod as tenant', 'cfgtip_Cod as type', 'cfgcan_Cod as channel'])
        .where(sql<boolean>`cfg_Activo = 1`)
        .orderBy('cfg_Cod')
        .execute(),
      readMetFaults(db),
    ]);
    const alerts = await readSuspectAlerts(db, { webhooks, templates });
    const addressed = administrators.map(({ adm_Email, ...row }) => ({ ...row, adm_Email: adm_Email ?? '' }));
    return { alerts, webhooks, queries, templates, tenants, administrators: addressed, users, met };
  };
}

/** A type with a channel that active alerts have. */
interface Kind {
  type: string | null;
  channel: string | null;
}

/** Those that lack something: many alerts, few kinds. */
async function readLackingKinds(
  db: Kysely<ControlSchema>,
  { webhooks, templates }: Pick<StoredConfiguration, 'webhooks' | 'templates'>,
) {
  const { rows } = await sql<Kind>`
    SELECT DISTINCT cfgtip_Cod AS type, cfgcan_Cod AS channel FROM CT_Alertas_Config WHERE cfg_Activo = 1`.execute(
    db,
  );
  const webhookKinds = new Set(webhooks.map((row) => kindOf(row.whktip_Cod, row.whkcan_Cod)));
  const templateOf = new Map(
    templates.toReversed().map((row) => [kindOf(row.platip_Cod, row.placan_Cod), row.pla_Cuerpo]),
  );
  return rows
    .map(({ type, channel }) => {
      const [own, any] = [kindOf(type, channel), kindOf(type, null)];
      const body = templateOf.has(own) ? templateOf.get(own) : templateOf.get(any);
      const hasWebhook = type !== null && (webhookKinds.has(own) || webhookKinds.has(any));
      return { type, channel, hasWebhook, hasTemplate: type !== null && Boolean(body) };
    })
    .filter(({ hasWebhook, hasTemplate }) => !hasWebhook || !hasTemplate);
}

interface SuspectRecord extends AlertRecord {
  age_ProblemaDesde: Date | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgprf_Cod: string | null;
  cfg_MaxDestinatarios: number | null;
}

/** The scans have read most alerts already: only the others, and those that lack something, are worth a look. */
async function readSuspectAlerts(
  db: Kysely<ControlSchema>,
  rowsOfKinds: Pick<StoredConfiguration, 'webhooks' | 'templates'>,
): Promise<StoredAlert[]> {
  const lacking = await readLackingKinds(db, rowsOfKinds);
  const isLacking = sql`EXISTS (
    SELECT 1 FROM OPENJSON(${JSON.stringify(lacking)}) WITH (type VARCHAR(6), channel VARCHAR(6)) k
    WHERE (k.type = c.cfgtip_Cod OR COALESCE(k.type, c.cfgtip_Cod) IS NULL)
      AND (k.channel = c.cfgcan_Cod OR COALESCE(k.channel, c.cfgcan_Cod) IS NULL))`;
  const { rows } = await sql<SuspectRecord>`
    ${declareReadUpTo}
    SELECT ${alertColumns}, a.age_ProblemaDesde, c.cfgtip_Cod, c.cfgcan_Cod, c.cfgper_Cod, c.cfgprf_Cod,
      c.cfg_MaxDestinatarios
    FROM CT_Alertas_Config c
    LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
    LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
    WHERE c.cfg_Activo = 1 AND (a.agecfg_Cod IS NULL OR a.age_Problema IS NOT NULL OR ${isUnread}
      OR c.cfgcan_Cod IS NULL OR c.cfgcan_Cod NOT IN ('0001', '0002', '0003') OR c.cfg_MaxDestinatarios < 1
      OR (COALESCE(c.cfgper_Cod, '') = '' AND COALESCE(c.cfgprf_Cod, '') = '')
      ${lacking.length === 0 ? sql`` : sql`OR ${isLacking}`})
    ORDER BY c.cfg_Cod`.execute(db);
  const kinds = new Map(lacking.map((kind) => [kindOf(kind.type, kind.channel), kind]));
  return rows.map((record) => {
    const kind = kinds.get(kindOf(record.cfgtip_Cod, record.cfgcan_Cod));
    return {
      row: alertRowOf(record),
      since: record.age_ProblemaDesde && instantFrom(record.age_ProblemaDesde),
      cfgtip_Cod: record.cfgtip_Cod,
      cfgcan_Cod: record.cfgcan_Cod,
      cfgper_Cod: record.cfgper_Cod,
      cfgprf_Cod: record.cfgprf_Cod,
      cfg_MaxDestinatarios: record.cfg_MaxDestinatarios,
      hasWebhook: kind === undefined || kind.hasWebhook,
      hasTemplate: kind === undefined || kind.hasTemplate,
    };
  });
}

/** As SQL Server compares the two codes. */
function kindOf(...codes: (string | null)[]): string {
  return JSON.stringify(codes.map((code) => code && sameCode(code)));
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
    SELECT reason, detail, alert, tenant, type, channel, since
    FROM (
      SELECT f.fal_Motivo AS reason, COALESCE(f.fal_Detalle, '') AS detail, f.falcfg_Cod AS alert,
        f.falemp_Cod AS tenant, c.cfgtip_Cod AS type, c.cfgcan_Cod AS channel, MIN(f.fal_Fecha) AS since,
        MAX(f.fal_Fecha) AS latest
      FROM CT_Scheduler_Averias a
      JOIN CT_Scheduler_Fallas f ON f.falave_id = a.ave_id
      LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = f.falcfg_Cod
      WHERE a.ave_Cerrada IS NULL AND f.fal_Descartada IS NULL AND a.ave_Motivo IN (${sql.join(causes)})
        AND (f.falcfg_Cod IS NULL OR c.cfg_Activo = 1)
      GROUP BY f.fal_Motivo, COALESCE(f.fal_Detalle, ''), f.falcfg_Cod, f.falemp_Cod, c.cfgtip_Cod, c.cfgcan_Cod
    ) met
    WHERE NOT (${hasWorkedSince})
    ORDER BY latest DESC`.execute(db);
  return rows.map(({ since, ...fault }) => ({ ...fault, since: instantFrom(since) }));
}

/** Of the whole tenant: what any of its alerts, or a check, finds well again. */
const causesInConnections = [
  'empresa_login',
  'empresa_conexion_invalida',
  'empresa_es_control',
  'empresa_puede_escribir',
] satisfies readonly Reason[];

/** Of `s`: got through its preparation, by the configuration as it stood then, after `met` was met the last time. */
const preparedSince = sql`s.sch_Fecha >= CAST(DATEADD(day, -1, met.latest) AS DATE)
  AND s.sch_Preparada > met.latest AND s.schsch_id IS NULL AND COALESCE(s.sch_Motivo, '') <> met.reason`;

/** `met` has been disproved: by an execution, or for connections by a check of the tenant. */
const hasWorkedSince = sql`
  CASE WHEN met.reason IN (${sql.join(causesInConnections)}) THEN
    CASE WHEN EXISTS (
      SELECT 1 FROM CT_Alertas_Config o JOIN CT_Scheduler_Alertas s ON s.schcfg_Cod = o.cfg_Cod
      WHERE o.cfgemp_Cod = met.tenant AND ${preparedSince}
    ) OR EXISTS (
      SELECT 1 FROM CT_Scheduler_Auditoria
      WHERE aud_Accion = 'tenant.check' AND aud_Objeto = CONCAT('tenant ', met.tenant) AND aud_Fecha > met.latest
        AND aud_Detalle LIKE '%"ok":true%'
    ) THEN 1 ELSE 0 END
  ELSE
    CASE WHEN EXISTS (
      SELECT 1 FROM CT_Scheduler_Alertas s WHERE s.schcfg_Cod = met.alert AND ${preparedSince}
    ) THEN 1 ELSE 0 END
  END = 1`;
