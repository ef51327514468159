import { sql, type Kysely } from 'kysely';
import type {
  DeliverySet,
  LoadStoredDeliveries,
  NewDelivery,
  StoredDelivery,
  StoreDeliveries,
} from '../../dispatch/prepare/store-deliveries.ts';
import { reviewAfter } from '../../domain/review-time.ts';
import { progress } from './end-rounds.ts';
import { fitText } from './fit-text.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlCode } from './sql-code.ts';
import { tallyColumns, tallyOf, type TallyRecord } from './sql-tally.ts';
import { sqlInstant } from './sql-time.ts';

/** One transaction in one round trip, conditional on the lease. */
export function storeDeliveries(db: Kysely<ControlSchema>, leaseSeconds: number): StoreDeliveries {
  return async (set) => {
    const { executionId } = set;
    const { rows } = await retryConflicts(() =>
      oneTransaction<TallyRecord>(sql`
        ${storePayload(set, leaseSeconds)};
        IF @@ROWCOUNT = 1
        BEGIN
          ${set.anew ? deletion(executionId) : sql``}
          ${insertion(set)};
          ${completion(set)};
          SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId};
        END;`).execute(db),
    );
    const [record] = rows;
    return record === undefined ? { kind: 'lost' } : { kind: 'stored', tally: tallyOf(record) };
  };
}

/** The last set ends the lease: deliveries are taken one by one. */
function storePayload(
  { executionId, owner, payload, attemptedAt, instant, now, last }: DeliverySet,
  leaseSeconds: number,
) {
  const prepared = sql`
    sch_Preparada = ${sqlInstant(now)},
    sch_Duenio = NULL,
    sch_LeaseHasta = NULL,
    sch_Revisar = ${sqlInstant(reviewAfter(instant, leaseSeconds))}`;
  return sql`
    UPDATE CT_Scheduler_Alertas
    SET sch_PayloadJson = ${payload},
        ${progress},
        sch_FechaIntento = CAST(${attemptedAt.toString({ smallestUnit: 'millisecond' })} AS DATETIME),
        ${last ? prepared : sql`sch_Revisar = sch_LeaseHasta`}
    WHERE sch_id = ${executionId} AND sch_Duenio = ${owner} AND sch_Preparada IS NULL`;
}

function deletion(executionId: number) {
  return sql`DELETE FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId};`;
}

function insertion({ executionId, alert, deliveries }: DeliverySet) {
  return sql`
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgcfg_Cod, msgper_Cod, msgper_Nombre, msg_Destino, msgbej_Tel,
      msg_Estado, msg_Uuid, msg_Asunto, msg_Texto, msg_FilasJson, msg_Error)
    SELECT ${executionId}, ${alert}, d.person, d.personName, d.destination, NULLIF(LEFT(d.destination, 50), ''),
      d.state, d.webhookId, d.subject, d.[text], d.[rows], d.error
    FROM OPENJSON(${JSON.stringify(deliveries.map(fitDelivery))}) WITH (
      person NVARCHAR(50),
      personName NVARCHAR(200),
      destination NVARCHAR(320),
      state VARCHAR(20),
      webhookId UNIQUEIDENTIFIER,
      subject NVARCHAR(1000),
      [text] NVARCHAR(MAX),
      [rows] NVARCHAR(MAX),
      error NVARCHAR(1000)
    ) d
    WHERE NOT EXISTS (
      SELECT 1 FROM CT_Alertas_Mensajes m WHERE m.msgsch_id = ${executionId} AND m.msgper_Cod = d.person)`;
}

/** With the last set all are due, also those that an earlier dispatch stored, perhaps before an edit of the alert's time. */
function completion({ executionId, instant, last }: DeliverySet) {
  const due = sql`CASE WHEN msg_Estado = 'PENDIENTE' THEN ${sqlInstant(instant)} END`;
  return sql`
    UPDATE CT_Alertas_Mensajes
    SET msg_Cod = ${sqlCode(sql`msg_id`)}, msg_ProximoIntento = ${last ? due : sql`NULL`}
    WHERE msgsch_id = ${executionId}${last ? sql`` : sql` AND msg_Cod IS NULL`}`;
}

/** As its columns hold it. */
export function fitDelivery(delivery: NewDelivery): NewDelivery {
  return {
    ...delivery,
    person: fitText(delivery.person, 50),
    personName: fitText(delivery.personName, 200),
    destination: fitText(delivery.destination, 320),
    subject: fitText(delivery.subject, 1000),
    text: fitText(delivery.text, Infinity),
    error: fitText(delivery.error, 1000),
  };
}

export function loadStoredDeliveries(db: Kysely<ControlSchema>): LoadStoredDeliveries {
  return async (executionId) => {
    const { rows } = await sql<StoredDelivery>`
      SELECT msgper_Cod AS person, msg_Destino AS destination, msg_Asunto AS subject, msg_Texto AS [text]
      FROM CT_Alertas_Mensajes WHERE msgsch_id = ${executionId}`.execute(db);
    return rows;
  };
}
