import { sql, type Kysely } from 'kysely';
import type { Fault } from '../../domain/fault.ts';
import type { StoreFaultOnce } from '../../poison/report-address.ts';
import { fitText } from './fit-text.ts';
import type { ControlSchema } from './schema.ts';
import { instantText, sqlInstant } from './sql-time.ts';

/** Stores reports for the administrators in one statement. Give the transaction that stores what they report. */
export async function insertFaults(db: Kysely<ControlSchema>, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return;
  const rows = JSON.stringify(
    faults.map(({ detail, body, at, ...fault }) => ({
      ...fault,
      detail: fitText(detail, 2000),
      body: fitText(body ?? null, 4000),
      at: instantText(at),
    })),
  );
  await sql`
    INSERT INTO CT_Scheduler_Fallas
      (falsch_id, falcfg_Cod, falemp_Cod, fal_Motivo, fal_Detalle, fal_Cuerpo, fal_Fecha)
    SELECT executionId, alert, tenant, reason, detail, body, at
    FROM OPENJSON(${rows}) WITH (
      executionId INT,
      alert VARCHAR(6),
      tenant VARCHAR(6),
      reason VARCHAR(40),
      detail NVARCHAR(MAX),
      body NVARCHAR(MAX),
      at DATETIME2(3)
    )`.execute(db);
}

/** Stores a report unless one of the same reason and detail was stored after `since`. */
export function insertFaultOnce(db: Kysely<ControlSchema>): StoreFaultOnce {
  return async (fault, since) => {
    const { rows } = await sql`
      SELECT TOP (1) fal_id FROM CT_Scheduler_Fallas
      WHERE fal_Motivo = ${fault.reason} AND fal_Detalle = ${fitText(fault.detail, 2000)}
        AND fal_Fecha > ${sqlInstant(since)}`.execute(db);
    if (rows.length === 0) await insertFaults(db, [fault]);
    return rows.length === 0;
  };
}
