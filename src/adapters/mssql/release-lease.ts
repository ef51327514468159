import { sql, type Kysely } from 'kysely';
import type { ReleaseLease } from '../../dispatch/end/leave-execution.ts';
import { reviewAfter } from '../../domain/review-time.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

export function releaseLease(db: Kysely<ControlSchema>, leaseSeconds: number): ReleaseLease {
  return async ({ executionId, owner, now }) => {
    await sql`
      UPDATE CT_Scheduler_Alertas
      SET sch_Duenio = NULL, sch_LeaseHasta = NULL, sch_Revisar = ${sqlInstant(reviewAfter(now, leaseSeconds))}
      WHERE sch_id = ${executionId} AND sch_Duenio = ${owner}`.execute(db);
  };
}
