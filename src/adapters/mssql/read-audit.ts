import type { Kysely } from 'kysely';
import { z } from 'zod';
import { jsonOf } from '../../core/json-of.ts';
import type { ReadAudit } from '../../manage/routes/list-audit.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom } from './sql-time.ts';

export function readAudit(db: Kysely<ControlSchema>): ReadAudit {
  return async ({ below, limit }) => {
    const rows = await db
      .selectFrom('CT_Scheduler_Auditoria')
      .selectAll()
      .$if(below !== undefined, (query) => query.where('aud_id', '<', String(below)))
      .orderBy('aud_id', 'desc')
      .top(limit)
      .execute();
    return rows.map((row) => ({
      id: Number(row.aud_id),
      at: isoFrom(row.aud_Fecha),
      who: row.aud_Quien,
      act: row.aud_Accion,
      on: row.aud_Objeto,
      detail: row.aud_Detalle === null ? null : detailOf(row.aud_Detalle),
    }));
  };
}

const particulars = z.record(z.string(), z.unknown());

/** What was cut to its column is no JSON any more. */
function detailOf(text: string) {
  const read = particulars.safeParse(jsonOf(text));
  return read.success ? read.data : text;
}
