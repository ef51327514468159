import { sql, type Kysely, type Transaction } from 'kysely';
import { z } from 'zod';
import type { ForgetBatch, Forgotten } from '../../scan/forget-records.ts';
import { numbered } from './numbered.ts';
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
    const old = ids.parse((await oldExecutions(before).execute(db)).rows);
    if (old.length === 0) return { executions: 0, deliveries: 0, others };
    const forgotten = await retryConflicts(() =>
      db.transaction().execute((transaction) => forgetThese(transaction, old, before)),
    );
    return { ...forgotten, others };
  };
}

/** The system before us gave its rows no origin. */
function isForgettable(before: Before) {
  return sql`s.sch_Origen IS NOT NULL AND s.sch_Ocurrencia < ${sqlOccurrence(before.toZonedDateTimeISO('UTC'))} AND s.sch_Revisar IS NULL
    AND NOT s.sch_Estado IN ('PENDIENTE', 'EN_PROCESO')
    AND NOT EXISTS (
      SELECT 1 FROM CT_Scheduler_Alertas
      WHERE schsch_id = s.sch_id AND schsch_id IS NOT NULL AND ${isUnfinished})`;
}

function oldExecutions(before: Before) {
  return sql`
    SELECT TOP (CAST(${mostExecutions} AS INT)) s.sch_id AS id
    FROM CT_Scheduler_Alertas s
    WHERE ${isForgettable(before)}
    ORDER BY s.sch_Ocurrencia`;
}

/** Those of the first executions first, so that no more than one of a batch goes in parts. */
function deliveriesOf(executions: readonly number[]) {
  return sql`
    SELECT TOP (CAST(${mostDeliveries} AS INT)) msg_id AS id
    FROM CT_Alertas_Mensajes
    WHERE msgsch_id IN ${numbered(executions)} AND msgsch_id IS NOT NULL
    ORDER BY msgsch_id`;
}

/** An execution goes with its last deliveries. */
async function forgetThese(
  transaction: Transaction<ControlSchema>,
  old: readonly number[],
  before: Before,
): Promise<Omit<Forgotten, 'others'>> {
  const executions = await takeForever(transaction, old, before);
  if (executions.length === 0) return { executions: 0, deliveries: 0 };
  const deliveries = ids.parse((await deliveriesOf(executions).execute(transaction)).rows);
  const { rows } = await sql<{ kind: 'execution' | 'delivery' }>`
    DELETE FROM CT_Alertas_Intentos WHERE intmsg_id IN (${listed(deliveries)});
    DELETE FROM CT_Alertas_Mensajes OUTPUT 'delivery' AS kind WHERE msg_id IN (${listed(deliveries)});
    DELETE FROM CT_Scheduler_Alertas OUTPUT 'execution' AS kind
    WHERE sch_id IN (${listed(executions)})
      AND NOT EXISTS (SELECT 1 FROM CT_Alertas_Mensajes WHERE msgsch_id = sch_id AND msgsch_id IS NOT NULL);`.execute(
    transaction,
  );
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length;
  return { executions: count('execution'), deliveries: count('delivery') };
}

/**
 * Locks first, in a statement of its own, as whoever sends one of them again does: what was made of them meanwhile counts.
 * Without its payload none of them can be sent again, however many of its deliveries are left.
 */
async function takeForever(
  transaction: Transaction<ControlSchema>,
  old: readonly number[],
  before: Before,
): Promise<number[]> {
  const { rows } = await sql`
    UPDATE CT_Scheduler_Alertas SET sch_Rondas = sch_Rondas WHERE sch_id IN ${numbered(old)};
    UPDATE s SET sch_PayloadJson = NULL OUTPUT inserted.sch_id AS id
    FROM CT_Scheduler_Alertas s
    WHERE s.sch_id IN ${numbered(old)} AND ${isForgettable(before)};`.execute(transaction);
  return ids.parse(rows);
}

/**
 * All of these tables are ours, and their oldest rows stand first. Where no mails are sent, no fault is ever reported; where
 * no call-backs are taken any more, nobody asks for early news.
 */
async function forgetOthers(db: Kysely<ControlSchema>, before: Before): Promise<number> {
  const most = sql`TOP (CAST(${mostOthers} AS INT))`;
  const { rows } = await sql`
    DELETE ${most} f OUTPUT deleted.fal_id AS id
    FROM CT_Scheduler_Fallas f
    WHERE f.fal_Fecha < ${sqlInstant(before)}
      AND (f.fal_Informada IS NULL AND f.fal_Descartada IS NULL
        OR NOT EXISTS (SELECT 1 FROM CT_Scheduler_Averias a WHERE a.ave_id = f.falave_id AND a.ave_Cerrada IS NULL));
    DELETE ${most} a OUTPUT deleted.ave_id AS id
    FROM CT_Scheduler_Averias a
    WHERE a.ave_Cerrada < ${sqlInstant(before)}
      AND NOT EXISTS (SELECT 1 FROM CT_Scheduler_Fallas f WHERE f.falave_id = a.ave_id);
    DELETE a OUTPUT deleted.aud_id AS id
    FROM CT_Scheduler_Auditoria a
    WHERE a.aud_id IN (SELECT ${most} aud_id FROM CT_Scheduler_Auditoria ORDER BY aud_id)
      AND a.aud_Fecha < ${sqlInstant(before)};
    DELETE ${most} p OUTPUT deleted.pau_id AS id FROM CT_Scheduler_Pausas p WHERE p.pau_Hasta < ${sqlInstant(before)};
    DELETE ${most} n OUTPUT deleted.nov_id AS id FROM CT_Alertas_Novedades n WHERE n.nov_Recibida < ${sqlInstant(before)};`.execute(
    db,
  );
  return rows.length;
}

function listed(numbers: readonly number[]) {
  return sql`SELECT id FROM OPENJSON(${JSON.stringify(numbers)}) WITH (id INT '$')`;
}
