import { sql, type Kysely } from 'kysely';
import type { StoreWait } from '../../dispatch/end/leave-execution.ts';
import { reviewAfter } from '../../domain/review-time.ts';
import { ownedBy } from './close-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { sqlInstant } from './sql-time.ts';

export function storeWait(db: Kysely<ControlSchema>, leaseSeconds: number): StoreWait {
  return async ({ executionId, owner, until, reason, detail }) => {
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Alertas
        SET sch_Duenio = NULL, sch_LeaseHasta = ${sqlInstant(until)},
            sch_Revisar = ${sqlInstant(reviewAfter(until, leaseSeconds))},
            sch_Rondas = 0, sch_Motivo = ${reason}, sch_DetalleError = ${detail}
        WHERE sch_id = ${executionId} AND ${isUnfinished} AND ${ownedBy(owner)}`.execute(db),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };
}
