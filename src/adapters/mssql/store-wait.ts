import { sql, type Kysely } from 'kysely';
import type { StoreWait } from '../../dispatch/end/leave-execution.ts';
import { reviewAfter } from '../../domain/review-time.ts';
import { ownedBy } from './close-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { withoutOwnOpening } from './end-rounds.ts';
import { isUnfinished } from './sql-tally.ts';
import { sqlInstant } from './sql-time.ts';

export function storeWait(db: Kysely<ControlSchema>, leaseSeconds: number): StoreWait {
  return async ({ executionId, owner, until, reason, detail }) => {
    // A prepared execution that found no place: another dispatch may be delivering it.
    const rounds = owner === null && reason !== null ? withoutOwnOpening : sql`0`;
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Alertas
        SET sch_Duenio = NULL, sch_LeaseHasta = ${sqlInstant(until)},
            sch_Revisar = ${sqlInstant(reviewAfter(until, leaseSeconds))},
            sch_Rondas = ${rounds}, sch_Motivo = ${reason}, sch_DetalleError = ${detail}
        WHERE sch_id = ${executionId} AND ${isUnfinished} AND ${ownedBy(owner)}`.execute(db),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };
}
