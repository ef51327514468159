import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { ReadChangedAlerts } from '../../scan/refresh-agenda.ts';
import type { ChangedAlert } from '../../scan/restart-alert.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

interface WrittenRecord {
  cfg_Cod: string;
  emp_Cod: string | null;
}

interface ChangedRecord extends AlertRecord {
  age_Huella: string | null;
  age_Proxima: Date | null;
  age_Problema: string | null;
}

/**
 * Two reads: which alerts stand there, whoever holds them (NOLOCK), and those that nobody holds (READPAST). What only
 * the first gave is held; without it an edit would be lost whose row another session locked and then left as it was.
 * READCOMMITTEDLOCK, because READPAST is refused where READ_COMMITTED_SNAPSHOT is on, as in Azure SQL.
 */
export function readChangedAlerts(db: Kysely<ControlSchema>): ReadChangedAlerts {
  return async (which) => {
    const isWanted = 'codes' in which ? hasCode(which.codes) : isWrittenAfter(which.after ?? 0n);
    const { rows: written } = await sql<WrittenRecord>`
      SELECT c.cfg_Cod, e.emp_Cod
      FROM CT_Alertas_Config c WITH (NOLOCK)
      LEFT JOIN CT_Empresas e WITH (NOLOCK) ON e.emp_Cod = c.cfgemp_Cod
      WHERE ${isWanted}`.execute(db);
    const { rows: read } = await sql<ChangedRecord>`
      SELECT ${alertColumns}, a.age_Huella, a.age_Proxima, a.age_Problema
      FROM CT_Alertas_Config c WITH (READCOMMITTEDLOCK, READPAST)
      LEFT JOIN CT_Empresas e WITH (READCOMMITTEDLOCK, READPAST) ON e.emp_Cod = c.cfgemp_Cod
      LEFT JOIN CT_Scheduler_Agenda a ON a.agecfg_Cod = c.cfg_Cod
      WHERE ${isWanted}`.execute(db);
    const tenants = new Map(written.map(({ cfg_Cod, emp_Cod }) => [cfg_Cod, emp_Cod]));
    const whole = read.filter(
      ({ cfg_Cod, cfgemp_Cod, emp_Cod }) =>
        emp_Cod !== null || cfgemp_Cod === null || tenants.get(cfg_Cod) === null,
    );
    const readCodes = new Set(whole.map(({ cfg_Cod }) => cfg_Cod));
    return {
      alerts: whole.map(changedAlertOf),
      held: written.some(({ cfg_Cod }) => !readCodes.has(cfg_Cod)),
    };
  };
}

function isWrittenAfter(version: bigint) {
  const bytes = sql`CONVERT(BINARY(8), CAST(${version.toString()} AS BIGINT))`;
  return sql`c.cfg_Version > ${bytes} OR e.emp_Version > ${bytes}`;
}

function hasCode(codes: readonly string[]) {
  return sql`c.cfg_Cod IN (SELECT code FROM OPENJSON(${JSON.stringify(codes)}) WITH (code VARCHAR(6) '$'))`;
}

function changedAlertOf(record: ChangedRecord): ChangedAlert {
  const { age_Huella: fingerprint, age_Proxima: pointer, age_Problema: problem } = record;
  if (fingerprint === null) return { row: alertRowOf(record), agenda: null };
  return { row: alertRowOf(record), agenda: { fingerprint, pointer: pointer && utc(pointer), problem } };
}

function utc(date: Date): Temporal.ZonedDateTime {
  return instantFrom(date).toZonedDateTimeISO('UTC');
}
