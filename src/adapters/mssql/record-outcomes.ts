import { sql, type Kysely } from 'kysely';
import type {
  Outcome,
  OutcomeSet,
  Recording,
  RecordOutcomes,
} from '../../dispatch/deliver/record-outcomes.ts';
import { reviewAfter } from '../../domain/review-time.ts';
import { progress } from './end-rounds.ts';
import { fitText } from './fit-text.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isDataError, isPassing } from './sql-fault-kind.ts';
import { sqlRank } from './sql-rank.ts';
import { isUnfinished, tallyColumns, tallyOf, type TallyRecord } from './sql-tally.ts';
import { instantText, sqlInstant } from './sql-time.ts';
import { lockExecution } from './take-deliveries.ts';

/** One transaction in one round trip. */
export function recordOutcomes(db: Kysely<ControlSchema>, leaseSeconds: number): RecordOutcomes {
  return async (set) => {
    try {
      return await retryConflicts(() => storeSet(db, set, leaseSeconds));
    } catch (fault) {
      if (isDataError(fault))
        return { kind: 'bad-value', detail: fault instanceof Error ? fault.message : '' };
      if (isPassing(fault)) return { kind: 'unavailable', cause: fault };
      throw fault;
    }
  };
}

async function storeSet(
  db: Kysely<ControlSchema>,
  { executionId, outcomes, now }: OutcomeSet,
  leaseSeconds: number,
): Promise<Recording> {
  const json = JSON.stringify(outcomes.map(rowOf));
  const { rows } = await oneTransaction<TallyRecord & { sch_Estado: string }>(sql`
    ${lockExecution(executionId)};
    ${raiseDeliveries(executionId, json)};
    ${insertAttempts(json)};
    UPDATE s
    SET ${raiseEnded},
        ${progress},
        sch_CantMensajes = t.accepted,
        sch_Revisar = CASE WHEN NOT ${isUnfinished} THEN NULL
          WHEN t.nextAttempt > ${sqlInstant(now)} THEN DATEADD(SECOND, CAST(${leaseSeconds} AS INT), t.nextAttempt)
          ELSE ${sqlInstant(reviewAfter(now, leaseSeconds))} END
    FROM CT_Scheduler_Alertas s
    CROSS APPLY (SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId}) t
    WHERE s.sch_id = ${executionId};
    ${closeWhenAllAccepted(executionId)};
    SELECT s.sch_Estado, t.*
    FROM CT_Scheduler_Alertas s
    CROSS APPLY (SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId}) t
    WHERE s.sch_id = ${executionId};`).execute(db);
  const [record] = rows;
  if (record === undefined) throw new Error(`Execution ${executionId} is gone.`);
  return { kind: 'recorded', tally: tallyOf(record), finished: record.sch_Estado === 'ENVIADA' };
}

/**
 * A state that stands higher already stays, with all that belongs to it: of an acceptance that a call-back was faster
 * than, only what is still empty is filled in. The same state rises with a later attempt alone: a retry that is stored
 * twice must not take the delivery from whoever attempts it by then.
 */
function raiseDeliveries(executionId: number, json: string) {
  const state = sqlRank(sql`o.state`);
  const stored = sqlRank(sql`m.msg_Estado`);
  const rises = sql`(${state} > ${stored} OR ${state} = ${stored} AND o.attempt > m.msg_Intentos)`;
  return sql`
    UPDATE m
    SET msg_Estado = CASE WHEN ${rises} THEN o.state ELSE m.msg_Estado END,
        msg_Intentos = CASE WHEN o.attempt > m.msg_Intentos THEN o.attempt ELSE m.msg_Intentos END,
        msg_ProximoIntento = o.nextAttempt,
        msg_TomadaHasta = NULL,
        msg_Error = CASE WHEN ${rises} THEN o.error ELSE m.msg_Error END,
        msg_Wamid = CASE WHEN ${rises} THEN COALESCE(o.wamid, m.msg_Wamid) ELSE COALESCE(m.msg_Wamid, o.wamid) END,
        msg_FechaEnvio = CASE WHEN ${rises} THEN COALESCE(o.sentAt, m.msg_FechaEnvio)
          ELSE COALESCE(m.msg_FechaEnvio, o.sentAt) END
    FROM CT_Alertas_Mensajes m
    JOIN OPENJSON(${json}) WITH (
      id INT,
      state VARCHAR(20),
      attempt INT,
      nextAttempt DATETIME2(3),
      error NVARCHAR(1000),
      wamid VARCHAR(100),
      sentAt DATETIME
    ) o ON o.id = m.msg_id
    WHERE m.msgsch_id = ${executionId} AND (${rises} OR o.state = 'ENVIADO')`;
}

