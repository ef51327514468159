import { sql, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { codeOf } from '../../domain/delivery.ts';
import type { Fault } from '../../domain/fault.ts';
import type { NewExecution, StoredExecution } from '../../scan/new-execution.ts';
import { insertFaults } from './insert-faults.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom, instantText, occurrenceText } from './sql-time.ts';

interface InsertedRecord {
  executionId: number;
  alert: string;
  clave: string | null;
  at: Date;
}

/**
 * Records executions, each unless its key or a row of the system before us stands, with the faults of the missed ones.
 * Gives those that were inserted.
 */
export async function insertExecutions(
  trx: Transaction<ControlSchema>,
  executions: readonly NewExecution[],
  { now, reviewAt }: { now: Temporal.Instant; reviewAt: Temporal.Instant },
): Promise<StoredExecution[]> {
  if (executions.length === 0) return [];
  const rows = executions.map((execution) => rowOf(execution, now, reviewAt));
  const inserted = await insertRows(trx, rows);
  const byIdentity = new Map(executions.map((execution) => [identityOf(execution), execution]));
  const stored = inserted.flatMap(({ executionId, alert, clave, at }) => {
    const execution = byIdentity.get(identityOf({ alert, key: clave, at: instantFrom(at) }));
    if (execution === undefined) throw new Error(`Execution ${executionId} of ${alert} was not asked for`);
    const { tenant, missed } = execution;
    const review = missed === null ? reviewAt : null;
    return [{ executionId, alert, tenant, at: execution.at, missed, reviewAt: review }];
  });
  if (stored.length > 0) await storeCodes(trx, stored);
  await insertFaults(
    trx,
    stored.flatMap((execution) => faultsOf(execution, now)),
  );
  return stored;
}

/** NOLOCK: one row that somebody holds must not keep the batch's other alerts waiting. What counts is the unique key. */
async function insertRows(
  trx: Transaction<ControlSchema>,
  rows: readonly ReturnType<typeof rowOf>[],
): Promise<InsertedRecord[]> {
  const { rows: inserted } = await sql<InsertedRecord>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes,
      sch_DetalleError, sch_Activo, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Motivo, sch_Revisar)
    OUTPUT inserted.sch_id AS executionId, inserted.schcfg_Cod AS alert, inserted.sch_Clave AS clave,
      inserted.sch_Ocurrencia AS at
    SELECT j.alert, j.fecha, j.intento, j.estado, 0, j.detalle, 1, 'AGENDA', j.ocurrencia, j.clave, j.motivo, j.revisar
    FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      alert VARCHAR(6), fecha DATE, intento DATETIME, estado VARCHAR(20), detalle NVARCHAR(MAX),
      ocurrencia DATETIMEOFFSET(0), clave VARCHAR(30), motivo VARCHAR(40), revisar DATETIME2(3),
      viejaFecha DATE, viejaDesde DATETIME, viejaHasta DATETIME
    ) j
    WHERE NOT EXISTS (
        SELECT 1 FROM CT_Scheduler_Alertas s WITH (NOLOCK) WHERE s.schcfg_Cod = j.alert AND s.sch_Clave = j.clave
      )
      AND NOT EXISTS (
        SELECT 1 FROM CT_Scheduler_Alertas s WITH (NOLOCK)
        WHERE s.schcfg_Cod = j.alert AND s.sch_Origen IS NULL
          AND (CAST(s.sch_Fecha AS DATE) = j.viejaFecha
            OR (s.sch_FechaIntento >= j.viejaDesde AND s.sch_FechaIntento <= j.viejaHasta))
      )
    ORDER BY j.ocurrencia, j.alert`.execute(trx);
  return inserted;
}

/** sch_Fecha and sch_FechaIntento hold the tenant's wall time, as their readers expect. */
function rowOf(execution: NewExecution, now: Temporal.Instant, reviewAt: Temporal.Instant) {
  const { alert, at, key, missed, older } = execution;
  return {
    alert,
    fecha: key?.slice(0, 10) ?? at.toPlainDate().toString(),
    intento: wallText(now.toZonedDateTimeISO(at.timeZoneId).toPlainDateTime()),
    estado: missed === null ? 'PENDIENTE' : 'PERDIDA',
    detalle: missed?.detail ?? null,
    ocurrencia: occurrenceText(at),
    clave: key,
    motivo: missed?.reason ?? null,
    revisar: missed === null ? instantText(reviewAt) : null,
    viejaFecha: older?.by === 'day' ? older.day.toString() : null,
    viejaDesde: older?.by === 'time' ? wallText(older.from) : null,
    viejaHasta: older?.by === 'time' ? wallText(older.to) : null,
  };
}

async function storeCodes(
  trx: Transaction<ControlSchema>,
  stored: readonly { executionId: number }[],
): Promise<void> {
  const codes = stored.map(({ executionId }) => ({ id: executionId, code: codeOf(executionId) }));
  await sql`
    UPDATE s SET sch_Cod = j.code
    FROM CT_Scheduler_Alertas s
    JOIN OPENJSON(${JSON.stringify(codes)}) WITH (id INT, code VARCHAR(6)) j ON j.id = s.sch_id`.execute(trx);
}

function faultsOf({ executionId, alert, tenant, missed }: StoredExecution, now: Temporal.Instant): Fault[] {
  if (missed === null) return [];
  return [{ ...missed, at: now, executionId, alert, ...(tenant === null ? {} : { tenant }) }];
}

function identityOf({
  alert,
  key,
  at,
}: {
  alert: string;
  key: string | null;
  at: { epochMilliseconds: number };
}) {
  return `${alert.toUpperCase()} ${key ?? '-'} ${at.epochMilliseconds}`;
}

function wallText(wall: Temporal.PlainDateTime): string {
  return wall.toString({ smallestUnit: 'millisecond' });
}
