import { sql, type Kysely } from 'kysely';
import type { RecordCycle } from '../../scan/record-cycle.ts';
import type { ControlSchema } from './schema.ts';
import { sqlInstant } from './sql-time.ts';

const DAYS_KEPT = 30;
const LONGEST_ERROR = 2000;

export function recordCycle(db: Kysely<ControlSchema>): RecordCycle {
  return async (report) => {
    const at = sqlInstant(report.at);
    const error = report.failures.length > 0 ? report.failures.join('; ').slice(0, LONGEST_ERROR) : null;
    await sql`
      INSERT INTO CT_Scheduler_Ciclos
        (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas, cic_Error)
      VALUES (${at}, ${report.durationMs}, ${report.candidates}, ${report.claimed}, ${report.missed},
        ${report.swept}, ${error});
      UPDATE CT_Scheduler_Estado SET est_UltimoCiclo = ${at}
      WHERE est_id = 1 AND ${report.finished ? 1 : 0} = 1
        AND (est_UltimoCiclo IS NULL OR est_UltimoCiclo < ${at});
      DELETE TOP (1000) FROM CT_Scheduler_Ciclos
      WHERE cic_Inicio < ${sqlInstant(report.at.subtract({ hours: 24 * DAYS_KEPT }))};`.execute(db);
  };
}
