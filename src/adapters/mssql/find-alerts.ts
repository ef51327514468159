import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { FindAlerts } from '../../manage/routes/list-alerts.ts';
import type { ReadActiveAlerts } from '../../manage/routes/show-agenda.ts';
import { allOf } from './all-of.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import type { ControlSchema } from './schema.ts';
import { occurrenceColumn, occurrenceFrom, sqlOccurrence } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

interface FoundRecord extends AlertRecord {
  emp_Activo: boolean | null;
  cfg_Nombre: string | null;
  cfgtip_Cod: string | null;
  cfgcan_Cod: string | null;
  cfgper_Cod: string | null;
  cfgcon_Cod: string | null;
  cfgprf_Cod: string | null;
  sch_id: number | null;
  occurrence: string | null;
  sch_Estado: string | null;
  sch_Motivo: string | null;
}

export function findAlerts(db: Kysely<ControlSchema>): FindAlerts {
  return async ({ code, tenant, type, channel, active, suspect, text, after, limit }) => {
    const isWanted = allOf([
      code !== undefined && sql`c.cfg_Cod = ${sqlVarchar(code)}`,
      tenant !== undefined && sql`c.cfgemp_Cod = ${sqlVarchar(tenant)}`,
      type !== undefined && sql`c.cfgtip_Cod = ${sqlVarchar(type)}`,
      channel !== undefined && sql`c.cfgcan_Cod = ${sqlVarchar(channel)}`,
      active !== undefined && sql`c.cfg_Activo = ${active ? 1 : 0}`,
      suspect === true &&
        sql`(c.cfg_Activo = 0 OR a.agecfg_Cod IS NULL OR a.age_Problema IS NOT NULL OR ${isUnread})`,
      text !== undefined && sql`(CHARINDEX(${text}, c.cfg_Cod) > 0 OR CHARINDEX(${text}, c.cfg_Nombre) > 0)`,
      after !== undefined && sql`c.cfg_Cod > ${sqlVarchar(after)}`,
    ]);
    const { rows } = await sql<FoundRecord>`
      ${declareReadUpTo}
      SELECT TOP (${limit}) ${alertColumns}, e.emp_Activo, c.cfg_Nombre, c.cfgtip_Cod, c.cfgcan_Cod, c.cfgper_Cod, c.cfgcon_Cod,
        c.cfgprf_Cod, s.sch_id, ${occurrenceColumn('s.sch_Ocurrencia')} AS occurrence, s.sch_Estado, s.sch_Motivo
      FROM CT_Alertas_Config c
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
      OUTER APPLY (
        SELECT TOP (1) sch_id, sch_Ocurrencia, sch_Estado, sch_Motivo
        FROM CT_Scheduler_Alertas
        WHERE schcfg_Cod = c.cfg_Cod AND (sch_Estado <> 'PENDIENTE' OR sch_Estado IS NULL)
        ORDER BY sch_Fecha DESC, sch_id DESC
      ) s
      WHERE ${isWanted}
      ORDER BY c.cfg_Cod`.execute(db);
    return rows.map((record) => ({
      row: alertRowOf(record),
      tenantActive: record.emp_Activo ?? true,
      described: {
        name: record.cfg_Nombre,
        type: record.cfgtip_Cod,
        channel: record.cfgcan_Cod,
        person: record.cfgper_Cod,
        contact: record.cfgcon_Cod,
        profile: record.cfgprf_Cod,
        last: lastOf(record),
      },
    }));
  };
}

function lastOf({ sch_id: id, occurrence, sch_Estado: state, sch_Motivo: reason }: FoundRecord) {
  return id === null ? null : { id, occurrence: occurrence && occurrenceFrom(occurrence), state, reason };
}

/** Its pointer has moved on to what comes after. */
const isClaimed = sql`c.cfg_Cod IN (SELECT schcfg_Cod FROM CT_Scheduler_Alertas WHERE sch_Revisar IS NOT NULL)`;

/** For `isUnread` in the statement after it: read once, not for each row. */
export const declareReadUpTo = sql`
  DECLARE @readUpTo BINARY(8) = (SELECT CONVERT(BINARY(8), est_Version) FROM CT_Scheduler_Estado WHERE est_id = 1);`;

/** Written since the last scan read them: their pointers are of what stood there before. */
export const isUnread = sql`(@readUpTo IS NULL OR c.cfg_Version > @readUpTo OR COALESCE(e.emp_Version, 0x) > @readUpTo)`;

/**
 * Of the alerts that the scans know, those whose pointers come first: each of them fires at its pointer, so that nothing
 * of the others can be among as many occurrences.
 */
function firstByPointer({ from, to, atMost }: Due, tenant: string | undefined) {
  return sql`
    SELECT TOP (${sql.lit(atMost)}) a.agecfg_Cod
    FROM CT_Scheduler_Agenda a
    JOIN CT_Alertas_Config c ON c.cfg_Cod = a.agecfg_Cod
    LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
    WHERE ${allOf([
      sql`c.cfg_Activo = 1 AND NOT ${isUnread}`,
      tenant !== undefined && sql`c.cfgemp_Cod = ${sqlVarchar(tenant)}`,
      sql`a.age_Proxima >= ${inUtc(from)} AND a.age_Proxima < ${inUtc(to)}`,
    ])}
    ORDER BY a.age_Proxima`;
}

function mayBeDue(due: Due, tenant: string | undefined) {
  return sql`(a.agecfg_Cod IS NULL OR a.age_Proxima < ${inUtc(due.from)} OR ${isClaimed} OR ${isUnread}
    OR c.cfg_Cod IN (${firstByPointer(due, tenant)}))`;
}

/** Worked out once, and not for each row. */
function inUtc(at: Temporal.Instant) {
  return sql`(SELECT ${sqlOccurrence(at.toZonedDateTimeISO('UTC'))})`;
}

type Due = NonNullable<Parameters<ReadActiveAlerts>[0]['due']>;

type PlannedRecord = AlertRecord & Pick<FoundRecord, 'cfg_Nombre' | 'cfgcan_Cod' | 'emp_Activo'>;

export function readActiveAlerts(db: Kysely<ControlSchema>): ReadActiveAlerts {
  return async ({ tenant, due }) => {
    const isWanted = allOf([
      sql`c.cfg_Activo = 1`,
      tenant !== undefined && sql`c.cfgemp_Cod = ${sqlVarchar(tenant)}`,
      due !== null && mayBeDue(due, tenant),
    ]);
    const { rows } = await sql<PlannedRecord>`
      ${declareReadUpTo}
      SELECT ${alertColumns}, c.cfg_Nombre, c.cfgcan_Cod, e.emp_Activo
      FROM CT_Alertas_Config c
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
      WHERE ${isWanted}`.execute(db);
    return rows.map((record) => ({
      row: alertRowOf(record),
      name: record.cfg_Nombre,
      channel: record.cfgcan_Cod,
      tenantActive: record.emp_Activo ?? true,
    }));
  };
}
