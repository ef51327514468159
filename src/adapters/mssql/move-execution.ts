import { sql, type Kysely } from 'kysely';
import type { MoveExecution } from '../../dispatch/leave-execution.ts';
import { retryLocked } from './retry-locked.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant, sqlOccurrence } from './sql-time.ts';

export function moveExecution(db: Kysely<ControlSchema>): MoveExecution {
  return async ({ executionId, owner, to }) => {
    const { numAffectedRows } = await retryLocked(() =>
      sql`
        UPDATE CT_Scheduler_Alertas
        SET sch_Ocurrencia = ${sqlOccurrence(to)}, sch_Estado = 'PENDIENTE', sch_Duenio = NULL, sch_LeaseHasta = NULL,
            sch_Rondas = 0, sch_Revisar = ${sqlInstant(to.toInstant().add({ minutes: 2 }))}
        WHERE sch_id = ${executionId} AND sch_Duenio = ${owner}`.execute(db),
    );
    return numAffectedRows === 1n;
  };
}
