import { isDeepStrictEqual } from 'node:util';
import { sql, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { codeOf } from '../../domain/delivery.ts';
import { parseExecutionRequest, type ExecutionRequest } from '../../domain/execution-request.ts';
import { reviewOfClaimed } from '../../domain/review-time.ts';
import type { Obstacle, ToEnqueue } from '../../manage/asked-execution.ts';
import type { LockedAlert } from './lock-alert.ts';
import type { ControlSchema } from './schema.ts';
import { occurrenceColumn, occurrenceFrom, sqlInstant, sqlOccurrence } from './sql-time.ts';
import { sqlVarchar } from './sql-varchar.ts';

type Origin = 'MANUAL' | 'PRUEBA' | 'REENVIO';

export interface ByHand {
  origin: Origin;
  /** sch_Clave */
  key: string;
  /** The execution that it sends again. */
  resends: number | null;
  request: ExecutionRequest;
}

/** An execution as whoever asked for it is told: nothing of it changes any more. */
export interface ByHandExecution {
  id: number;
  alert: string;
  origin: Origin;
  occurrence: string;
  resends: number | null;
  askedBy: string;
}

interface ByHandRecord {
  sch_id: number;
  schcfg_Cod: string;
  sch_Origen: Origin;
  occurrence: string;
  schsch_id: number | null;
  sch_Pedido: string | null;
}

const columns = sql`sch_id, schcfg_Cod, sch_Origen, ${occurrenceColumn('sch_Ocurrencia')} AS occurrence, schsch_id,
  sch_Pedido`;

/** What an earlier request with the same key has made: the same execution, or an obstacle to another request. */
export async function earlierWithKey(
  trx: Transaction<ControlSchema>,
  alert: string,
  asked: ByHand,
): Promise<
  { kind: 'repeated'; execution: ByHandExecution } | Extract<Obstacle, { kind: 'key-used' }> | null
> {
  const { rows } = await sql<ByHandRecord>`
    SELECT ${columns} FROM CT_Scheduler_Alertas WHERE schcfg_Cod = ${sqlVarchar(alert)} AND sch_Clave = ${sqlVarchar(asked.key)}`.execute(
    trx,
  );
  const [record] = rows;
  if (record === undefined) return null;
  const { by, ...request } = asked.request;
  const { by: _, ...earlier } = parseExecutionRequest(record.sch_Pedido ?? '') ?? { by };
  const isSame =
    record.sch_Origen === asked.origin &&
    record.schsch_id === asked.resends &&
    isDeepStrictEqual(earlier, request);
  return isSame
    ? { kind: 'repeated', execution: executionOf(record) }
    : { kind: 'key-used', executionId: record.sch_id };
}

/** Claimed for now, as the scan claims: whatever happens to the message, sch_Revisar brings it back. */
export async function insertByHand(
  trx: Transaction<ControlSchema>,
  { code, zone }: Pick<LockedAlert, 'code' | 'zone'>,
  { origin, key, resends, request }: ByHand,
  { now, leaseSeconds }: { now: Temporal.Instant; leaseSeconds: number },
): Promise<{ execution: ByHandExecution; toEnqueue: ToEnqueue }> {
  const at = now.toZonedDateTimeISO(zone).round({ smallestUnit: 'second', roundingMode: 'trunc' });
  const reviewAt = reviewOfClaimed(now, leaseSeconds);
  const wall = at.toPlainDateTime().toString();
  const { rows } = await sql<{ sch_id: number }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes, sch_Activo,
      sch_Origen, schsch_id, sch_Ocurrencia, sch_Clave, sch_Pedido, sch_Revisar)
    OUTPUT inserted.sch_id
    VALUES (${code}, CAST(${wall.slice(0, 10)} AS DATE), CAST(${wall} AS DATETIME), 'PENDIENTE', 0, 1, ${origin},
      ${resends}, ${sqlOccurrence(at)}, ${key}, ${JSON.stringify(request)}, ${sqlInstant(reviewAt)})`.execute(
    trx,
  );
  const [inserted] = rows;
  if (inserted === undefined) throw new Error(`An execution of ${code} was not stored.`);
  const executionId = inserted.sch_id;
  const { rows: stored } = await sql<ByHandRecord>`
    UPDATE CT_Scheduler_Alertas SET sch_Cod = ${codeOf(executionId)} WHERE sch_id = ${executionId};
    SELECT ${columns} FROM CT_Scheduler_Alertas WHERE sch_id = ${executionId}`.execute(trx);
  const [record] = stored;
  if (record === undefined) throw new Error(`Execution ${executionId} is gone.`);
  return {
    execution: executionOf(record),
    toEnqueue: { executionId, at: at.toInstant(), reviewAt },
  };
}

function executionOf(record: ByHandRecord): ByHandExecution {
  return {
    id: record.sch_id,
    alert: record.schcfg_Cod,
    origin: record.sch_Origen,
    occurrence: occurrenceFrom(record.occurrence),
    resends: record.schsch_id,
    askedBy: parseExecutionRequest(record.sch_Pedido ?? '')?.by ?? 'unknown',
  };
}
