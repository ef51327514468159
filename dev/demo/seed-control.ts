import { type Kysely, sql } from 'kysely';
import type { ControlSchema } from '../../src/adapters/mssql/schema.ts';
import { type DemoAlert, demoTypes } from './alerts.ts';

export interface DemoCompany {
  code: string;
  name: string;
  /** An IANA name. */
  zone: string;
  /** An ADO.NET connection string. */
  connection: string;
}

type Control = Kysely<ControlSchema>;

/** Writes the demo's configuration. Rows that exist stay, but for the alerts' times and the companies' connections. */
export async function seedControl(
  control: Control,
  companies: readonly DemoCompany[],
  alerts: readonly DemoAlert[],
  webhooks: { baseUrl: string; secret: string },
): Promise<void> {
  for (const company of companies) await putCompany(control, company);
  for (const type of demoTypes) await putType(control, type, webhooks);
  for (const alert of alerts) await putAlert(control, alert);
  await sql`IF NOT EXISTS (SELECT 1 FROM CT_Alertas_Admin_Emails WHERE adm_Email = ${administrator})
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email, adm_Nombre) VALUES (${administrator}, 'Administración')`.execute(
    control,
  );
}

const administrator = 'administracion@vigia.example';

/** Deletes the demo's configuration; what it sent stays on record. */
export async function removeDemo(
  control: Control,
  alerts: readonly DemoAlert[],
  companies: readonly string[],
): Promise<void> {
  const types = demoTypes.map(({ code }) => code);
  const codes = alerts.map((alert) => alert.cfg_Cod);
  await control
    .deleteFrom('CT_Alertas_Config')
    .where('cfg_Cod', 'in', codes)
    .where('cfgemp_Cod', 'in', companies)
    .execute();
  await control.deleteFrom('CT_Alertas_Webhooks').where('whk_Cod', 'in', types).execute();
  await control.deleteFrom('CT_Alertas_Queries').where('qry_Cod', 'in', types).execute();
  await control.deleteFrom('CT_Alertas_Plantillas').where('pla_Cod', 'in', types).execute();
  await control.deleteFrom('CT_Alertas_Tipos').where('tip_Cod', 'in', types).execute();
  await control.deleteFrom('CT_Empresas').where('emp_Cod', 'in', companies).execute();
  await control.deleteFrom('CT_Alertas_Admin_Emails').where('adm_Email', '=', administrator).execute();
}

async function putCompany(control: Control, { code, name, zone, connection }: DemoCompany): Promise<void> {
  const encoded = Buffer.from(connection).toString('base64');
  await sql`IF EXISTS (SELECT 1 FROM CT_Empresas WHERE emp_Cod = ${code})
      UPDATE CT_Empresas SET emp_Conexion = ${encoded}, emp_ZonaHoraria = ${zone} WHERE emp_Cod = ${code}
    ELSE
      INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_ZonaHoraria, emp_Conexion)
        VALUES (${code}, ${name}, ${zone}, ${encoded})`.execute(control);
}

async function putType(
  control: Control,
  { code, name, path, query, parameters, subject, body }: (typeof demoTypes)[number],
  { baseUrl, secret }: { baseUrl: string; secret: string },
): Promise<void> {
  const known = await control
    .selectFrom('CT_Alertas_Tipos')
    .select('tip_Cod')
    .where('tip_Cod', '=', code)
    .execute();
  const url = `${baseUrl}${path}`;
  if (known.length > 0) {
    await control
      .updateTable('CT_Alertas_Webhooks')
      .set({ whk_Url: url })
      .where('whk_Cod', '=', code)
      .execute();
    return;
  }
  await control.insertInto('CT_Alertas_Tipos').values({ tip_Cod: code, tip_Nombre: name }).execute();
  await control
    .insertInto('CT_Alertas_Webhooks')
    .values({ whk_Cod: code, whktip_Cod: code, whk_Url: url, whk_Secreto: secret })
    .execute();
  await control
    .insertInto('CT_Alertas_Plantillas')
    .values({ pla_Cod: code, platip_Cod: code, pla_Asunto: subject, pla_Cuerpo: body })
    .execute();
  if (query === null) return;
  await control
    .insertInto('CT_Alertas_Queries')
    .values({ qry_Cod: code, qrytip_Cod: code, qry_Sql: query, qry_Parametros: parameters })
    .execute();
}

async function putAlert(control: Control, { cfg_Cod, cfg_HoraEnvio, ...rest }: DemoAlert): Promise<void> {
  const time =
    cfg_HoraEnvio === undefined ? {} : { cfg_HoraEnvio: sql<never>`CAST(${cfg_HoraEnvio} AS TIME(0))` };
  const values = { ...rest, ...time };
  const known = await control
    .selectFrom('CT_Alertas_Config')
    .select('cfg_Cod')
    .where('cfg_Cod', '=', cfg_Cod)
    .execute();
  if (known.length > 0)
    await control.updateTable('CT_Alertas_Config').set(values).where('cfg_Cod', '=', cfg_Cod).execute();
  else
    await control
      .insertInto('CT_Alertas_Config')
      .values({ cfg_Cod, ...values })
      .execute();
}
