import { sql, type RawBuilder } from 'kysely';
import type { Act } from '../../manage/routes/pause.ts';
import { fitText } from './fit-text.ts';
import { sqlInstant } from './sql-time.ts';

/** To stand in the transaction of what it tells. */
export function auditEntry(
  { at, who }: Act,
  { action, what, detail }: { action: string; what: string; detail: string | null },
): RawBuilder<unknown> {
  return sql`
    INSERT INTO CT_Scheduler_Auditoria (aud_Fecha, aud_Quien, aud_Accion, aud_Objeto, aud_Detalle)
    VALUES (${sqlInstant(at)}, ${who}, ${action}, ${fitText(what, 200)}, ${fitText(detail, 2000)})`;
}