/** What of an execution that another dispatch, or an operator, has ended was accepted only now. */
const acceptedLate = sql`s.sch_Estado IN ('ERROR', 'PARCIAL', 'PERDIDA', 'CANCELADA') AND t.accepted > COALESCE(s.sch_CantMensajes, 0)`;
const lateSentence = ' Después se aceptaron más entregas: vea sch_CantMensajes.';

/** Its state follows from its deliveries all the same; why the others were not delivered stays. */
const raiseEnded = sql`
  sch_Estado = CASE WHEN ${acceptedLate} THEN 'PARCIAL' ELSE s.sch_Estado END,
  sch_DetalleError = CASE WHEN ${acceptedLate} AND s.sch_DetalleError NOT LIKE ${`%${lateSentence}`}
    THEN CONCAT(s.sch_DetalleError, ${lateSentence}) ELSE s.sch_DetalleError END`;

/** A set that was stored although its answer got lost is stored again: each attempt stays one row. */
function insertAttempts(json: string) {
  return sql`
    INSERT INTO CT_Alertas_Intentos
      (intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta)
    SELECT o.id, o.attempt, o.at, o.durationMs, o.status, LEFT(o.error, 200), o.answer
    FROM OPENJSON(${json}) WITH (
      id INT,
      attempt INT,
      at DATETIME2(3),
      durationMs INT,
      status INT,
      error NVARCHAR(1000),
      answer NVARCHAR(1024)
    ) o
    WHERE NOT EXISTS (
      SELECT 1 FROM CT_Alertas_Intentos i
      WHERE i.intmsg_id = o.id AND i.int_Numero = o.attempt AND i.int_Fecha = o.at)`;
}

/**
 * The one final state that needs no report. Every other one is closed with its report, in closeExecution; one that was
 * closed too soon ends here as well.
 */
function closeWhenAllAccepted(executionId: number) {
  return sql`
    UPDATE CT_Scheduler_Alertas
    SET sch_Estado = 'ENVIADA', sch_Motivo = NULL, sch_DetalleError = NULL, sch_Revisar = NULL, sch_Duenio = NULL,
        sch_LeaseHasta = NULL, sch_Rondas = 0
    WHERE sch_id = ${executionId} AND sch_Estado IN ('PENDIENTE', 'EN_PROCESO', 'ERROR', 'PARCIAL', 'PERDIDA')
      AND sch_Preparada IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId}
        AND msg_Estado IN ('PENDIENTE', 'REINTENTO', 'RECHAZADO', 'ERROR', 'SIN_CONTACTO'))`;
}

function rowOf(outcome: Outcome) {
  const { wamid, reason, detail } = outcome;
  return {
    id: outcome.deliveryId,
    state: outcome.state,
    attempt: outcome.attempt,
    at: instantText(outcome.at),
    nextAttempt: outcome.nextAttempt === null ? null : instantText(outcome.nextAttempt),
    sentAt: outcome.sentAt?.toString({ smallestUnit: 'millisecond' }) ?? null,
    durationMs: Math.round(outcome.durationMs),
    status: outcome.status,
    error: reason === null ? null : fitText(`${reason}: ${detail ?? ''}`, 1000),
    answer: fitText(outcome.answer, 1024),
    wamid: wamid === null ? null : fitText(wamid, 100),
  };
}
