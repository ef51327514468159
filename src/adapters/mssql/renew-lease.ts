import { sql, type Kysely } from 'kysely';
import type { RenewLease } from '../../dispatch/prepare/renew-lease.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

export function renewLease(db: Kysely<ControlSchema>): RenewLease {
  return async ({ executionId, owner, until }) => {
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Alertas SET sch_LeaseHasta = ${sqlInstant(until)}, sch_Revisar = ${sqlInstant(until)}
        WHERE sch_id = ${executionId} AND sch_Duenio = ${owner} AND sch_Preparada IS NULL`.execute(db),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };
}
