import type { Kysely } from 'kysely';
import type { ReadAudit } from '../../manage/routes/list-audit.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

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
      id: row.aud_id,
      at: instantFrom(row.aud_Fecha).toString(),
      who: row.aud_Quien,
      action: row.aud_Accion,
      what: row.aud_Objeto,
      detail: row.aud_Detalle,
    }));
  };
}
