import { sql, type RawBuilder } from 'kysely';
import type { Act } from '../../manage/act.ts';
import { fitText } from './fit-text.ts';
import { sqlInstant } from './sql-time.ts';

/** One row, to be written in the transaction of what it tells, and only if that was done. */
export function auditEntry({ at, who, act, on, detail }: Act): RawBuilder<unknown> {
  const particulars = detail === null ? null : fitText(JSON.stringify(detail), 2000);
  return sql`
    INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle)
    VALUES (${sqlInstant(at)}, ${fitText(who, 200)}, ${act}, ${fitText(on, 200)}, ${particulars})`;
}
