import { sql, type Kysely } from 'kysely';
import type { Raise } from '../../manage/callbacks/plan-raises.ts';
import type { RaiseDeliveries } from '../../manage/callbacks/record-news.ts';
import { fitText } from './fit-text.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlRank } from './sql-rank.ts';

const rises = sql`${sqlRank(sql`r.state`)} > ${sqlRank(sql`m.msg_Estado`)}`;

/**
 * One set statement, after the lock on the executions that everybody takes who changes deliveries. One that was still to
 * be attempted is not attempted again: the gateway has it. sch_Estado stays: it tells what the webhooks accepted.
 */
export function raiseDeliveries(db: Kysely<ControlSchema>): RaiseDeliveries {
  return async (raises) => {
    const executions = [...new Set(raises.map(({ delivery }) => delivery.executionId))].sort((a, b) => a - b);
    const { rows } = await retryConflicts(() =>
      oneTransaction<{ id: number; risen: number }>(sql`
        UPDATE CT_Scheduler_Alertas SET sch_Rondas = sch_Rondas
        WHERE sch_id IN (SELECT id FROM OPENJSON(${JSON.stringify(executions)}) WITH (id INT '$'));
        UPDATE m
        SET msg_Estado = CASE WHEN ${rises} THEN r.state ELSE m.msg_Estado END,
            msg_Error = CASE WHEN ${rises} THEN r.error ELSE m.msg_Error END,
            msg_ProximoIntento = CASE WHEN ${rises} THEN NULL ELSE m.msg_ProximoIntento END,
            msg_Wamid = COALESCE(m.msg_Wamid, r.wamid),
            msg_FechaRespuesta = CASE WHEN r.answeredAt < m.msg_FechaRespuesta OR m.msg_FechaRespuesta IS NULL
              THEN COALESCE(r.answeredAt, m.msg_FechaRespuesta) ELSE m.msg_FechaRespuesta END
        OUTPUT inserted.msg_id AS id, CASE WHEN inserted.msg_Estado = deleted.msg_Estado THEN 0 ELSE 1 END AS risen
        FROM CT_Alertas_Mensajes m
        JOIN OPENJSON(${JSON.stringify(raises.map(rowOf))}) WITH (
          id INT, state VARCHAR(20), error NVARCHAR(1000), wamid VARCHAR(100), answeredAt DATETIME
        ) r ON r.id = m.msg_id
        WHERE m.msg_Estado NOT IN ('SIN_CONTACTO', 'DUPLICADO');`).execute(db),
    );
    return new Set(rows.filter(({ risen }) => risen === 1).map(({ id }) => id));
  };
}

function rowOf({ delivery, state, detail, wamid, answeredAt }: Raise) {
  const words = detail?.trim() ? `: ${detail.trim()}` : '.';
  const error = `entrega_fallida: El servicio de mensajería no pudo entregar el mensaje${words}`;
  return {
    id: delivery.id,
    state,
    error: state === 'FALLIDO' ? fitText(error, 1000) : null,
    wamid,
    answeredAt: answeredAt?.toString({ smallestUnit: 'millisecond' }) ?? null,
  };
}
