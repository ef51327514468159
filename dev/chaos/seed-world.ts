import { sql, type Kysely } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { openControlDatabase } from '../../src/adapters/mssql/control-database.ts';
import type { ControlSchema } from '../../src/adapters/mssql/schema.ts';
import { seedTenant } from '../demo/seed-tenant.ts';
import { localSecrets } from '../services/connections.ts';
import { localSqlConnection } from '../services/local-settings.ts';
import { createDatabases } from '../services/open-stack.ts';
import type { Ports } from '../services/ports.ts';
import { types, type PlannedAlert, type Rule } from './plan-alerts.ts';
import type { Company } from './plan-companies.ts';

export type Control = Kysely<ControlSchema>;

const channel = '0002';
/** whk_TimeoutSeg */
const webhookSeconds = 2;
const catchUpMinutes = 24 * 60;

/** Companies with their databases, and a webhook, a query and a template for each type. */
export async function seedWorld(
  control: Control,
  ports: Ports,
  companies: readonly Company[],
  webhookUrl: string,
): Promise<void> {
  await createDatabases(
    ports,
    companies.map(({ database }) => database),
  );
  for (const company of companies) {
    const connection = localSqlConnection(ports, company.database);
    await using erp = openControlDatabase({ connection });
    await seedTenant(erp, company, Temporal.Now.plainDateISO(company.zone));
    await seedCompany(control, company, connection);
  }
  for (const [code, { query, text }] of Object.entries(types))
    await seedType(control, code, { query, text, webhookUrl });
  await control
    .insertInto('CT_Alertas_Admin_Emails')
    .values({ adm_Email: 'administracion@vigia.example', adm_Nombre: 'Administración' })
    .execute();
}

export async function seedCompany(
  control: Control,
  { code, name, zone }: Pick<Company, 'code' | 'name' | 'zone'>,
  connection: string,
): Promise<void> {
  await control
    .insertInto('CT_Empresas')
    .values({
      emp_Cod: code,
      emp_Nombre: name,
      emp_ZonaHoraria: zone,
      emp_Conexion: Buffer.from(connection).toString('base64'),
    })
    .execute();
}

async function seedType(
  control: Control,
  code: string,
  { query, text, webhookUrl }: { query: string | null; text: string; webhookUrl: string },
): Promise<void> {
  await control.insertInto('CT_Alertas_Tipos').values({ tip_Cod: code, tip_Nombre: code }).execute();
  await control
    .insertInto('CT_Alertas_Webhooks')
    .values({
      whk_Cod: code,
      whktip_Cod: code,
      whk_Url: webhookUrl,
      whk_Secreto: localSecrets.webhookSecret,
      whk_TimeoutSeg: webhookSeconds,
    })
    .execute();
  await control
    .insertInto('CT_Alertas_Plantillas')
    .values({ pla_Cod: code, platip_Cod: code, pla_Asunto: code, pla_Cuerpo: text })
    .execute();
  if (query === null) return;
  await control
    .insertInto('CT_Alertas_Queries')
    .values({ qry_Cod: code, qrytip_Cod: code, qry_Sql: query })
    .execute();
}

/** Writes alerts that are due the planned seconds after `from`. */
export async function seedAlerts(
  control: Control,
  alerts: readonly PlannedAlert[],
  from: Temporal.Instant,
): Promise<void> {
  const rows = alerts.map(({ code, company, type, profile, rule, seconds }) => ({
    cfg_Cod: code,
    cfg_Nombre: `Alerta ${code}`,
    cfgtip_Cod: type,
    cfgcan_Cod: channel,
    cfgemp_Cod: company.code,
    cfgprf_Cod: profile,
    cfg_RecuperacionMin: catchUpMinutes,
    ...timesOf(
      rule,
      seconds.map((second) =>
        from.add({ seconds: second }).toZonedDateTimeISO(company.zone).toPlainDateTime(),
      ),
    ),
  }));
  await control.insertInto('CT_Alertas_Config').values(rows).execute();
}

function timesOf(rule: Rule, times: readonly Temporal.PlainDateTime[]) {
  const [at] = times;
  if (at === undefined) throw new Error('An alert without a time.');
  const none = {
    cfg_Frecuencia: null,
    cfg_HoraEnvio: null,
    cfg_FechasPuntuales: null,
    cfg_DiasSemana: null,
    cfg_DiasMes: null,
    cfg_Meses: null,
  };
  if (rule === 'PUNTUAL') {
    const list = times.map((time) => time.toString({ smallestUnit: 'second' }).replace('T', ' ')).join(', ');
    return { ...none, cfg_TipoDisparo: 'PUNTUAL', cfg_FechasPuntuales: list };
  }
  const hour = at.toPlainTime().toString({ smallestUnit: 'second' });
  return {
    ...none,
    cfg_TipoDisparo: 'PERIODICO',
    cfg_Frecuencia: rule,
    cfg_HoraEnvio: sql<never>`CAST(${hour} AS TIME(0))`,
    cfg_DiasSemana: rule === 'SEMANAL' ? String(at.dayOfWeek) : null,
    cfg_DiasMes: rule === 'MENSUAL' || rule === 'ANUAL' ? String(at.day) : null,
    cfg_Meses: rule === 'ANUAL' ? String(at.month) : null,
  };
}
