import { sql, type Kysely } from 'kysely';
import type { TakeIncidents } from '../../poison/incident-store.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

export function takeIncidents(db: Kysely<ControlSchema>): TakeIncidents {
  return async (ids, now, until) => {
    const { rows } = await sql<{ id: number }>`
      UPDATE CT_Scheduler_Averias SET ave_ProximoAviso = ${sqlInstant(until)}
      OUTPUT inserted.ave_id AS id
      WHERE ave_Cerrada IS NULL
        AND (ave_ProximoAviso IS NULL OR ave_ProximoAviso <= ${sqlInstant(now)})
        AND ave_id IN (SELECT id FROM OPENJSON(${JSON.stringify(ids)}) WITH (id INT '$'))`.execute(db);
    return rows.map(({ id }) => id);
  };
}
