import { sql, type Kysely } from 'kysely';
import type { BeginPause, EndPauses, FindNamed } from '../../manage/routes/pause.ts';
import type { ReadPauses } from '../../manage/held-back.ts';
import { allOf } from './all-of.ts';
import { auditEntry } from './audit-entry.ts';
import { fitText } from './fit-text.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom, sqlInstant } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

interface PauseRecord {
  pau_id: number;
  pauemp_Cod: string | null;
  paucfg_Cod: string | null;
  paucan_Cod: string | null;
  pau_Desde: Date;
  pau_Hasta: Date | null;
  pau_Quien: string | null;
  pau_Motivo: string | null;
}

const written = sql`inserted.pau_id, inserted.pauemp_Cod, inserted.paucfg_Cod, inserted.paucan_Cod, inserted.pau_Desde,
  inserted.pau_Hasta, inserted.pau_Quien, inserted.pau_Motivo`;

export function findNamed(db: Kysely<ControlSchema>): FindNamed {
  return async ({ tenant, alert, channel }) => {
    const { rows } = await sql<NamedRecord>`
      SELECT e.emp_Cod, c.cfg_Cod, n.can_Cod, c.cfgemp_Cod, c.cfgcan_Cod,
        CASE WHEN c.cfgemp_Cod = e.emp_Cod THEN 1 ELSE 0 END AS tenantFits,
        CASE WHEN c.cfgcan_Cod = n.can_Cod THEN 1 ELSE 0 END AS channelFits
      FROM (VALUES (1)) v (one)
      LEFT JOIN CT_Empresas e ON e.emp_Cod = ${sqlVarchar(tenant)}
      LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = ${sqlVarchar(alert)}
      LEFT JOIN CT_Alertas_Canales n ON n.can_Cod = ${sqlVarchar(channel)}`.execute(db);
    const [found] = rows;
    return {
      tenant: found?.emp_Cod ?? null,
      alert: found?.cfg_Cod ?? null,
      channel: found?.can_Cod ?? null,
      tenantFits: found?.tenantFits === 1,
      channelFits: found?.channelFits === 1,
      alertTenant: found?.cfgemp_Cod ?? null,
      alertChannel: found?.cfgcan_Cod ?? null,
    };
  };
}

interface NamedRecord {
  emp_Cod: string | null;
  cfg_Cod: string | null;
  can_Cod: string | null;
  cfgemp_Cod: string | null;
  cfgcan_Cod: string | null;
  tenantFits: number;
  channelFits: number;
}

export function beginPause(db: Kysely<ControlSchema>): BeginPause {
  return async ({ tenant, alert, channel }, { until, why }, act) => {
    const { rows } = await retryConflicts(() =>
      oneTransaction<PauseRecord>(sql`
        INSERT INTO CT_Scheduler_Pausas
          (pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo)
        OUTPUT ${written}
        VALUES (${tenant}, ${alert}, ${channel}, ${sqlInstant(act.at)}, ${until && sqlInstant(until)},
          ${fitText(act.who, 100)}, ${why});
        ${auditEntry(act)};`).execute(db),
    );
    const [record] = rows;
    if (record === undefined) throw new Error('A pause was not stored.');
    return pauseOf(record);
  };
}

export function endPauses(db: Kysely<ControlSchema>): EndPauses {
  return ({ tenant, alert, channel }, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (transaction) => {
        const at = sqlInstant(act.at);
        const { rows } = await sql<PauseRecord>`
          UPDATE CT_Scheduler_Pausas SET pau_Hasta = ${at}
          OUTPUT ${written}
          WHERE pau_Desde <= ${at} AND (pau_Hasta IS NULL OR pau_Hasta > ${at})
            AND COALESCE(pauemp_Cod, '') = ${tenant ?? ''} AND COALESCE(paucfg_Cod, '') = ${alert ?? ''}
            AND COALESCE(paucan_Cod, '') = ${channel ?? ''}`.execute(transaction);
        const pauses = rows.map(pauseOf);
        if (pauses.length > 0)
          await auditEntry({ ...act, detail: { pauses: pauses.map(({ id }) => id) } }).execute(transaction);
        return pauses;
      }),
    );
}

/** In the order of their beginning. */
export function readPauses(db: Kysely<ControlSchema>): ReadPauses {
  return async ({ from, upTo }) => {
    const { rows } = await sql<PauseRecord>`
      SELECT pau_id, pauemp_Cod, paucfg_Cod, paucan_Cod, pau_Desde, pau_Hasta, pau_Quien, pau_Motivo
      FROM CT_Scheduler_Pausas
      WHERE ${allOf([
        sql`(pau_Hasta IS NULL OR pau_Hasta > ${sqlInstant(from)})`,
        upTo !== null && sql`pau_Desde <= ${sqlInstant(upTo)}`,
      ])}
      ORDER BY pau_id`.execute(db);
    return rows.map(pauseOf);
  };
}

function pauseOf(pause: PauseRecord) {
  return {
    id: pause.pau_id,
    tenant: pause.pauemp_Cod,
    alert: pause.paucfg_Cod,
    channel: pause.paucan_Cod,
    from: isoFrom(pause.pau_Desde),
    until: pause.pau_Hasta && isoFrom(pause.pau_Hasta),
    by: pause.pau_Quien,
    why: pause.pau_Motivo,
  };
}
