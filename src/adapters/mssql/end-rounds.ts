import { sql, type Kysely } from 'kysely';
import type { EndRounds } from '../../dispatch/end/leave-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';

/**
 * An execution that gets on is none that kills every process which opens it: what counts are openings since something
 * of it was stored, this one included.
 */
export const progress = sql`sch_Rondas = CASE WHEN sch_Rondas > 1 THEN 1 ELSE sch_Rondas END`;

/** Of a dispatch that delivered nothing: it proves nothing of the others, which may be delivering just now. */
export const withoutOwnOpening = sql`CASE WHEN sch_Rondas > 0 THEN sch_Rondas - 1 ELSE 0 END`;

/** When to look again is in the row already: taking and recording have set it. */
export function endRounds(db: Kysely<ControlSchema>): EndRounds {
  return async (executionId, openings) => {
    const rounds = openings === 'all' ? sql`0` : withoutOwnOpening;
    await retryConflicts(() =>
      sql`
        UPDATE CT_Scheduler_Alertas SET sch_Rondas = ${rounds}
        WHERE sch_id = ${executionId} AND ${isUnfinished}`.execute(db),
    );
  };
}
