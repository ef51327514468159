import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { ControlSchema } from './schema.ts';
import { sqlInstant, sqlOccurrence } from './sql-time.ts';

/** What should have happened by now and has not. */
export interface Backlog {
  /** Faults whose mail was due five minutes ago. */
  faultsUnreported: number;
  /** How long the oldest execution waits that should have been opened, in seconds; 0 = none does. */
  queueAgeSeconds: number;
}

/** Faults that belong to no incident yet are gathered by the mailer within a scan; others wait for their incident's next mail. */
export function readBacklog(db: Kysely<ControlSchema>): (now: Temporal.Instant) => Promise<Backlog> {
  return async (now) => {
    const due = sqlInstant(now.subtract({ minutes: 5 }));
    const { rows } = await sql<{ faults: number; oldest: number | null }>`
      SELECT
        (SELECT COUNT(*) FROM CT_Scheduler_Fallas f
          LEFT JOIN CT_Scheduler_Averias a ON a.ave_id = f.falave_id
          WHERE f.fal_Informada IS NULL AND f.fal_Descartada IS NULL
            AND (a.ave_ProximoAviso <= ${due} OR (a.ave_id IS NULL AND f.fal_Fecha <= ${due}))) AS faults,
        (SELECT DATEDIFF(SECOND, MIN(sch_Ocurrencia), ${sqlOccurrence(now.toZonedDateTimeISO('UTC'))})
          FROM CT_Scheduler_Alertas
          WHERE sch_Revisar IS NOT NULL AND sch_Estado = 'PENDIENTE' AND sch_Origen IS NOT NULL) AS oldest`.execute(
      db,
    );
    const { faults = 0, oldest = null } = rows[0] ?? {};
    return { faultsUnreported: faults, queueAgeSeconds: Math.max(0, oldest ?? 0) };
  };
}
