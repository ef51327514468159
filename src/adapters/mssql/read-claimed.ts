import { sql, type Kysely } from 'kysely';
import type { ReadClaimed } from '../../scan/refresh-agenda.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

export function readClaimed(db: Kysely<ControlSchema>): ReadClaimed {
  return async (alerts) => {
    const { rows } = await sql<{ executionId: number; alert: string; clave: string; at: Date }>`
      SELECT s.sch_id AS executionId, j.alert, s.sch_Clave AS clave, s.sch_Ocurrencia AS at
      FROM CT_Scheduler_Alertas s
      JOIN OPENJSON(${JSON.stringify(alerts)}) WITH (alert VARCHAR(6) '$') j ON j.alert = s.schcfg_Cod
      WHERE s.sch_Revisar IS NOT NULL AND s.sch_Estado = 'PENDIENTE' AND s.sch_Origen = 'AGENDA'
        AND s.sch_Clave IS NOT NULL AND s.sch_Preparada IS NULL`.execute(db);
    return rows.map(({ clave, at, ...execution }) => ({ ...execution, key: clave, at: instantFrom(at) }));
  };
}
