import { sql, type Kysely } from 'kysely';
import type { EarlierDelivery } from '../../domain/choose-resent.ts';
import type { ControlSchema } from './schema.ts';

/** Each delivery of an execution, and which of those that sent the same again since had it accepted. */
export async function readEarlierDeliveries(
  db: Kysely<ControlSchema>,
  id: number,
  since: readonly { id: number }[],
): Promise<EarlierDelivery[]> {
  const ids = JSON.stringify(since.map((each) => each.id));
  const { rows } = await sql<EarlierDelivery>`
    SELECT m.msg_id AS id, m.msgper_Cod AS person, m.msgper_Nombre AS name, m.msg_Estado AS state,
      m.msg_Intentos AS attempts, m.msg_Error AS error, d.acceptedIn, d.takenIn
    FROM CT_Alertas_Mensajes m
    LEFT JOIN (
      SELECT msgper_Cod, MIN(msgsch_id) AS takenIn,
        MIN(CASE WHEN msg_Estado <> 'FALLIDO' THEN msgsch_id END) AS acceptedIn
      FROM CT_Alertas_Mensajes
      WHERE msgsch_id IN (SELECT id FROM OPENJSON(${ids}) WITH (id INT '$'))
        AND msg_Estado NOT IN ('PENDIENTE', 'REINTENTO', 'RECHAZADO', 'ERROR', 'SIN_CONTACTO', 'DUPLICADO')
      GROUP BY msgper_Cod
    ) d ON d.msgper_Cod = m.msgper_Cod
    WHERE m.msgsch_id = ${id}
    ORDER BY m.msg_id`.execute(db);
  return rows;
}

/** Which of them an execution that sends them again has copied. */
export async function readCopied(
  db: Kysely<ControlSchema>,
  { id, resends }: { id: number; resends: number | null },
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    SELECT o.msg_id AS id
    FROM CT_Alertas_Mensajes m
    JOIN CT_Alertas_Mensajes o ON o.msgsch_id = ${resends} AND o.msgper_Cod = m.msgper_Cod
    WHERE m.msgsch_id = ${id}`.execute(db);
  return new Set(rows.map((row) => row.id));
}
