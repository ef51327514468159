import { sql, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { ControlSchema } from './schema.ts';
import { sqlCode } from './sql-code.ts';
import { sqlInstant } from './sql-time.ts';

/** From 5,000 rows of one statement on SQL Server locks the whole table. */
const setSize = 2000;

/** What all deliveries share: with it the execution counts as prepared. */
export async function copyPreparation(
  trx: Transaction<ControlSchema>,
  { from, to, now }: { from: number; to: number; now: Temporal.Instant },
): Promise<void> {
  await sql`
    UPDATE s SET sch_PayloadJson = o.sch_PayloadJson, sch_Preparada = ${sqlInstant(now)}
    FROM CT_Scheduler_Alertas s
    JOIN CT_Scheduler_Alertas o ON o.sch_id = ${from}
    WHERE s.sch_id = ${to}`.execute(trx);
}

/**
 * Copies deliveries, due at that instant. One without an id of its own repeats the message: its body names the delivery
 * and the execution that it named the first time, so that the bytes are the same. Throws when one of them has been deleted
 * since it was chosen: its execution has grown too old.
 */
export async function copyDeliveries(
  trx: Transaction<ControlSchema>,
  {
    to,
    copies,
    instant,
  }: { to: number; copies: readonly { id: number; uuid?: string }[]; instant: Temporal.Instant },
): Promise<void> {
  for (let begin = 0; begin < copies.length; begin += setSize) {
    const set = copies.slice(begin, begin + setSize);
    const { numAffectedRows } = await sql`
      INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgcfg_Cod, msgper_Cod, msgper_Nombre, msg_Destino, msgbej_Tel, msg_Estado,
        msg_Uuid, msg_Asunto, msg_Texto, msg_FilasJson, msg_ProximoIntento, msgmsg_id, msgmsgsch_id)
      SELECT ${to}, m.msgcfg_Cod, m.msgper_Cod, m.msgper_Nombre, m.msg_Destino, m.msgbej_Tel, 'PENDIENTE',
        COALESCE(j.uuid, m.msg_Uuid), m.msg_Asunto, m.msg_Texto, m.msg_FilasJson, ${sqlInstant(instant)},
        CASE WHEN j.uuid IS NULL THEN COALESCE(m.msgmsg_id, m.msg_id) END,
        CASE WHEN j.uuid IS NULL THEN COALESCE(m.msgmsgsch_id, m.msgsch_id) END
      FROM CT_Alertas_Mensajes m
      JOIN OPENJSON(${JSON.stringify(set)}) WITH (id INT, uuid UNIQUEIDENTIFIER) j ON j.id = m.msg_id`.execute(
      trx,
    );
    if (numAffectedRows !== BigInt(set.length))
      throw new Error(`Of ${set.length} deliveries ${numAffectedRows} were left to be copied.`);
  }
  await sql`
    UPDATE CT_Alertas_Mensajes SET msg_Cod = ${sqlCode(sql`msg_id`)} WHERE msgsch_id = ${to}`.execute(trx);
}
