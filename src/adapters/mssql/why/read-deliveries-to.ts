import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import { numbered } from '../numbered.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom } from '../sql-time.ts';
import { sqlVarchar } from '../sql-varchar.ts';

interface Record {
  msg_id: number;
  msgsch_id: number;
  msgper_Cod: string;
  msgper_Nombre: string | null;
  msg_Destino: string | null;
  msg_Estado: string | null;
  msg_Error: string | null;
  msg_Intentos: number;
  msg_ProximoIntento: Date | null;
  sentAt: string | null;
  repliedAt: string | null;
}

export function readDeliveriesTo(db: Kysely<ControlSchema>): WhyPorts['readDeliveriesTo'] {
  return async (person, executions) => {
    if (executions.length === 0) return [];
    const { rows } = await sql<Record>`
      SELECT msg_id, msgsch_id, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Error, msg_Intentos,
        msg_ProximoIntento, CONVERT(VARCHAR(23), msg_FechaEnvio, 126) AS sentAt,
        CONVERT(VARCHAR(23), msg_FechaRespuesta, 126) AS repliedAt
      FROM CT_Alertas_Mensajes
      WHERE msgsch_id IN ${numbered(executions)} AND msgper_Cod = ${person}`.execute(db);
    const [attempts, twins] = await Promise.all([
      lastAttempts(
        db,
        rows.map(({ msg_id }) => msg_id),
      ),
      twinsOf(
        db,
        rows.filter(({ msg_Estado }) => msg_Estado === 'DUPLICADO').map(({ msg_id }) => msg_id),
      ),
    ]);
    const newestFirst = rows.toSorted((a, b) => b.msg_id - a.msg_id);
    return newestFirst.map((row) => ({
      person: { code: row.msgper_Cod, name: row.msgper_Nombre },
      id: row.msg_id,
      executionId: row.msgsch_id,
      destination: row.msg_Destino,
      state: row.msg_Estado,
      error: row.msg_Error,
      attempts: row.msg_Intentos,
      nextAttempt: row.msg_ProximoIntento && instantFrom(row.msg_ProximoIntento),
      sentAt: wallOf(row.sentAt),
      repliedAt: wallOf(row.repliedAt),
      attempt: attempts.get(row.msg_id) ?? null,
      twin: twins.get(row.msg_id) ?? null,
    }));
  };
}

interface AttemptRecord {
  intmsg_id: number;
  int_Numero: number;
  int_Fecha: Date;
  int_DuracionMs: number;
  int_Http: number | null;
  int_Error: string | null;
}

async function lastAttempts(db: Kysely<ControlSchema>, deliveries: readonly number[]) {
  if (deliveries.length === 0) return new Map<number, never>();
  const { rows } = await sql<AttemptRecord>`
    SELECT intmsg_id, int_Numero, int_Fecha, int_DuracionMs, int_Http, int_Error
    FROM CT_Alertas_Intentos
    WHERE intmsg_id IN ${numbered(deliveries)}`.execute(db);
  // Ordered by the server, all attempts there are might be gone through in that order.
  const inOrder = rows.toSorted((a, b) => a.int_Numero - b.int_Numero);
  return new Map(
    inOrder.map((row) => [
      row.intmsg_id,
      {
        number: row.int_Numero,
        at: instantFrom(row.int_Fecha),
        durationMs: row.int_DuracionMs,
        status: row.int_Http,
        error: row.int_Error,
      },
    ]),
  );
}

/** Whose message each duplicate is one of. */
async function twinsOf(db: Kysely<ControlSchema>, duplicates: readonly number[]) {
  if (duplicates.length === 0) return new Map<number, never>();
  const { rows } = await sql<{ id: number; person: string; state: string | null }>`
    SELECT m.msg_id AS id, o.msgper_Cod AS person, o.msg_Estado AS state
    FROM CT_Alertas_Mensajes m
    JOIN CT_Alertas_Mensajes o ON o.msgsch_id = m.msgsch_id AND o.msg_Destino = m.msg_Destino
      AND o.msg_Texto = m.msg_Texto AND o.msg_Estado <> 'DUPLICADO'
    WHERE m.msg_id IN ${numbered(duplicates)}`.execute(db);
  return new Map(rows.map(({ id, person, state }) => [id, { person, state }]));
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
        WHERE schcfg_Cod = ${sqlVarchar(alert)} AND sch_Fecha < CAST(${before.toString()} AS DATE)
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

/** A DATETIME holds the tenant's wall time. */
function wallOf(text: string | null): Temporal.PlainDateTime | null {
  return text === null ? null : Temporal.PlainDateTime.from(text);
}
