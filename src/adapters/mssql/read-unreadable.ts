import { sql, type Kysely } from 'kysely';
import type { ReadUnreadable } from '../../manage/routes/show-agenda.ts';
import { declareReadUpTo, isUnread } from './find-alerts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlVarchar } from './sql-varchar.ts';

const most = 100;

/** What has been written since the last scan may have been mended. */
export function readUnreadable(db: Kysely<ControlSchema>): ReadUnreadable {
  return async (tenant) => {
    const { rows } = await sql<{ alert: string; problem: string }>`
      ${declareReadUpTo}
      SELECT TOP (${sql.lit(most)}) c.cfg_Cod AS alert, a.age_Problema AS problem
      FROM CT_Scheduler_Agenda a
      JOIN CT_Alertas_Config c ON c.cfg_Cod = a.agecfg_Cod
      LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      WHERE a.age_Problema IS NOT NULL AND c.cfg_Activo = 1 AND NOT ${isUnread}
        ${tenant === undefined ? sql`` : sql`AND c.cfgemp_Cod = ${sqlVarchar(tenant)}`}
      ORDER BY c.cfg_Cod`.execute(db);
    return rows;
  };
}
