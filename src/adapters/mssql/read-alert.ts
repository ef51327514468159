import { sql, type Kysely } from 'kysely';
import type { ReadAlert } from '../../manage/routes/list-occurrences.ts';
import { alertColumns, alertRowOf, type AlertRecord } from './alert-row.ts';
import type { ControlSchema } from './schema.ts';

export function readAlert(db: Kysely<ControlSchema>): ReadAlert {
  return async (code) => {
    const { rows } = await sql<AlertRecord>`
      SELECT ${alertColumns}
      FROM CT_Alertas_Config c
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      WHERE c.cfg_Cod = ${code}`.execute(db);
    const [record] = rows;
    return record === undefined ? null : alertRowOf(record);
  };
}
