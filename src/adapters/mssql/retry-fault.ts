import { sql, type Kysely } from 'kysely';
import type { RetryFault } from '../../manage/routes/retry-fault.ts';
import { auditEntry } from './audit-entry.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

/**
 * It becomes a new fault to the mailer, which gathers it into an open incident: a mail about its old one, which may just
 * be on its way without it, cannot pass for its report. The open incident that it leaves does not count it twice. Of one that is over it stays
 * a fault: nothing has failed anew.
 */
export function retryFault(db: Kysely<ControlSchema>): RetryFault {
  return (id, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ incident: number | null }>`
          UPDATE f
          SET falave_id = CASE WHEN a.ave_Cerrada IS NULL THEN NULL ELSE f.falave_id END, fal_Informada = NULL, fal_Descartada = NULL, fal_Quien = NULL, fal_PorQue = NULL,
            fal_Pedida = ${sqlInstant(act.at)}
          OUTPUT deleted.falave_id AS incident
          FROM CT_Scheduler_Fallas f LEFT JOIN CT_Scheduler_Averias a ON a.ave_id = f.falave_id
          WHERE fal_id = CAST(${String(id)} AS BIGINT)`.execute(transaction);
        const [fault] = rows;
        if (fault === undefined) return false;
        await sql`
          UPDATE CT_Scheduler_Averias SET ave_Fallas = ave_Fallas - 1
          WHERE ave_id = ${fault.incident} AND ave_Cerrada IS NULL`.execute(transaction);
        await auditEntry(act).execute(transaction);
        return true;
      }),
    );
}
