import { sql, type Kysely } from 'kysely';
import type { ReadWatchedAlerts } from '../../scan/dry-scan.ts';
import { allOf } from './all-of.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import { pausedColumn } from './configuration-source.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

interface WatchedRecord extends AlertRecord {
  cfg_Nombre: string | null;
  emp_Activo: boolean | null;
  paused: number;
  age_Huella: string | null;
  age_Proxima: Date | null;
  age_Problema: string | null;
}

export function readWatchedAlerts(db: Kysely<ControlSchema>): ReadWatchedAlerts {
  return async ({ tenant, alert }, at) => {
    const all = tenant === undefined && alert === undefined;
    const { rows } = await sql<WatchedRecord>`
      SELECT ${alertColumns}, c.cfg_Nombre, e.emp_Activo, ${pausedColumn(at)}, a.age_Huella, a.age_Proxima, a.age_Problema
      FROM CT_Alertas_Config c
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
      WHERE ${allOf([
        all && sql`(c.cfg_Activo = 1 OR a.age_Proxima IS NOT NULL)`,
        tenant !== undefined && sql`c.cfgemp_Cod = ${sqlVarchar(tenant)}`,
        alert !== undefined && sql`c.cfg_Cod = ${sqlVarchar(alert)}`,
      ])}
      ORDER BY c.cfg_Cod`.execute(db);
    return rows.map(({ age_Huella, age_Proxima, age_Problema, ...record }) => ({
      row: alertRowOf(record),
      agenda:
        age_Huella === null
          ? null
          : {
              fingerprint: age_Huella,
              pointer: age_Proxima && instantFrom(age_Proxima).toZonedDateTimeISO('UTC'),
              problem: age_Problema,
            },
      name: record.cfg_Nombre,
      tenantActive: record.emp_Activo,
      paused: record.paused === 1,
    }));
  };
}
