import { Temporal } from 'temporal-polyfill';
import type { ExecutionOrigin } from '../../domain/execution.ts';
import { parseExecutionRequest } from '../../domain/execution-request.ts';
import { isZone } from '../../domain/is-zone.ts';
import type { Tenant } from '../../domain/tenant.ts';
import type {
  Configuration,
  OpenedAlert,
  OpenedExecution,
  QueryRow,
  TemplateRow,
  WebhookRow,
} from '../../dispatch/open-execution.ts';
import { alertRowOf, type AlertRecord } from './alert-row.ts';
import { tallyOf, type TallyRecord } from './sql-tally.ts';
import { instantFrom } from './sql-time.ts';

/** For companies without emp_ZonaHoraria and emp_Pais. */
export interface TenantDefaults {
  timeZone: string;
  country: string;
}

/** The row that openExecution selects. */
export type OpenRecord = ExecutionRecord & ConfiguredRecord & TallyRecord;

/** What configurationColumns select, with the code that was asked for. */
export type ConfiguredRecord = Omit<AlertRecord, 'cfg_Cod'> &
  ConfigurationRecord & { schcfg_Cod: string; paused: number };

interface ExecutionRecord {
  opened: number;
  sch_id: number;
  sch_Estado: string | null;
  sch_Origen: ExecutionOrigin;
  sch_Ocurrencia: Date;
  sch_Clave: string | null;
  sch_Rondas: number;
  sch_Preparada: Date | null;
  sch_PayloadJson: string | null;
  sch_Pedido: string | null;
  sch_LeaseHasta: Date | null;
  attempts: number | null;
  latestAttempt: Date | null;
}

/** Outer joined: `cfg_Cod`, `emp_Cod`, `whk_Cod`, `qry_Cod` and `pla_Cod` are null where there is no row. */
interface ConfigurationRecord {
  cfg_Cod: string | null;
  cfg_Nombre: string | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgcon_Cod: string | null;
  cfgprf_Cod: string | null;
  cfg_MaxDestinatarios: number | null;
  tip_Nombre: string | null;
  emp_Nombre: string | null;
  emp_Conexion: string | null;
  emp_Pais: string | null;
  emp_Activo: boolean | null;
  whk_Cod: string | null;
  whk_Url: string | null;
  whk_Secreto: string | null;
  whk_Cabeceras: string | null;
  whk_Formato: string | null;
  whk_Cuerpo: string | null;
  whk_TimeoutSeg: number | null;
  qry_Cod: string | null;
  qry_Sql: string | null;
  qry_Parametros: string | null;
  qry_OmitirSiVacio: boolean | null;
  qry_TimeoutSeg: number | null;
  pla_Cod: string | null;
  pla_Asunto: string | null;
  pla_Cuerpo: string | null;
  pla_PlantillaWhatsApp: string | null;
}

export function openedExecutionOf(
  record: OpenRecord,
  owner: string,
  defaults: TenantDefaults,
): OpenedExecution {
  const instant = instantFrom(record.sch_Ocurrencia);
  const prepared = record.sch_Preparada !== null;
  const latest = record.latestAttempt === null ? instant : instantFrom(record.latestAttempt);
  return {
    id: record.sch_id,
    owner: prepared ? null : owner,
    origin: record.sch_Origen,
    request: record.sch_Pedido === null ? null : (parseExecutionRequest(record.sch_Pedido) ?? 'unreadable'),
    instant,
    key: record.sch_Clave,
    rounds: record.sch_Rondas - 1,
    prepared,
    payload: record.sch_PayloadJson,
    tally: tallyOf(record),
    everTaken: (record.attempts ?? 0) > 0 || Temporal.Instant.compare(latest, instant) > 0,
    ...configurationOf(record, defaults),
  };
}

/** Whatever execution it is for. */
export function configurationOf(record: ConfiguredRecord, defaults: TenantDefaults): Configuration {
  return {
    alertCode: record.schcfg_Cod,
    alert: alertOf(record),
    tenant: tenantOf(record, defaults),
    ...rowsOf(record),
    paused: record.paused === 1,
  };
}

function alertOf(record: ConfiguredRecord): OpenedAlert | null {
  const { cfg_Cod } = record;
  if (cfg_Cod === null) return null;
  return {
    name: record.cfg_Nombre ?? cfg_Cod,
    row: alertRowOf({ ...record, cfg_Cod }),
    type: record.cfgtip_Cod,
    typeName: record.tip_Nombre,
    channel: record.cfgcan_Cod,
    person: record.cfgper_Cod,
    contact: record.cfgcon_Cod,
    profile: record.cfgprf_Cod,
    maxRecipients: record.cfg_MaxDestinatarios,
  };
}

export type TenantRecord = Pick<
  ConfiguredRecord,
  'emp_Cod' | 'emp_Nombre' | 'emp_Conexion' | 'emp_ZonaHoraria' | 'emp_Pais' | 'emp_Activo'
>;

/** An emp_ZonaHoraria that cannot be read is the scan's to report: here the default stands for it. */
export function tenantOf(record: TenantRecord, { timeZone, country }: TenantDefaults): Tenant | null {
  if (record.emp_Cod === null) return null;
  const zone = record.emp_ZonaHoraria?.trim() ?? '';
  return {
    code: record.emp_Cod,
    name: record.emp_Nombre ?? record.emp_Cod,
    connection: record.emp_Conexion ?? '',
    zone: isZone(zone) ? zone : timeZone,
    country: record.emp_Pais?.trim() || country,
    active: record.emp_Activo ?? false,
  };
}

function rowsOf(record: ConfigurationRecord): Pick<OpenedExecution, 'webhook' | 'query' | 'template'> {
  const { whk_Cod, qry_Cod, pla_Cod } = record;
  const webhook: WebhookRow | null =
    whk_Cod === null
      ? null
      : {
          code: whk_Cod,
          url: record.whk_Url,
          secret: record.whk_Secreto,
          headers: record.whk_Cabeceras,
          format: record.whk_Formato,
          body: record.whk_Cuerpo,
          timeoutSeconds: record.whk_TimeoutSeg,
        };
  const query: QueryRow | null =
    qry_Cod === null
      ? null
      : {
          code: qry_Cod,
          sql: record.qry_Sql,
          parameters: record.qry_Parametros,
          omitIfEmpty: record.qry_OmitirSiVacio ?? false,
          timeoutSeconds: record.qry_TimeoutSeg,
        };
  const template: TemplateRow | null =
    pla_Cod === null
      ? null
      : {
          code: pla_Cod,
          subject: record.pla_Asunto,
          body: record.pla_Cuerpo,
          whatsappTemplate: record.pla_PlantillaWhatsApp,
        };
  return { webhook, query, template };
}
