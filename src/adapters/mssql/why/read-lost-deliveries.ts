import { sql, type Kysely } from 'kysely';
import type { LostDelivery } from '../../../manage/why/facts.ts';
import { numbered } from '../numbered.ts';
import type { ControlSchema } from '../schema.ts';

/** So many of each execution. */
const most = 3;

/** The first of each execution that gateways could not deliver. */
export async function readLostDeliveries(
  db: Kysely<ControlSchema>,
  executions: readonly number[],
): Promise<ReadonlyMap<number, readonly LostDelivery[]>> {
  const lost = new Map<number, LostDelivery[]>();
  if (executions.length === 0) return lost;
  const { rows } = await sql<LostDelivery & { id: number }>`
    SELECT id, person, name, error
    FROM (
      SELECT msgsch_id AS id, msgper_Cod AS person, msgper_Nombre AS name, msg_Error AS error,
        ROW_NUMBER() OVER (PARTITION BY msgsch_id ORDER BY msg_id) AS place
      FROM CT_Alertas_Mensajes
      WHERE msgsch_id IN ${numbered(executions)} AND msg_Estado = 'FALLIDO'
    ) m
    WHERE place <= ${most}
    ORDER BY id, place`.execute(db);
  for (const { id, ...delivery } of rows) lost.set(id, [...(lost.get(id) ?? []), delivery]);
  return lost;
}
