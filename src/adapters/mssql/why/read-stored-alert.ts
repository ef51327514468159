import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import { alertColumns, alertRowOf, type AlertRecord } from '../alert-row.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom } from '../sql-time.ts';
import { sqlVarchar } from '../sql-varchar.ts';

interface StoredRecord extends AlertRecord {
  cfg_Nombre: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgprf_Cod: string | null;
  emp_Nombre: string | null;
  emp_Activo: boolean | null;
  agecfg_Cod: string | null;
  age_Proxima: Date | null;
  firstDay: string | null;
}

export function readStoredAlert(db: Kysely<ControlSchema>): WhyPorts['readStoredAlert'] {
  return async (code) => {
    const { rows } = await sql<StoredRecord>`
      SELECT ${alertColumns}, c.cfg_Nombre, c.cfgcan_Cod, c.cfgper_Cod, c.cfgprf_Cod, e.emp_Nombre, e.emp_Activo,
        a.agecfg_Cod, a.age_Proxima, CONVERT(VARCHAR(10), CAST(f.first AS DATE), 23) AS firstDay
      FROM CT_Alertas_Config c
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
      OUTER APPLY (SELECT MIN(sch_Fecha) AS first FROM CT_Scheduler_Alertas WHERE schcfg_Cod = c.cfg_Cod) f
      WHERE c.cfg_Cod = ${sqlVarchar(code)}`.execute(db);
    const [record] = rows;
    if (record === undefined) return null;
    const { emp_Cod, emp_Nombre, emp_Activo, agecfg_Cod, age_Proxima, firstDay } = record;
    return {
      row: alertRowOf(record),
      name: record.cfg_Nombre,
      active: record.cfg_Activo,
      channel: record.cfgcan_Cod,
      tenant: emp_Cod === null ? null : { code: emp_Cod, name: emp_Nombre, active: emp_Activo !== false },
      person: record.cfgper_Cod?.trim() || null,
      profile: record.cfgprf_Cod?.trim() || null,
      pointer: agecfg_Cod === null ? undefined : age_Proxima && instantFrom(age_Proxima),
      firstDay: firstDay === null ? null : Temporal.PlainDate.from(firstDay),
    };
  };
}
