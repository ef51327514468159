import { sql } from 'kysely';
import type { AlertRow } from '../../domain/alert.ts';

/** What `alertColumns` selects. */
export interface AlertRecord {
  cfg_Cod: string;
  cfgemp_Cod: string | null;
  cfg_Activo: boolean;
  cfg_TipoDisparo: string | null;
  cfg_Frecuencia: string | null;
  cfg_HoraEnvio: string | null;
  cfg_FechasPuntuales: string | null;
  cfg_DiasSemana: string | null;
  cfg_DiasMes: string | null;
  cfg_Meses: string | null;
  cfg_UltimoDiaMes: boolean;
  cfg_RecuperacionMin: number | null;
  emp_Cod: string | null;
  emp_ZonaHoraria: string | null;
}

/** For a SELECT from CT_Alertas_Config as `c`, outer joined to CT_Empresas as `e`. */
export const alertColumns = sql`c.cfg_Cod, c.cfgemp_Cod, c.cfg_Activo, c.cfg_TipoDisparo, c.cfg_Frecuencia,
  CONVERT(VARCHAR(8), c.cfg_HoraEnvio, 108) AS cfg_HoraEnvio, c.cfg_FechasPuntuales, c.cfg_DiasSemana, c.cfg_DiasMes,
  c.cfg_Meses, c.cfg_UltimoDiaMes, c.cfg_RecuperacionMin, e.emp_Cod, e.emp_ZonaHoraria`;

export function alertRowOf(record: AlertRecord): AlertRow {
  return {
    code: record.cfg_Cod,
    tenant: record.cfgemp_Cod,
    tenantZone: record.emp_Cod === null ? undefined : record.emp_ZonaHoraria,
    active: record.cfg_Activo,
    trigger: record.cfg_TipoDisparo,
    frequency: record.cfg_Frecuencia,
    sendTime: record.cfg_HoraEnvio,
    dates: record.cfg_FechasPuntuales,
    weekdays: record.cfg_DiasSemana,
    monthDays: record.cfg_DiasMes,
    months: record.cfg_Meses,
    lastDayOfMonth: record.cfg_UltimoDiaMes,
    catchUpMinutes: record.cfg_RecuperacionMin,
  };
}
