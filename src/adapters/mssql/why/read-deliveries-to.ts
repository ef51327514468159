import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom } from '../sql-time.ts';
import { numbered } from './read-executions-on.ts';

interface Record {
  msg_id: number;
  msgsch_id: number;
  msg_Destino: string | null;
  msg_Estado: string | null;
  msg_Error: string | null;
  msg_Intentos: number;
  msg_ProximoIntento: Date | null;
  sentAt: string | null;
  repliedAt: string | null;
  int_Numero: number | null;
  int_Fecha: Date | null;
  int_DuracionMs: number | null;
  int_Http: number | null;
  int_Error: string | null;
  twin: string | null;
  twinState: string | null;
}

export function readDeliveriesTo(db: Kysely<ControlSchema>): WhyPorts['readDeliveriesTo'] {
  return async (person, executions) => {
    const { rows } = await sql<Record>`
      SELECT m.msg_id, m.msgsch_id, m.msg_Destino, m.msg_Estado, m.msg_Error, m.msg_Intentos, m.msg_ProximoIntento,
        CONVERT(VARCHAR(23), m.msg_FechaEnvio, 126) AS sentAt, CONVERT(VARCHAR(23), m.msg_FechaRespuesta, 126) AS repliedAt,
        i.int_Numero, i.int_Fecha, i.int_DuracionMs, i.int_Http, i.int_Error, t.msgper_Cod AS twin, t.msg_Estado AS twinState
      FROM CT_Alertas_Mensajes m
      OUTER APPLY (SELECT TOP (1) * FROM CT_Alertas_Intentos WHERE intmsg_id = m.msg_id ORDER BY int_id DESC) i
      OUTER APPLY (
        SELECT TOP (1) o.msgper_Cod, o.msg_Estado FROM CT_Alertas_Mensajes o
        WHERE m.msg_Estado = 'DUPLICADO' AND o.msgsch_id = m.msgsch_id AND o.msg_Destino = m.msg_Destino
          AND o.msg_Estado <> 'DUPLICADO' AND o.msg_Texto = m.msg_Texto
        ORDER BY o.msg_id
      ) t
      WHERE m.msgsch_id IN ${numbered(executions)} AND m.msgper_Cod = ${person}
      ORDER BY m.msg_id DESC`.execute(db);
    return rows.map((row) => ({
      id: row.msg_id,
      executionId: row.msgsch_id,
      destination: row.msg_Destino,
      state: row.msg_Estado,
      error: row.msg_Error,
      attempts: row.msg_Intentos,
      nextAttempt: row.msg_ProximoIntento && instantFrom(row.msg_ProximoIntento),
      sentAt: wallOf(row.sentAt),
      repliedAt: wallOf(row.repliedAt),
      attempt: attemptOf(row),
      twin: row.twin === null ? null : { person: row.twin, state: row.twinState },
    }));
  };
}

export function readPersonsOf(db: Kysely<ControlSchema>): WhyPorts['readPersonsOf'] {
  return async (executions) => {
    if (executions.length === 0) return [];
    const { rows } = await sql<{ code: string; name: string | null }>`
      SELECT DISTINCT msgper_Cod AS code, msgper_Nombre AS name
      FROM CT_Alertas_Mensajes
      WHERE msgsch_id IN ${numbered(executions)} AND msgper_Cod IS NOT NULL
      ORDER BY msgper_Cod`.execute(db);
    return rows;
  };
}

const mostEarlier = 50;

export function readEarlierDelivery(db: Kysely<ControlSchema>): WhyPorts['readEarlierDelivery'] {
  return async (person, alert, before) => {
    const { rows } = await sql<{
      code: string;
      name: string | null;
      executionId: number;
      day: string | null;
    }>`
      SELECT TOP (1) m.msgper_Cod AS code, m.msgper_Nombre AS name, m.msgsch_id AS executionId,
        CONVERT(VARCHAR(10), CAST(s.sch_Fecha AS DATE), 23) AS day
      FROM (
        SELECT TOP (${mostEarlier}) sch_id, sch_Fecha FROM CT_Scheduler_Alertas
        WHERE schcfg_Cod = ${alert} AND sch_Fecha < CAST(${before.toString()} AS DATE)
        ORDER BY sch_Fecha DESC
      ) s
      JOIN CT_Alertas_Mensajes m ON m.msgsch_id = s.sch_id AND m.msgper_Cod = ${person}
      ORDER BY s.sch_Fecha DESC, m.msg_id DESC`.execute(db);
    const [row] = rows;
    return row === undefined
      ? null
      : { ...row, day: row.day === null ? null : Temporal.PlainDate.from(row.day) };
  };
}

function attemptOf({ int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error }: Record) {
  if (int_Numero === null || int_Fecha === null) return null;
  const at = instantFrom(int_Fecha);
  return { number: int_Numero, at, durationMs: int_DuracionMs ?? 0, status: int_Http, error: int_Error };
}

/** A DATETIME holds the tenant's wall time. */
function wallOf(text: string | null): Temporal.PlainDateTime | null {
  return text === null ? null : Temporal.PlainDateTime.from(text);
}
