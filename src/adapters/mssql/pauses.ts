import { sql, type Kysely } from 'kysely';
import type { BeginPause, EndPauses } from '../../manage/routes/pause.ts';
import { auditEntry } from './audit-entry.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom, sqlInstant } from './sql-time.ts';

export interface PauseRecord {
  pau_id: number;
  pauemp_Cod: string | null;
  paucfg_Cod: string | null;
  paucan_Cod: string | null;
  pau_Desde: Date;
  pau_Hasta: Date | null;
  pau_Quien: string | null;
  pau_Motivo: string | null;
}

type About = Parameters<EndPauses>[0];

const written = sql`inserted.pau_id, inserted.pauemp_Cod, inserted.paucfg_Cod, inserted.paucan_Cod, inserted.pau_Desde,
  inserted.pau_Hasta, inserted.pau_Quien, inserted.pau_Motivo`;

export function beginPause(db: Kysely<ControlSchema>): BeginPause {
  return async (about, { until, why }, act) => {
    const missing = await missingOf(db, about);
    if (missing !== null) return missing;
    const { tenant, alert, channel } = about;
    const entry = { action: 'pause', what: whatOf(about), detail: why };
    const { rows } = await retryConflicts(() =>
      oneTransaction<PauseRecord>(sql`
        INSERT INTO CT_Scheduler_Pausas
          (pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo)
        OUTPUT ${written}
        VALUES (${tenant}, ${alert}, ${channel}, ${sqlInstant(act.at)}, ${until && sqlInstant(until)},
          ${act.who.slice(0, 100)}, ${why});
        ${auditEntry(act, entry)};`).execute(db),
    );
    const [record] = rows;
    if (record === undefined) throw new Error('A pause was not stored.');
    return { kind: 'begun', pause: pauseOf(record) };
  };
}

export function endPauses(db: Kysely<ControlSchema>): EndPauses {
  return async (about, act) => {
    const { tenant, alert, channel } = about;
    const at = sqlInstant(act.at);
    const entry = { action: 'resume', what: whatOf(about), detail: null };
    const { rows } = await retryConflicts(() =>
      oneTransaction<PauseRecord>(sql`
        UPDATE CT_Scheduler_Pausas SET pau_Hasta = ${at}
        OUTPUT ${written}
        WHERE pau_Desde <= ${at} AND (pau_Hasta IS NULL OR pau_Hasta > ${at})
          AND COALESCE(pauemp_Cod, '') = ${tenant ?? ''} AND COALESCE(paucfg_Cod, '') = ${alert ?? ''}
          AND COALESCE(paucan_Cod, '') = ${channel ?? ''};
        ${auditEntry(act, entry)};`).execute(db),
    );
    return rows.map(pauseOf);
  };
}

export function pauseOf(pause: PauseRecord) {
  return {
    id: pause.pau_id,
    tenant: pause.pauemp_Cod,
    alert: pause.paucfg_Cod,
    channel: pause.paucan_Cod,
    from: instantFrom(pause.pau_Desde).toString(),
    until: pause.pau_Hasta && instantFrom(pause.pau_Hasta).toString(),
    by: pause.pau_Quien,
    why: pause.pau_Motivo,
  };
}

/** The first of its names that there is no row for. */
async function missingOf(db: Kysely<ControlSchema>, { tenant, alert, channel }: About) {
  const { rows } = await sql<{ what: 'tenant' | 'alert' | 'channel'; code: string }>`
    SELECT v.what, v.code
    FROM (VALUES (1, 'tenant', ${tenant}), (2, 'alert', ${alert}), (3, 'channel', ${channel})) v (place, what, code)
    WHERE v.code IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM CT_Empresas WHERE v.what = 'tenant' AND emp_Cod = v.code
      UNION ALL SELECT 1 FROM CT_Alertas_Config WHERE v.what = 'alert' AND cfg_Cod = v.code
      UNION ALL SELECT 1 FROM CT_Alertas_Canales WHERE v.what = 'channel' AND can_Cod = v.code)
    ORDER BY v.place`.execute(db);
  const [missing] = rows;
  return missing === undefined ? null : ({ kind: 'unknown', ...missing } as const);
}

function whatOf({ tenant, alert, channel }: About): string {
  const parts = Object.entries({ tenant, alert, channel }).filter(([, code]) => code !== null);
  return parts.length === 0 ? 'everything' : parts.map(([what, code]) => `${what} ${code}`).join(', ');
}
