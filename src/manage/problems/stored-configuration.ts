import type { Temporal } from 'temporal-polyfill';
import type { AlertRow } from '../../domain/alert.ts';

/** The rows that GET problems looks at, by the names of their columns. */
export interface StoredConfiguration {
  /** Active, and such that something may be wrong with them. */
  alerts: readonly StoredAlert[];
  /** Active. */
  webhooks: readonly StoredWebhook[];
  queries: readonly StoredQuery[];
  templates: readonly StoredTemplate[];
  /** Active. */
  tenants: readonly StoredTenant[];
  /** Active, with something in adm_Email. */
  administrators: readonly StoredAdministrator[];
  /** All active alerts. */
  users: readonly AlertInUse[];
  /** Faults of configuration that are reported and not over, the newest first. */
  met: readonly MetFault[];
}

/** An alert, by what it shares with others. */
export interface AlertInUse {
  code: string;
  tenant: string | null;
  type: string | null;
  channel: string | null;
}

export interface StoredAlert {
  row: AlertRow;
  /** age_ProblemaDesde */
  since: Temporal.Instant | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgprf_Cod: string | null;
  cfg_MaxDestinatarios: number | null;
  /** There is an active webhook for its type and channel, and a template with something in it. */
  hasWebhook: boolean;
  hasTemplate: boolean;
}

export interface StoredWebhook {
  whk_Cod: string;
  whktip_Cod: string | null;
  whkcan_Cod: string | null;
  whk_Url: string | null;
  whk_Secreto: string | null;
  whk_Cabeceras: string | null;
  whk_Formato: string | null;
  whk_Cuerpo: string | null;
  whk_TimeoutSeg: number | null;
}

export interface StoredQuery {
  qry_Cod: string;
  qrytip_Cod: string | null;
  qry_Sql: string | null;
  qry_Parametros: string | null;
  qry_TimeoutSeg: number | null;
}

export interface StoredTemplate {
  pla_Cod: string;
  platip_Cod: string | null;
  placan_Cod: string | null;
  pla_Asunto: string | null;
  pla_Cuerpo: string | null;
}

export interface StoredTenant {
  emp_Cod: string;
  emp_Conexion: string | null;
  emp_ZonaHoraria: string | null;
  emp_Pais: string | null;
}

export interface StoredAdministrator {
  adm_id: number;
  adm_Email: string;
  admemp_Cod: string | null;
}

export interface MetFault {
  reason: string;
  detail: string;
  alert: string | null;
  tenant: string | null;
  /** Of the alert, as it stands now. */
  type: string | null;
  channel: string | null;
  since: Temporal.Instant;
}
