import { sql, type Kysely } from 'kysely';
import type { SelectCandidates } from '../../scan/select-candidates.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom, instantText } from './sql-time.ts';

type CandidateRecord = { agecfg_Cod: string; age_Huella: string; age_Proxima: Date } & (
  AlertRecord | { cfg_Cod: null }
);

/** NOLOCK: what somebody is writing differs from its fingerprint and is left for the next scan, unless time is not touched. */
export function selectCandidates(db: Kysely<ControlSchema>): SelectCandidates {
  return async (until) => {
    const { rows } = await sql<CandidateRecord>`
      SELECT a.agecfg_Cod, a.age_Huella, a.age_Proxima, ${alertColumns}
      FROM CT_Scheduler_Agenda a
      LEFT JOIN CT_Alertas_Config c WITH (NOLOCK) ON c.cfg_Cod = a.agecfg_Cod
      LEFT JOIN CT_Empresas e WITH (NOLOCK) ON e.emp_Cod = c.cfgemp_Cod
      WHERE a.age_Proxima <= CAST(${`${instantText(until)}+00:00`} AS DATETIMEOFFSET(3))`.execute(db);
    return rows.map((record) => ({
      alert: record.agecfg_Cod,
      pointer: instantFrom(record.age_Proxima).toZonedDateTimeISO('UTC'),
      fingerprint: record.age_Huella,
      row: record.cfg_Cod === null ? null : { ...alertRowOf(record), code: record.agecfg_Cod },
    }));
  };
}
