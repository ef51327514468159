import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { GatherIncidents } from '../../poison/incident-store.ts';
import type { ControlSchema } from './schema.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { sqlInstant } from './sql-time.ts';

const batchSize = 5000;

/** `f` is a fault that has no incident yet. */
const isNew = sql`f.falave_id IS NULL AND f.fal_Informada IS NULL AND f.fal_Descartada IS NULL`;

/** `a` is the incident of the tenant and cause of `f`. */
const isItsIncident = sql`a.aveemp_Cod = ISNULL(f.falemp_Cod, '') AND a.ave_Motivo = f.fal_Motivo`;

export function gatherIncidents(db: Kysely<ControlSchema>): GatherIncidents {
  return async (now) => {
    let gathered = 0;
    for (let batch = batchSize; batch === batchSize && (await hasNew(db)); gathered += batch)
      batch = await gatherBatch(db, now);
    await forget(db, now);
    return gathered;
  };
}

async function hasNew(db: Kysely<ControlSchema>): Promise<boolean> {
  const { rows } = await sql`SELECT TOP (1) f.fal_id FROM CT_Scheduler_Fallas f WHERE ${isNew}`.execute(db);
  return rows.length > 0;
}

function gatherBatch(db: Kysely<ControlSchema>, now: Temporal.Instant): Promise<number> {
  return retryConflicts(() =>
    db.transaction().execute(async (transaction) => {
      await reopen(transaction, now);
      await open(transaction);
      return await assign(transaction, now);
    }),
  );
}

/** Its mails are counted from now on: those about what comes back may not wait for the next day of what ended. */
async function reopen(db: Kysely<ControlSchema>, now: Temporal.Instant): Promise<void> {
  await sql`
    UPDATE a SET ave_Cerrada = NULL, ave_Reaperturas = a.ave_Reaperturas + 1,
      ave_Desde = (SELECT MIN(f.fal_Fecha) FROM CT_Scheduler_Fallas f WHERE ${isNew} AND ${isItsIncident})
    FROM CT_Scheduler_Averias a
    WHERE a.ave_Cerrada > ${sqlInstant(now.subtract({ hours: 1 }))}
      AND EXISTS (SELECT 1 FROM CT_Scheduler_Fallas f WHERE ${isNew} AND ${isItsIncident})
      AND NOT EXISTS (
        SELECT 1 FROM CT_Scheduler_Averias o
        WHERE o.aveemp_Cod = a.aveemp_Cod AND o.ave_Motivo = a.ave_Motivo
          AND (o.ave_Cerrada IS NULL OR o.ave_id > a.ave_id)
      )`.execute(db);
}

async function open(db: Kysely<ControlSchema>): Promise<void> {
  await sql`
    INSERT INTO CT_Scheduler_Averias
      (aveemp_Cod, ave_Motivo, ave_Desde, ave_UltimaFalla, ave_Fallas, ave_Avisos, ave_Reaperturas)
    SELECT ISNULL(f.falemp_Cod, ''), f.fal_Motivo, MIN(f.fal_Fecha), MAX(f.fal_Fecha), 0, 0, 0
    FROM CT_Scheduler_Fallas f
    WHERE ${isNew} AND NOT EXISTS (
      SELECT 1 FROM CT_Scheduler_Averias a WITH (UPDLOCK, HOLDLOCK) WHERE ${isItsIncident} AND a.ave_Cerrada IS NULL
    )
    GROUP BY ISNULL(f.falemp_Cod, ''), f.fal_Motivo`.execute(db);
}

/** An incident that is being mailed about gets nothing: its mail would pass for a report of what came after it was read. */
async function assign(db: Kysely<ControlSchema>, now: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ incident: number; at: Date }>`
    UPDATE TOP (${sql.lit(batchSize)}) f SET falave_id = a.ave_id
    OUTPUT inserted.falave_id AS incident, inserted.fal_Fecha AS at
    FROM CT_Scheduler_Fallas f JOIN CT_Scheduler_Averias a WITH (UPDLOCK) ON ${isItsIncident}
    WHERE ${isNew} AND a.ave_Cerrada IS NULL
      AND (a.ave_ProximoAviso IS NULL OR a.ave_ProximoAviso <= ${sqlInstant(now)})`.execute(db);
  const counts = [...Map.groupBy(rows, ({ incident }) => incident)].map(([incident, faults]) => ({
    incident,
    faults: faults.length,
    last: faults.map(({ at }) => at.toISOString().slice(0, -1)).reduce((a, b) => (a > b ? a : b)),
  }));
  await sql`
    UPDATE a SET ave_Fallas = a.ave_Fallas + n.faults,
      ave_UltimaFalla = CASE WHEN n.last > a.ave_UltimaFalla THEN n.last ELSE a.ave_UltimaFalla END
    FROM CT_Scheduler_Averias a
    JOIN OPENJSON(${JSON.stringify(counts)}) WITH (incident INT, faults INT, last DATETIME2(3)) n ON n.incident = a.ave_id
    `.execute(db);
  return rows.length;
}

/** What an operator discarded before anybody was told of it ends without a mail. */
async function forget(db: Kysely<ControlSchema>, now: Temporal.Instant): Promise<void> {
  await sql`
    UPDATE a SET ave_Cerrada = ${sqlInstant(now)}
    FROM CT_Scheduler_Averias a
    WHERE a.ave_Cerrada IS NULL AND a.ave_Avisos = 0 AND a.ave_Fallas > 0
      AND (a.ave_ProximoAviso IS NULL OR a.ave_ProximoAviso <= ${sqlInstant(now)})
      AND NOT EXISTS (
        SELECT 1 FROM CT_Scheduler_Fallas f WHERE f.falave_id = a.ave_id AND f.fal_Descartada IS NULL
      )`.execute(db);
}
