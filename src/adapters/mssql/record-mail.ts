import { sql, type Kysely } from 'kysely';
import type { RecordMail } from '../../poison/incident-store.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

/**
 * What an operator asked for after the mail was begun is not in it. An incident that got a fault after its closing mail was written stays open: the fault
 * needs a mail of its own.
 */
export function recordMail(db: Kysely<ControlSchema>): RecordMail {
  return ({ incident, at, upToFault, closes }) =>
    retryConflicts(() =>
      db.transaction().execute(async (transaction) => {
        await sql`
        UPDATE CT_Scheduler_Averias SET ave_Avisos = ave_Avisos + 1, ave_ProximoAviso = NULL
        WHERE ave_id = ${incident}`.execute(transaction);
        await sql`
        UPDATE CT_Scheduler_Fallas SET fal_Informada = ${sqlInstant(at)}
        WHERE falave_id = ${incident} AND fal_Informada IS NULL AND fal_id <= CAST(${upToFault} AS BIGINT)
          AND (fal_Pedida IS NULL OR fal_Pedida <= ${sqlInstant(at)})`.execute(transaction);
        if (!closes) return;
        await sql`
        UPDATE CT_Scheduler_Averias SET ave_Cerrada = ${sqlInstant(at)}
        WHERE ave_id = ${incident} AND NOT EXISTS (
          SELECT 1 FROM CT_Scheduler_Fallas f
          WHERE f.falave_id = ${incident} AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL
        )`.execute(transaction);
      }),
    );
}
