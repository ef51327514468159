import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';

type Db = Kysely<ControlSchema>;

export const healthyTenants = Array.from(
  { length: 49 },
  (_, index) => `E${String(index + 1).padStart(2, '0')}`,
);
export const sickTenant = 'SICK';

/** HUNG goes to a webhook that hangs, LOCK has a query that wants a row for itself. */
const alertTypes = ['FAC', 'HUNG', 'LOCK', 'BADSQL', 'BADTPL'] as const;
export type AlertType = (typeof alertTypes)[number];

export interface Claimed {
  id: number;
  alert: string;
  tenant: string;
}

/** Everything but alerts: fifty tenants, and for each type a webhook, a query and a template. */
export async function insertSurroundings(db: Db, erpConnection: string, host: string): Promise<void> {
  const emp_Conexion = Buffer.from(erpConnection).toString('base64');
  const companies = [...healthyTenants, sickTenant].map((code) => ({
    emp_Cod: code,
    emp_Nombre: code,
    emp_Conexion,
  }));
  await db.insertInto('CT_Empresas').values(companies).execute();
  for (const type of alertTypes) {
    const whk_Url = `http://${host}/${type === 'HUNG' ? 'hung' : 'well'}`;
    const hint = type === 'LOCK' ? ' WITH (UPDLOCK)' : '';
    const qry_Sql = `SELECT ${type === 'BADSQL' ? 'nada' : 'Tper_Nombre'} AS nombre FROM TgeCTPersonas${hint}`;
    const pla_Cuerpo = `Hola {{ ${type === 'BADTPL' ? 'nada' : 'nombre'} }}`;
    await db.insertInto('CT_Alertas_Tipos').values({ tip_Cod: type, tip_Nombre: type }).execute();
    await db
      .insertInto('CT_Alertas_Webhooks')
      .values({ whk_Cod: type, whktip_Cod: type, whk_Url, whk_TimeoutSeg: 60 })
      .execute();
    await db.insertInto('CT_Alertas_Queries').values({ qry_Cod: type, qrytip_Cod: type, qry_Sql }).execute();
    await db
      .insertInto('CT_Alertas_Plantillas')
      .values({ pla_Cod: type, platip_Cod: type, pla_Cuerpo })
      .execute();
  }
}

const ofOneNight = [
  'CT_Alertas_Intentos',
  'CT_Alertas_Mensajes',
  'CT_Scheduler_Fallas',
  'CT_Scheduler_Alertas',
  'CT_Alertas_Config',
];

/** Alerts for 12:49, claimed as the scan does it, instead of those of the night before; in the order given. */
export async function claimNight(
  db: Db,
  alerts: readonly { tenant: string; type: AlertType }[],
): Promise<readonly Claimed[]> {
  await sql.raw(ofOneNight.map((table) => `DELETE FROM ${table}`).join('; ')).execute(db);
  const rows = alerts.map((alert, index) => ({ ...alert, alert: String(index + 1).padStart(6, '0') }));
  const json = JSON.stringify(rows);
  await sql`
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio, cfgtip_Cod, cfgcan_Cod, cfgemp_Cod,
      cfgper_Cod)
    SELECT alert, 'PERIODICO', 'DIARIO', '12:49:00', [type], '0001', tenant, 'P1'
    FROM OPENJSON(${json}) WITH (alert VARCHAR(6), [type] VARCHAR(6), tenant VARCHAR(6))`.execute(db);
  const { rows: claimed } = await sql<{ id: number; alert: string }>`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_Estado, sch_Origen, sch_Ocurrencia, sch_Clave, sch_Revisar)
    OUTPUT inserted.sch_id AS id, inserted.schcfg_Cod AS alert
    SELECT alert, '2026-03-02', 'PENDIENTE', 'AGENDA', CAST('2026-03-02T12:49:00-03:00' AS DATETIMEOFFSET(0)), '2026-03-02',
      CAST('2026-03-02T15:51:00' AS DATETIME2(3))
    FROM OPENJSON(${json}) WITH (alert VARCHAR(6))`.execute(db);
  const ids = new Map(claimed.map(({ id, alert }) => [alert, id]));
  return rows.map(({ alert, tenant }) => ({ alert, tenant, id: ids.get(alert) ?? 0 }));
}
