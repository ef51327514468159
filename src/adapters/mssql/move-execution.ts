import { sql, type Kysely } from 'kysely';
import type { MoveExecution } from '../../dispatch/end/leave-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant, sqlOccurrence } from './sql-time.ts';

export function moveExecution(db: Kysely<ControlSchema>): MoveExecution {
  return async ({ executionId, owner, to, reviewAt }) => {
    const { numAffectedRows } = await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Alertas
        SET sch_Ocurrencia = ${sqlOccurrence(to)}, sch_Estado = 'PENDIENTE', sch_Duenio = NULL, sch_LeaseHasta = NULL,
            sch_Rondas = 0, sch_Revisar = ${sqlInstant(reviewAt)}
        WHERE sch_id = ${executionId} AND sch_Duenio = ${owner}`.execute(db),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };
}
