import { sql, type Kysely } from 'kysely';
import type { TakeIncident } from '../../poison/incident-store.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

export function takeIncident(db: Kysely<ControlSchema>): TakeIncident {
  return async ({ id, mails, ended }, now, until) => {
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Averias SET ave_ProximoAviso = ${sqlInstant(until)}
        WHERE ave_id = ${id} AND ave_Avisos = ${mails} ${ended ? sql`` : sql`AND ave_Cerrada IS NULL`}
          AND (ave_ProximoAviso IS NULL OR ave_ProximoAviso <= ${sqlInstant(now)})`.execute(db),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };
}
