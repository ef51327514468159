import type { AlertParse, AlertRow, TimeSettings } from './alert.ts';
import type { ConfigFault } from './config-fault.ts';
import { isZone } from './is-zone.ts';
import { parseSchedule } from './parse-schedule.ts';

/**
 * Reads a row of the tables. One value that cannot be read makes the alert invalid, all such values are told at once;
 * a bad entry of cfg_FechasPuntuales only loses that entry.
 */
export function parseAlert(row: AlertRow, settings: TimeSettings): AlertParse {
  const faults: ConfigFault[] = [];
  const zone = parseZone(row, settings, faults);
  checkCatchUp(row.catchUpMinutes, faults);
  const schedule = parseSchedule(row, settings.weekStartsOn);
  if (zone === null || row.tenant === null || faults.length > 0 || schedule.kind === 'invalid') {
    return { kind: 'invalid', active: row.active, faults: [...faults, ...schedule.faults] };
  }
  return {
    kind: 'valid',
    alert: {
      code: row.code,
      tenant: row.tenant,
      active: row.active,
      zone,
      schedule: schedule.schedule,
      catchUpMinutes: row.catchUpMinutes,
    },
    faults: schedule.faults,
  };
}

function parseZone(row: AlertRow, settings: TimeSettings, faults: ConfigFault[]): string | null {
  if (row.tenant === null || row.tenantZone === undefined) {
    faults.push({
      column: 'cfgemp_Cod',
      value: row.tenant,
      allowed: 'el código de una empresa de CT_Empresas',
    });
    return null;
  }
  const zone = row.tenantZone?.trim() || settings.timeZone;
  const fault = zoneFault(zone);
  if (fault === null) return zone;
  faults.push(fault);
  return null;
}

/** Of emp_ZonaHoraria; null = it can be read. */
export function zoneFault(zone: string): ConfigFault | null {
  if (isZone(zone)) return null;
  const allowed = 'una zona horaria IANA, como America/Argentina/Buenos_Aires, o nada';
  return { column: 'emp_ZonaHoraria', value: zone, allowed };
}

function checkCatchUp(minutes: number | null, faults: ConfigFault[]): void {
  if (minutes === null || minutes >= 0) return;
  faults.push({
    column: 'cfg_RecuperacionMin',
    value: String(minutes),
    allowed: 'una cantidad de minutos desde 0, o nada',
  });
}
