import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type {
  HoldDeliveries,
  TakeDeliveries,
  TakenDelivery,
} from '../../dispatch/deliver/take-deliveries.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isOpen, isUnfinished, tallyColumns, tallyOf, type TallyRecord } from './sql-tally.ts';
import { sqlInstant } from './sql-time.ts';

/** One transaction in one round trip: rows of deliveries, then the row of the tally. */
export function takeDeliveries(db: Kysely<ControlSchema>, leaseSeconds: number): TakeDeliveries {
  return async ({ executionId, dueUntil, holdUntil, limit }) => {
    const { rows } = await retryConflicts(() =>
      oneTransaction<DeliveryRecord | TallyRecord>(sql`
        ${lockExecution(executionId)};
        UPDATE CT_Alertas_Mensajes SET ${held(holdUntil)}
        OUTPUT inserted.msg_id, inserted.msg_Uuid AS webhookId, inserted.msgper_Cod, inserted.msgper_Nombre,
          inserted.msg_Destino, inserted.msg_Asunto, inserted.msg_Texto, inserted.msg_FilasJson, inserted.msg_Intentos,
          inserted.msgmsg_id, inserted.msgmsgsch_id
        WHERE msg_id IN (
          SELECT TOP (${limit}) msg_id FROM CT_Alertas_Mensajes
          WHERE msgsch_id = ${executionId} AND ${isOpen} AND msg_ProximoIntento <= ${sqlInstant(dueUntil)}
          ORDER BY msg_ProximoIntento, msg_id);
        ${reviewAfterEarliest(executionId, dueUntil, leaseSeconds)};
        SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId};`).execute(db),
    );
    const tally = rows.find((row) => 'total' in row);
    if (tally === undefined) throw new Error(`No tally came back for execution ${executionId}.`);
    const deliveries = rows.filter((row) => 'webhookId' in row).map(deliveryOf);
    return { deliveries: deliveries.sort((a, b) => a.id - b.id), tally: tallyOf(tally) };
  };
}

interface DeliveryRecord {
  msg_id: number;
  webhookId: string;
  msgper_Cod: string;
  msgper_Nombre: string;
  msg_Destino: string;
  msg_Asunto: string | null;
  msg_Texto: string | null;
  msg_FilasJson: string | null;
  msg_Intentos: number;
  msgmsg_id: number | null;
  msgmsgsch_id: number | null;
}

function deliveryOf(record: DeliveryRecord): TakenDelivery {
  const { msgmsg_id: deliveryId, msgmsgsch_id: executionId } = record;
  return {
    id: record.msg_id,
    webhookId: record.webhookId.toLowerCase(),
    person: record.msgper_Cod,
    personName: record.msgper_Nombre,
    destination: record.msg_Destino,
    subject: record.msg_Asunto,
    text: record.msg_Texto ?? '',
    rows: record.msg_FilasJson,
    attempts: record.msg_Intentos,
    ...(deliveryId !== null && executionId !== null && { repeats: { deliveryId, executionId } }),
  };
}

export function holdDeliveries(db: Kysely<ControlSchema>, leaseSeconds: number): HoldDeliveries {
  return async ({ executionId, ids, heldUntil, until }) => {
    const { rows } = await retryConflicts(() =>
      oneTransaction<{ msg_id: number }>(sql`
        ${lockExecution(executionId)};
        UPDATE CT_Alertas_Mensajes SET ${held(until)}
        OUTPUT inserted.msg_id
        WHERE msg_id IN (SELECT id FROM OPENJSON(${JSON.stringify(ids.map((id) => ({ id })))}) WITH (id INT))
          AND ${isOpen} AND msg_ProximoIntento = ${sqlInstant(heldUntil)};
        ${reviewAfterEarliest(executionId, until, leaseSeconds)};`).execute(db),
    );
    return new Set(rows.map(({ msg_id }) => msg_id));
  };
}

/** For an UPDATE of CT_Alertas_Mensajes: nobody else takes it before. */
function held(until: Temporal.Instant) {
  return sql`msg_ProximoIntento = ${sqlInstant(until)}, msg_TomadaHasta = ${sqlInstant(until)}`;
}

/** Whoever changes deliveries changes their execution first, so that two of them never wait for each other. */
export function lockExecution(executionId: number) {
  return sql`UPDATE CT_Scheduler_Alertas SET sch_Rondas = sch_Rondas WHERE sch_id = ${executionId}`;
}

/** Not before now: what is due and not yet taken is for whoever is taking, and needs nobody else meanwhile. */
function reviewAfterEarliest(executionId: number, now: Temporal.Instant, leaseSeconds: number) {
  return sql`
    UPDATE CT_Scheduler_Alertas
    SET sch_Revisar = (
      SELECT DATEADD(SECOND, CAST(${leaseSeconds} AS INT), CASE WHEN MIN(msg_ProximoIntento) < ${sqlInstant(now)} THEN ${sqlInstant(now)}
        ELSE MIN(msg_ProximoIntento) END)
      FROM CT_Alertas_Mensajes
      WHERE msgsch_id = ${executionId} AND ${isOpen})
    WHERE sch_id = ${executionId} AND ${isUnfinished}
      AND EXISTS (SELECT 1 FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId} AND ${isOpen})`;
}
