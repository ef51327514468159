import { sql, type Kysely } from 'kysely';
import type { ReadTenantToCheck } from '../../manage/routes/check-tenant.ts';
import { tenantOf, type TenantDefaults, type TenantRecord } from './opened-record.ts';
import type { ControlSchema } from './schema.ts';
import { sqlVarchar } from './sql-varchar.ts';

export function readTenantToCheck(db: Kysely<ControlSchema>, defaults: TenantDefaults): ReadTenantToCheck {
  return async (code) => {
    const { rows } = await sql<TenantRecord & { person: string | null; profile: string | null }>`
      SELECT e.emp_Cod, e.emp_Nombre, e.emp_Conexion, e.emp_ZonaHoraria, e.emp_Pais, e.emp_Activo,
        (SELECT TOP (1) cfgper_Cod FROM CT_Alertas_Config
          WHERE cfgemp_Cod = e.emp_Cod AND cfgper_Cod > '' ORDER BY cfg_Activo DESC, cfg_Cod) AS person,
        (SELECT TOP (1) cfgprf_Cod FROM CT_Alertas_Config
          WHERE cfgemp_Cod = e.emp_Cod AND cfgprf_Cod > '' ORDER BY cfg_Activo DESC, cfg_Cod) AS profile
      FROM CT_Empresas e
      WHERE e.emp_Cod = ${sqlVarchar(code)}`.execute(db);
    const [record] = rows;
    const tenant = record === undefined ? null : tenantOf(record, defaults);
    if (record === undefined || tenant === null) return null;
    return { tenant, sample: { person: record.person, profile: record.profile } };
  };
}
