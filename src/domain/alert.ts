import type { ConfigFault } from './config-fault.ts';
import type { Schedule } from './schedule.ts';

/** What time depends on in CT_Alertas_Config and in its tenant's CT_Empresas, as stored: nothing is checked yet. */
export interface AlertRow {
  /** cfg_Cod */
  code: string;
  /** cfgemp_Cod, whether or not such a tenant exists. */
  tenant: string | null;
  /** emp_ZonaHoraria; undefined = there is no such tenant. */
  tenantZone: string | null | undefined;
  active: boolean;
  /** cfg_TipoDisparo */
  trigger: string | null;
  /** cfg_Frecuencia */
  frequency: string | null;
  /** cfg_HoraEnvio as `HH:mm:ss`. */
  sendTime: string | null;
  /** cfg_FechasPuntuales */
  dates: string | null;
  /** cfg_DiasSemana */
  weekdays: string | null;
  /** cfg_DiasMes */
  monthDays: string | null;
  /** cfg_Meses */
  months: string | null;
  /** cfg_UltimoDiaMes */
  lastDayOfMonth: boolean;
  /** cfg_RecuperacionMin */
  catchUpMinutes: number | null;
}

/** The installation's settings that the reading of a row depends on. */
export interface TimeSettings {
  /** IANA name, for tenants without emp_ZonaHoraria. */
  timeZone: string;
  /** What 1 means in cfg_DiasSemana. */
  weekStartsOn: 'monday' | 'sunday';
}

/** An alert whose row can be read. */
export interface Alert {
  code: string;
  tenant: string;
  active: boolean;
  /** IANA name. */
  zone: string;
  schedule: Schedule;
  /** How late it may still be sent; null = the installation's limit. */
  catchUpMinutes: number | null;
}

/** `faults` of a valid alert are entries of cfg_FechasPuntuales that were left out. */
export type AlertParse =
  | { kind: 'valid'; alert: Alert; faults: readonly ConfigFault[] }
  | { kind: 'invalid'; active: boolean; faults: readonly ConfigFault[] };
