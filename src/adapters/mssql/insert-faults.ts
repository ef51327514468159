import { sql, type Kysely } from 'kysely';
import type { Fault } from '../../domain/fault.ts';
import type { ControlSchema } from './schema.ts';
import { instantText } from './sql-time.ts';

/** Stores reports for the administrators in one statement. Give the transaction that stores what they report. */
export async function insertFaults(db: Kysely<ControlSchema>, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return;
  const rows = JSON.stringify(faults.map((fault) => ({ ...fault, at: instantText(fault.at) })));
  await sql`
    INSERT INTO CT_Scheduler_Fallas
      (falsch_id, falcfg_Cod, falemp_Cod, fal_Motivo, fal_Detalle, fal_Cuerpo, fal_Fecha)
    SELECT executionId, alert, tenant, reason, LEFT(detail, 2000), LEFT(body, 4000), at
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
