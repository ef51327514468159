import { sql, type Kysely } from 'kysely';
import type { DiscardFault } from '../../manage/routes/discard-fault.ts';
import { auditEntry } from './audit-entry.ts';
import { fitText } from './fit-text.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

export function discardFault(db: Kysely<ControlSchema>): DiscardFault {
  return (id, why, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (transaction) => {
        const { numAffectedRows } = await sql`
          UPDATE CT_Scheduler_Fallas
          SET fal_Descartada = ${sqlInstant(act.at)}, fal_Quien = ${fitText(act.who, 200)}, fal_PorQue = ${why}
          WHERE fal_id = CAST(${String(id)} AS BIGINT) AND fal_Informada IS NULL AND fal_Descartada IS NULL`.execute(
          transaction,
        );
        if ((numAffectedRows ?? 0n) === 0n) return false;
        await auditEntry(act).execute(transaction);
        return true;
      }),
    );
}
