import { sql } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { instantFrom } from '../../src/adapters/mssql/sql-time.ts';
import { executionKey } from './expected.ts';
import type { Control } from './seed-world.ts';

/** What the control database says in the end. */
export interface Records {
  executions: readonly ExecutionRecord[];
  /** By sch_id. */
  deliveries: ReadonlyMap<number, readonly DeliveryRecord[]>;
  /** How many rows of CT_Scheduler_Fallas each has, by sch_id. */
  faults: ReadonlyMap<number, number>;
}

export interface ExecutionRecord {
  id: number;
  /** executionKey */
  key: string;
  state: string;
  reason: string | null;
  accepted: number;
}

export interface DeliveryRecord {
  person: string;
  state: string;
  webhookId: string;
  /** An attempt ended without an answer: a reset, or the time limit. */
  gaveUpWaiting: boolean;
}

export async function readRecords(control: Control): Promise<Records> {
  const executions = await control
    .selectFrom('CT_Scheduler_Alertas')
    .select(['sch_id', 'schcfg_Cod', 'sch_Ocurrencia', 'sch_Estado', 'sch_Motivo', 'sch_CantMensajes'])
    .execute();
  const deliveries = await control
    .selectFrom('CT_Alertas_Mensajes')
    .select(['msg_id', 'msgsch_id', 'msgper_Cod', 'msg_Estado', 'msg_Uuid'])
    .execute();
  const unanswered = await control
    .selectFrom('CT_Alertas_Intentos')
    .select('intmsg_id')
    .where('int_Http', 'is', null)
    .execute();
  const gaveUpOn = new Set(unanswered.map((row) => row.intmsg_id));
  const faults = await control.selectFrom('CT_Scheduler_Fallas').select('falsch_id').execute();
  const byExecution = Map.groupBy(deliveries, (row) => row.msgsch_id ?? 0);
  return {
    executions: executions.map((row) => ({
      id: row.sch_id,
      key:
        row.sch_Ocurrencia === null
          ? ''
          : executionKey(row.schcfg_Cod ?? '', instantFrom(row.sch_Ocurrencia)),
      state: row.sch_Estado ?? '',
      reason: row.sch_Motivo,
      accepted: row.sch_CantMensajes ?? 0,
    })),
    deliveries: new Map(
      [...byExecution].map(([id, rows]) => [
        id,
        rows.map((row) => ({
          person: row.msgper_Cod ?? '',
          state: row.msg_Estado ?? '',
          webhookId: row.msg_Uuid?.toLowerCase() ?? '',
          gaveUpWaiting: gaveUpOn.has(row.msg_id),
        })),
      ]),
    ),
    faults: new Map(
      [...Map.groupBy(faults, (row) => row.falsch_id ?? 0)].map(([id, rows]) => [id, rows.length]),
    ),
  };
}

/** Executions on record, and those of them that are not final. */
export async function countExecutions(control: Control): Promise<{ all: number; open: number }> {
  const { rows } = await sql<{ all: number; open: number }>`
    SELECT COUNT(*) AS [all], COUNT(CASE WHEN sch_Estado IN ('PENDIENTE', 'EN_PROCESO') THEN 1 END) AS [open]
    FROM CT_Scheduler_Alertas`.execute(control);
  return rows[0] ?? { all: 0, open: 0 };
}

/** Whether an acceptance of this alert is on record. */
export async function hasAccepted(control: Control, alert: string): Promise<boolean> {
  const row = await control
    .selectFrom('CT_Scheduler_Alertas')
    .select('sch_id')
    .where('schcfg_Cod', '=', alert)
    .where('sch_CantMensajes', '>', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** The most openings in a row without an end in order that an open execution of these has had. */
export async function mostRounds(control: Control, except: readonly string[]): Promise<number> {
  const { most } = await control
    .selectFrom('CT_Scheduler_Alertas')
    .select((each) => each.fn.max('sch_Rondas').as('most'))
    .where('sch_Estado', 'in', ['PENDIENTE', 'EN_PROCESO'])
    .where('schcfg_Cod', 'not in', except)
    .executeTakeFirstOrThrow();
  return most ?? 0;
}

/** What the host was about when it was killed: how many of each. */
export interface Stages {
  /** Claimed, and not opened although it is time to. */
  claimed: number;
  /** Opened, and not all deliveries stored. */
  preparing: number;
  /** Deliveries stored, and waiting for the instant or being delivered: taken, and without an outcome. */
  taken: number;
  /** Requests that the receiver had read and not answered. */
  unanswered: number;
  /** Accepted by the receiver, the outcome not stored. */
  unrecorded: number;
}

/** Looks at what a killed host left. `accepted`: the webhook-ids that were accepted in its life. */
export async function readStages(
  control: Control,
  killedAt: Temporal.Instant,
  { accepted, unanswered }: { accepted: readonly string[]; unanswered: number },
): Promise<Stages> {
  const now = killedAt.toString({ smallestUnit: 'millisecond' }).slice(0, -1);
  const { rows } = await sql<Omit<Stages, 'unanswered'>>`
    SELECT
      (SELECT COUNT(*) FROM CT_Scheduler_Alertas
        WHERE sch_Estado = 'PENDIENTE' AND sch_Ocurrencia <= CAST(${`${now}Z`} AS DATETIMEOFFSET(3))) AS claimed,
      (SELECT COUNT(*) FROM CT_Scheduler_Alertas
        WHERE sch_Estado = 'EN_PROCESO' AND sch_Duenio IS NOT NULL AND sch_LeaseHasta > CAST(${now} AS DATETIME2(3))) AS preparing,
      (SELECT COUNT(*) FROM CT_Alertas_Mensajes
        WHERE msg_Estado IN ('PENDIENTE', 'REINTENTO') AND msg_ProximoIntento > DATEADD(SECOND, 10, CAST(${now} AS DATETIME2(3)))) AS taken,
      (SELECT COUNT(*) FROM CT_Alertas_Mensajes
        WHERE msg_Estado IN ('PENDIENTE', 'REINTENTO') AND msg_Uuid IN (
          SELECT id FROM OPENJSON(${JSON.stringify(accepted)}) WITH (id UNIQUEIDENTIFIER '$'))) AS unrecorded`.execute(
    control,
  );
  return { claimed: 0, preparing: 0, taken: 0, unrecorded: 0, ...rows[0], unanswered };
}
