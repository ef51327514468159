import { sql, type Kysely } from 'kysely';
import type { ReadDeliveries, ReadExecution } from '../../manage/routes/show-execution.ts';
import { executionColumns, executionOf, type ExecutionRecord } from './find-executions.ts';
import { numbered } from './numbered.ts';
import type { ControlSchema } from './schema.ts';
import { isoFrom } from './sql-time.ts';

export function readExecution(db: Kysely<ControlSchema>): ReadExecution {
  return async (id) => {
    const { rows } = await sql<ExecutionRecord>`
      SELECT ${executionColumns}
      FROM CT_Scheduler_Alertas s
      LEFT JOIN CT_Alertas_Config c ON c.cfg_Cod = s.schcfg_Cod
      WHERE s.sch_id = ${id}`.execute(db);
    const [record] = rows;
    return record === undefined ? null : executionOf(record);
  };
}

export function readDeliveries(db: Kysely<ControlSchema>): ReadDeliveries {
  return async (id, { after, limit }) => {
    const deliveries = await db
      .selectFrom('CT_Alertas_Mensajes')
      .select(['msg_id', 'msg_Uuid', 'msgper_Cod', 'msgper_Nombre', 'msg_Destino', 'msg_Estado', 'msg_Error'])
      .select(['msg_ProximoIntento', 'msg_Wamid', 'msg_Asunto', 'msg_Texto'])
      .where('msgsch_id', '=', id)
      .where('msg_id', '>', after)
      .orderBy('msg_id')
      .top(limit)
      .execute();
    const attempts = await attemptsOf(
      db,
      deliveries.map(({ msg_id }) => msg_id),
    );
    return deliveries.map((row) => ({
      id: row.msg_id,
      webhookId: row.msg_Uuid?.toLowerCase() ?? null,
      person: row.msgper_Cod,
      name: row.msgper_Nombre,
      destination: row.msg_Destino,
      state: row.msg_Estado,
      error: row.msg_Error,
      nextAttempt: row.msg_ProximoIntento && isoFrom(row.msg_ProximoIntento),
      messageId: row.msg_Wamid,
      subject: row.msg_Asunto,
      text: row.msg_Texto,
      attempts: attempts.get(row.msg_id) ?? [],
    }));
  };
}

type Attempt = Awaited<ReturnType<ReadDeliveries>>[number]['attempts'][number];

async function attemptsOf(db: Kysely<ControlSchema>, deliveries: readonly number[]) {
  const known = new Map<number, Attempt[]>();
  if (deliveries.length === 0) return known;
  const { rows } = await sql<AttemptRecord>`
    SELECT intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error, int_Respuesta
    FROM CT_Alertas_Intentos
    WHERE intmsg_id IN ${numbered(deliveries)}
    ORDER BY int_id`.execute(db);
  for (const row of rows) {
    const attempt = {
      number: row.int_Numero,
      at: isoFrom(row.int_Fecha),
      durationMs: row.int_DuracionMs,
      status: row.int_Http,
      error: row.int_Error,
      answer: row.int_Respuesta,
    };
    known.set(row.intmsg_id, [...(known.get(row.intmsg_id) ?? []), attempt]);
  }
  return known;
}

interface AttemptRecord {
  intmsg_id: number;
  int_Numero: number;
  int_Fecha: Date;
  int_DuracionMs: number;
  int_Http: number | null;
  int_Error: string | null;
  int_Respuesta: string | null;
}
