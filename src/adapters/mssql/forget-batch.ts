import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import type { ForgetBatch } from '../../scan/forget-records.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { sqlInstant, sqlOccurrence } from './sql-time.ts';

/** Few enough locks that none of them becomes one on the whole table, attempts included. */
const mostExecutions = 200;
const mostDeliveries = 400;
const mostOthers = 500;

type Before = Parameters<ForgetBatch>[0];
const ids = z.array(z.object({ id: z.number() })).transform((rows) => rows.map(({ id }) => id));

export function forgetBatch(db: Kysely<ControlSchema>): ForgetBatch {
  return async (before) => {
    const others = await retryConflicts(() => forgetOthers(db, before));
    const executions = ids.parse((await oldExecutions(before).execute(db)).rows);
    if (executions.length === 0) return { executions: 0, deliveries: 0, others };
    const deliveries = ids.parse((await deliveriesOf(executions).execute(db)).rows);
    const forgotten = await retryConflicts(() => forgetThese(db, executions, deliveries));
    return { ...forgotten, others };
  };
}

/** The system before us gave its rows no origin. */
function oldExecutions(before: Before) {
  return sql`
    SELECT TOP (CAST(${mostExecutions} AS INT)) s.sch_id AS id
    FROM CT_Scheduler_Alertas s
    WHERE s.sch_Origen IS NOT NULL AND s.sch_Ocurrencia < ${sqlOccurrence(before.toZonedDateTimeISO('UTC'))} AND s.sch_Revisar IS NULL
      AND NOT s.sch_Estado IN ('PENDIENTE', 'EN_PROCESO')
      AND NOT EXISTS (
        SELECT 1 FROM CT_Scheduler_Alertas
        WHERE schsch_id = s.sch_id AND schsch_id IS NOT NULL AND ${isUnfinished})
    ORDER BY s.sch_Ocurrencia`;
}

function deliveriesOf(executions: readonly number[]) {
  return sql`
    SELECT TOP (CAST(${mostDeliveries} AS INT)) msg_id AS id
    FROM CT_Alertas_Mensajes
    WHERE msgsch_id IN (${listed(executions)}) AND msgsch_id IS NOT NULL`;
}

/** An execution goes with its last deliveries. */
async function forgetThese(
  db: Kysely<ControlSchema>,
  executions: readonly number[],
  deliveries: readonly number[],
) {
  const { rows } = await oneTransaction<{ kind: 'execution' | 'delivery' }>(sql`
    DELETE FROM CT_Alertas_Intentos WHERE intmsg_id IN (${listed(deliveries)});
    DELETE FROM CT_Alertas_Mensajes OUTPUT 'delivery' AS kind WHERE msg_id IN (${listed(deliveries)});
    DELETE FROM CT_Scheduler_Alertas OUTPUT 'execution' AS kind
    WHERE sch_id IN (${listed(executions)})
      AND NOT EXISTS (SELECT 1 FROM CT_Alertas_Mensajes WHERE msgsch_id = sch_id AND msgsch_id IS NOT NULL);`).execute(
    db,
  );
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
  return { executions: count('execution'), deliveries: count('delivery') };
}

/** All of these tables are ours, and their oldest rows stand first. */
async function forgetOthers(db: Kysely<ControlSchema>, before: Before): Promise<number> {
  const most = sql`TOP (CAST(${mostOthers} AS INT))`;
  const { rows } = await sql`
    DELETE ${most} f OUTPUT deleted.fal_id AS id
    FROM CT_Scheduler_Fallas f
    WHERE f.fal_Fecha < ${sqlInstant(before)} AND (f.fal_Informada IS NOT NULL OR f.fal_Descartada IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM CT_Scheduler_Averias a WHERE a.ave_id = f.falave_id AND a.ave_Cerrada IS NULL);
    DELETE ${most} a OUTPUT deleted.ave_id AS id
    FROM CT_Scheduler_Averias a
    WHERE a.ave_Cerrada < ${sqlInstant(before)}
      AND NOT EXISTS (SELECT 1 FROM CT_Scheduler_Fallas f WHERE f.falave_id = a.ave_id);
    DELETE a OUTPUT deleted.aud_id AS id
    FROM CT_Scheduler_Auditoria a
    WHERE a.aud_id IN (SELECT ${most} aud_id FROM CT_Scheduler_Auditoria ORDER BY aud_id)
      AND a.aud_Fecha < ${sqlInstant(before)};`.execute(db);
  return rows.length;
}

function listed(numbers: readonly number[]) {
  return sql`SELECT id FROM OPENJSON(${JSON.stringify(numbers)}) WITH (id INT '$')`;
}
