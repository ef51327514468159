import { sql, type Kysely } from 'kysely';
import type { ReadAlertToSend } from '../../dispatch/preview/preview-alert.ts';
import { configurationColumns, configurationJoins } from './configuration-source.ts';
import { configurationOf, type ConfiguredRecord, type TenantDefaults } from './opened-record.ts';
import type { ControlSchema } from './schema.ts';
import { sqlVarchar } from './sql-varchar.ts';

/** As an opening would read it, of an execution that is not there. */
export function readAlertToSend(db: Kysely<ControlSchema>, defaults: TenantDefaults): ReadAlertToSend {
  return async (alert, at) => {
    const { rows } = await sql<ConfiguredRecord>`
      SELECT s.schcfg_Cod, ${configurationColumns(at)}
      FROM (
        SELECT cfg_Cod AS schcfg_Cod, CAST(NULL AS DATETIME2(3)) AS sch_Preparada,
          CAST(NULL AS NVARCHAR(MAX)) AS sch_PayloadJson
        FROM CT_Alertas_Config WHERE cfg_Cod = ${sqlVarchar(alert)}
      ) s
      ${configurationJoins}`.execute(db);
    const [record] = rows;
    return record === undefined ? null : configurationOf(record, defaults);
  };
}
