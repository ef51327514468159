import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom, sqlInstant } from '../sql-time.ts';
import { sqlVarchar } from '../sql-varchar.ts';

interface Record {
  pau_Desde: Date;
  pau_Hasta: Date | null;
  pau_Quien: string | null;
  pau_Motivo: string | null;
}

const most = 200;

export function readPausesDuring(db: Kysely<ControlSchema>): WhyPorts['readPausesDuring'] {
  return async ({ alert, tenant, channel }, { from, to }) => {
    const { rows } = await sql<Record>`
      SELECT TOP (${most}) pau_Desde, pau_Hasta, pau_Quien, pau_Motivo
      FROM CT_Scheduler_Pausas
      WHERE pau_Desde < ${sqlInstant(to)} AND (pau_Hasta IS NULL OR pau_Hasta > ${sqlInstant(from)})
        AND (pauemp_Cod IS NULL OR pauemp_Cod = ${sqlVarchar(tenant)}) AND (paucfg_Cod IS NULL OR paucfg_Cod = ${sqlVarchar(alert)})
        AND (paucan_Cod IS NULL OR paucan_Cod = ${sqlVarchar(channel)})
      ORDER BY pau_id DESC`.execute(db);
    return rows.map((row) => ({
      from: instantFrom(row.pau_Desde),
      until: row.pau_Hasta && instantFrom(row.pau_Hasta),
      by: row.pau_Quien,
      why: row.pau_Motivo,
    }));
  };
}
