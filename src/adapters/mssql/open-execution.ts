import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { OpenExecution, Opening, OpenRequest } from '../../dispatch/open-execution.ts';
import { configurationColumns, configurationJoins } from './configuration-source.ts';
import { openedExecutionOf, type OpenRecord, type TenantDefaults } from './opened-record.ts';
import { oneTransaction } from './one-transaction.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished, tallyColumns } from './sql-tally.ts';
import { instantFrom, sqlInstant, sqlOccurrence } from './sql-time.ts';

/**
 * Opens an execution and reads all its dispatch needs in one round trip. One transaction: whoever holds a row of its
 * configuration keeps it from being opened, and it neither meets its own lease when it is tried again nor counts as opened.
 */
export function openExecution(db: Kysely<ControlSchema>, defaults: TenantDefaults): OpenExecution {
  return async (request) => {
    const { rows } = await retryConflicts(() =>
      oneTransaction<OpenRecord>(sql`
        ${takeLease(request)};
        DECLARE @opened INT = @@ROWCOUNT;
        ${selection(request)};`).execute(db),
    );
    const [record] = rows;
    return record === undefined ? { kind: 'unknown' } : openingOf(record, request, defaults);
  };
}

/** A prepared execution is opened without a lease; when to look at it again follows from its deliveries. */
function takeLease({ executionId, owner, now, leaseUntil, dueUntil }: OpenRequest) {
  return sql`
    UPDATE CT_Scheduler_Alertas
    SET sch_Estado = 'EN_PROCESO',
        sch_Rondas = sch_Rondas + 1,
        sch_Duenio = CASE WHEN sch_Preparada IS NULL THEN ${owner} END,
        sch_LeaseHasta = CASE WHEN sch_Preparada IS NULL THEN ${sqlInstant(leaseUntil)} END,
        sch_Revisar = CASE WHEN sch_Preparada IS NULL THEN ${sqlInstant(leaseUntil)} ELSE sch_Revisar END
    WHERE sch_id = ${executionId} AND ${isUnfinished} AND sch_Origen IS NOT NULL
      AND (sch_LeaseHasta IS NULL OR sch_LeaseHasta <= ${sqlInstant(now)})
      AND sch_Ocurrencia <= ${sqlOccurrence(dueUntil.toZonedDateTimeISO('UTC'))}`;
}

function selection({ executionId, now }: OpenRequest) {
  return sql`
    SELECT @opened AS opened, s.sch_id, s.sch_Estado, s.sch_Origen, s.sch_Ocurrencia, s.sch_Clave, s.sch_Rondas,
      s.sch_Preparada, s.sch_PayloadJson, s.sch_Pedido, s.sch_LeaseHasta, s.schcfg_Cod,
      ${configurationColumns(now)}, m.*
    FROM CT_Scheduler_Alertas s
    ${configurationJoins}
    CROSS APPLY (
      SELECT ${tallyColumns}, MAX(msg_Intentos) AS attempts, MAX(msg_ProximoIntento) AS latestAttempt
      FROM CT_Alertas_Mensajes WHERE msgsch_id = s.sch_id
    ) m
    WHERE s.sch_id = ${executionId}`;
}

function openingOf(record: OpenRecord, request: OpenRequest, defaults: TenantDefaults): Opening {
  if (record.opened > 0)
    return { kind: 'opened', execution: openedExecutionOf(record, request.owner, defaults) };
  const { sch_Origen, sch_Estado, sch_LeaseHasta, sch_Ocurrencia } = record;
  if (sch_Origen === null) return { kind: 'unknown' };
  if (sch_Estado !== 'PENDIENTE' && sch_Estado !== 'EN_PROCESO')
    return { kind: 'finished', state: sch_Estado ?? '' };
  const instant = instantFrom(sch_Ocurrencia);
  if (Temporal.Instant.compare(instant, request.dueUntil) > 0) return { kind: 'early', instant };
  return { kind: 'held', until: sch_LeaseHasta === null ? request.now : instantFrom(sch_LeaseHasta) };
}
