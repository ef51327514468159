import { sql, type Kysely } from 'kysely';
import type { ExecutionOrigin } from '../../domain/execution.ts';
import type { CloseExpired, FindReportsDue, TakeOverdue } from '../../scan/sweep-executions.ts';
import { insertFaults } from './insert-faults.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { instantFrom, sqlInstant } from './sql-time.ts';

interface OverdueRecord {
  executionId: number;
  alert: string | null;
  tenant: string | null;
  origin: ExecutionOrigin;
  state: string;
  at: Date | null;
  catchUpMinutes: number | null;
  rounds: number;
}

/**
 * The state is asked for so that rows are looked at, not the index alone: READPAST then passes over one that a dispatch
 * holds. READCOMMITTEDLOCK, because READPAST is refused where READ_COMMITTED_SNAPSHOT is on, as in Azure SQL.
 */
export function takeOverdue(db: Kysely<ControlSchema>): TakeOverdue {
  return async (now, reviewAt, most) => {
    const { rows } = await sql<OverdueRecord>`
      UPDATE s SET sch_Revisar = ${sqlInstant(reviewAt)}
      OUTPUT inserted.sch_id AS executionId, inserted.schcfg_Cod AS alert, c.cfgemp_Cod AS tenant,
        inserted.sch_Origen AS origin, inserted.sch_Estado AS state, inserted.sch_Ocurrencia AS at,
        c.cfg_RecuperacionMin AS catchUpMinutes, inserted.sch_Rondas AS rounds
      FROM CT_Scheduler_Alertas s
      JOIN (
        SELECT TOP (CAST(${most} AS INT)) sch_id
        FROM CT_Scheduler_Alertas WITH (READCOMMITTEDLOCK, UPDLOCK, READPAST, ROWLOCK)
        WHERE sch_Revisar <= ${sqlInstant(now)} AND ${isUnfinished}
        ORDER BY sch_Revisar
      ) oldest ON oldest.sch_id = s.sch_id
      LEFT JOIN CT_Alertas_Config c WITH (NOLOCK) ON c.cfg_Cod = s.schcfg_Cod`.execute(db);
    return rows.map(({ state, at, ...execution }) => ({
      ...execution,
      at: at === null ? now : instantFrom(at),
      opened: state !== 'PENDIENTE',
      reviewAt,
    }));
  };
}

export function closeExpired(db: Kysely<ControlSchema>): CloseExpired {
  return (faults, reviewAt) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        const rows = faults.map(({ executionId, reason, detail }) => ({
          id: executionId,
          motivo: reason,
          detalle: detail,
        }));
        const { rows: closed } = await sql<{ executionId: number }>`
          UPDATE s SET sch_Estado = 'PERDIDA', sch_Motivo = j.motivo, sch_DetalleError = j.detalle, sch_Revisar = NULL
          OUTPUT inserted.sch_id AS executionId
          FROM CT_Scheduler_Alertas s
          JOIN OPENJSON(${JSON.stringify(rows)}) WITH (
            id INT, motivo VARCHAR(40), detalle NVARCHAR(MAX)
          ) j ON j.id = s.sch_id
          WHERE s.sch_Estado = 'PENDIENTE' AND s.sch_Revisar = ${sqlInstant(reviewAt)}`.execute(trx);
        const ids = new Set(closed.map(({ executionId }) => executionId));
        await insertFaults(
          trx,
          faults.filter(({ executionId }) => ids.has(executionId)),
        );
        return [...ids];
      }),
    );
}

export function findReportsDue(db: Kysely<ControlSchema>): FindReportsDue {
  return async () => {
    const { rows } = await sql<{ due: number }>`
      SELECT CASE
        WHEN EXISTS (
          SELECT 1 FROM CT_Scheduler_Fallas WHERE fal_Informada IS NULL AND fal_Descartada IS NULL
        ) THEN 1
        WHEN EXISTS (SELECT 1 FROM CT_Scheduler_Averias WHERE ave_Cerrada IS NULL) THEN 1
        ELSE 0
      END AS due`.execute(db);
    return rows[0]?.due === 1;
  };
}
