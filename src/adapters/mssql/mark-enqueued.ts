import { sql, type Kysely } from 'kysely';
import type { MarkEnqueued } from '../../scan/enqueue-executions.ts';
import type { ControlSchema } from './schema.ts';
import { instantText } from './sql-time.ts';

export function markEnqueued(db: Kysely<ControlSchema>): MarkEnqueued {
  return async (marks) => {
    if (marks.length === 0) return;
    const rows = marks.map(({ executionId, was, reviewAt }) => ({
      id: executionId,
      was: instantText(was),
      revisar: instantText(reviewAt),
    }));
    await sql`
      UPDATE s SET sch_Revisar = j.revisar
      FROM CT_Scheduler_Alertas s
      JOIN OPENJSON(${JSON.stringify(rows)}) WITH (id INT, was DATETIME2(3), revisar DATETIME2(3)) j
        ON j.id = s.sch_id
      WHERE s.sch_Revisar = j.was AND s.sch_Estado = 'PENDIENTE'`.execute(db);
  };
}
