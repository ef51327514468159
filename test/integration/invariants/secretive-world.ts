import { sql, type Kysely } from 'kysely';
import PostalMime from 'postal-mime';
import { inject } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import { createVigia, type Vigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { controlDatabase, serverConnection } from '../../support/control-database.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { storageProxy } from '../../support/storage-proxy.ts';
import { tenantDatabase, withLogin, type TestTenant } from '../../support/tenant-database.ts';
import { canaries, type Canaries } from './canaries.ts';
import { aTalkativeMailServer, aTalkativeReceiver, manners } from './talkative-servers.ts';

/** Where secrets stand because customers put them there. */
const settingTables = ['CT_Empresas', 'CT_Alertas_Webhooks'];

interface Scenario {
  tenant?: string;
  url?: string;
  secret?: string | null;
  headers?: string;
  query?: string;
  template?: string;
  body?: string;
}

/** The whole program with a secret in every place that can hold one, and everybody it talks to repeating them. */
export async function aSecretiveWorld() {
  const secrets = canaries();
  const ports = inject('ports');
  const control = await controlDatabase();
  const tenant = await tenantDatabase();
  const mailServer = await aTalkativeMailServer();
  const storage = await storageProxy(ports);
  secrets.watch('control database password', passwordIn(control.connection));
  secrets.watch('storage key', /AccountKey=([^;]+)/.exec(storageConnection(ports))?.[1] ?? '');
  const signing = secrets.watch(
    'webhook secret',
    secrets.secret('webhook secret', 'awkward').replaceAll(' ', '_'),
  );
  const receiver = await aTalkativeReceiver(() => [signing]);
  const settings: Record<string, string> = {
    CONTROL_DATABASE: control.connection,
    AzureWebJobsStorage: storage.connection,
    SMTP_SERVER: '127.0.0.1',
    SMTP_PORT: String(mailServer.port),
    SMTP_USER: 'vigia@example.com',
    SMTP_PASSWORD: secrets.secret('mail password', 'awkward'),
    WEBHOOK_ALLOWED_HOSTS: `${receiver.host},127.0.0.1:1`,
    DELIVERY_RETRY_DELAYS: '1s',
  };
  const environment = {
    ERP: await connectionFor(tenant, secrets.secret('tenant password from a setting')),
    HOOK: `${secrets.secret('webhook secret from a setting')} ${signing}`,
    TOKEN: `Bearer ${secrets.secret('header value from a setting', 'awkward')}`,
  };
  await fillTenant(tenant);
  await fillTenants(control.db, tenant.database.connection, secrets);
  const scenarios = scenariosOf(receiver.host, secrets, signing);
  await fillAlerts(control.db, scenarios);

  const clock = clockAt('2026-03-02T15:48:30Z');
  const lines: string[] = [];
  const thrown: string[] = [];
  const app = (changes: Record<string, string> = {}): Vigia =>
    createVigia(loadConfig({ ...settings, ...changes }), {
      clock,
      environment,
      write: (line) => lines.push(line),
    });
  return {
    secrets,
    settings,
    scenarios,
    control,
    mailServer,
    receiver,
    clock,
    lines,
    app,
    /** What it throws goes to the host, which logs it. */
    attempt: async (work: () => unknown) => {
      try {
        await work();
      } catch (error) {
        thrown.push(textOf(error));
      }
    },
    thrown,
    executions: () => openExecutions(control.db),
    /** Everything that left the process or was stored, by where it went. */
    everything: async (): Promise<Readonly<Record<string, string>>> => ({
      'log lines': lines.join(''),
      errors: thrown.join('\n'),
      'queue messages': storage.bodies.join('\n'),
      mails: await textOfMails(mailServer.mails),
      ...(await textOfTables(control.db)),
    }),
    async [Symbol.asyncDispose]() {
      receiver.close();
      mailServer.close();
      await storage[Symbol.asyncDispose]();
      await tenant[Symbol.asyncDispose]();
      await control[Symbol.asyncDispose]();
    },
  };
}

function passwordIn(connection: string): string {
  return /Password=([^;]+)/.exec(connection)?.[1] ?? '';
}

async function connectionFor(tenant: TestTenant, password: string): Promise<string> {
  const user = `u_${password.slice(0, 10)}`;
  await tenant.run(`CREATE LOGIN ${user} WITH PASSWORD = '${password}', CHECK_POLICY = OFF`);
  await tenant.run(`CREATE USER ${user} FOR LOGIN ${user}`);
  await tenant.run(`GRANT SELECT ON SCHEMA::dbo TO ${user}`);
  return withLogin(tenant.database.connection, user, password);
}

async function fillTenant(tenant: TestTenant): Promise<void> {
  await tenant.run(`INSERT INTO TgeCTPersonas (Tper_Cod, Tper_Nombre) VALUES ('P1', 'Ana Ruiz')`);
  await tenant.run(
    `INSERT INTO TgeCTContactos (Tconper_Cod, Tcon_Cod, Tcon_Celular) VALUES ('P1', '1', '011 5555-0001')`,
  );
}

/** Companies whose connections fail in every way that they can. */
async function fillTenants(db: Kysely<ControlSchema>, good: string, secrets: Canaries): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const password = (name: string) => secrets.secret(`tenant password: ${name}`);
  const connections = {
    OK: 'env:ERP',
    LOGIN: base64(withLogin(good, 'nobody', password('login refused'))),
    HOST: base64(`Server=127.0.0.1,1;Database=erp;User Id=u;Password=${password('wrong host')}`),
    NAME: base64(`Server=no.such.invalid;Database=erp;User Id=u;Password=${password('wrong name')}`),
    KEY: base64(`Server=h;Database=erp;User Id=u;Pasword=${password('unknown key')}`),
    QUOTE: base64(`Server=h;Database=erp;User Id=u;Password="${password('open quote')}`),
    SEMI: base64(`Server=h;Database=erp;User Id=u;Password=a;${password('after a semicolon')};Encrypt=False`),
    PORT: base64(`Server=h,${password('in the port')};Database=erp;User Id=u`),
    PLAIN: `Server=h;Database=erp;User Id=u;Password=${password('not in Base64')}`,
    NOENV: 'env:NOT_THERE',
    DB: base64(serverConnection('no_such')),
  };
  for (const [code, connection] of Object.entries(connections)) {
    await sql`INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_Conexion) VALUES (${code}, ${code}, ${connection})`.execute(
      db,
    );
  }
}

const goodTemplate = 'Hola {{ destinatario.nombre }}';

function scenariosOf(host: string, secrets: Canaries, signing: string): readonly Scenario[] {
  const path = secrets.secret('token in the path');
  const key = secrets.secret('token in the query', 'awkward');
  const header = secrets.secret('header value', 'awkward');
  const user = secrets.secret('password in the URL');
  const rest = `${path}?key=${encodeURIComponent(key)}&x=1`;
  const headers = JSON.stringify({ authorization: `Bearer ${header}`, 'x-key': 'env:TOKEN' });
  const good = { url: `http://${host}/echo/${rest}`, secret: `${signing} env`, headers };
  const basic = Buffer.from(`user:${secrets.secret('basic password', 'awkward')}`).toString('base64');
  return [
    ...manners.map((manner) => ({ ...good, url: `http://${host}/${manner}/${rest}` })),
    { ...good, secret: 'env:HOOK' },
    {
      ...good,
      headers: JSON.stringify({ authorization: `Basic ${basic}` }),
      url: `http://${host}/base64/${rest}`,
    },
    { ...good, url: `http://127.0.0.1:1/${rest}` },
    { ...good, url: `https://localhost/${rest}` },
    { ...good, url: `https://10.0.0.1/${rest}` },
    { ...good, url: `https://${host}/${rest}` },
    { ...good, url: `http://example.com/${rest}` },
    { ...good, url: `ftp://example.com/${rest}` },
    { ...good, url: `http://user:${user}@${host}/${rest}` },
    { ...good, url: `${rest} and no address` },
    { ...good, headers: `{"authorization": "${path}` },
    { ...good, headers: JSON.stringify({ authorization: `${path}\n` }) },
    { ...good, headers: JSON.stringify({ host: path }) },
    { ...good, headers: JSON.stringify([path]) },
    { ...good, headers: JSON.stringify({ authorization: 'env:NOT_THERE' }) },
    { ...good, secret: `whsec_${path}!` },
    { ...good, secret: 'env:NOT_THERE' },
    { ...good, template: 'Hola {{ nadie }}' },
    { ...good, template: 'Hola {% if %}' },
    { ...good, body: '{"text": "{{ nadie }}"}' },
    { ...good, body: 'no JSON {{ mensaje.texto }}' },
    { ...good, query: 'DELETE FROM TgeCTPersonas' },
    { ...good, query: 'SELECT nada FROM TgeCTPersonas' },
    { ...good, query: `SELECT CAST('x' AS INT) AS n` },
    ...['LOGIN', 'HOST', 'NAME', 'KEY', 'QUOTE', 'SEMI', 'PORT', 'PLAIN', 'NOENV', 'DB'].map((tenant) => ({
      ...good,
      tenant,
    })),
  ];
}

/** The alert of a scenario. */
export function codeOf(index: number): string {
  return String(index + 1).padStart(6, '0');
}

/** One alert for each, with a type of its own. */
async function fillAlerts(db: Kysely<ControlSchema>, scenarios: readonly Scenario[]): Promise<void> {
  const rows = scenarios.map((scenario, index) => ({
    code: codeOf(index),
    type: `T${index}`,
    tenant: 'OK',
    template: goodTemplate,
    format: scenario.body === undefined ? null : 'plantilla',
    ...scenario,
  }));
  await sql`
    INSERT INTO CT_Alertas_Admin_Emails (adm_Email) VALUES ('admin@example.com');
    INSERT INTO CT_Alertas_Tipos (tip_Cod, tip_Nombre)
    SELECT [type], [type] FROM OPENJSON(${JSON.stringify(rows)}) WITH ([type] VARCHAR(6));
    INSERT INTO CT_Alertas_Webhooks
      (whk_Cod, whktip_Cod, whk_Url, whk_Secreto, whk_Cabeceras, whk_Formato, whk_Cuerpo, whk_TimeoutSeg)
    SELECT [type], [type], url, secret, headers, format, body, 1 FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      [type] VARCHAR(6), url NVARCHAR(2000), secret NVARCHAR(500), headers NVARCHAR(2000), format VARCHAR(20),
      body NVARCHAR(MAX));
    INSERT INTO CT_Alertas_Plantillas (pla_Cod, platip_Cod, pla_Cuerpo)
    SELECT [type], [type], template FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      [type] VARCHAR(6), template NVARCHAR(MAX));
    INSERT INTO CT_Alertas_Queries (qry_Cod, qrytip_Cod, qry_Sql)
    SELECT [type], [type], query FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      [type] VARCHAR(6), query NVARCHAR(MAX)) WHERE query IS NOT NULL;
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfg_Nombre, cfg_TipoDisparo, cfg_Frecuencia, cfg_HoraEnvio, cfgtip_Cod,
      cfgcan_Cod, cfgemp_Cod, cfgper_Cod)
    SELECT code, code, 'PERIODICO', 'DIARIO', '12:49:00', [type], '0001', tenant, 'P1'
    FROM OPENJSON(${JSON.stringify(rows)}) WITH (code VARCHAR(6), [type] VARCHAR(6), tenant VARCHAR(6));`.execute(
    db,
  );
}

async function openExecutions(db: Kysely<ControlSchema>): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT sch_id AS id FROM CT_Scheduler_Alertas WHERE sch_Estado IN ('PENDIENTE', 'EN_PROCESO')`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}\n${error.message}\n${error.cause === undefined ? '' : textOf(error.cause)}`;
}

async function textOfMails(mails: readonly string[]): Promise<string> {
  const parsed = await Promise.all(mails.map((raw) => PostalMime.parse(raw)));
  return [...mails, ...parsed.flatMap(({ subject, text, html }) => [subject, text, html])].join('\n');
}

/** Every column of every table but those of the customers' settings. */
async function textOfTables(db: Kysely<ControlSchema>): Promise<Record<string, string>> {
  const { rows: tables } = await sql<{ name: string }>`SELECT name FROM sys.tables`.execute(db);
  const texts: Record<string, string> = {};
  for (const { name } of tables) {
    if (settingTables.includes(name)) continue;
    const { rows } = await sql`SELECT * FROM ${sql.table(name)}`.execute(db);
    texts[name] = rows.flatMap((row) => Object.values(row as object).map(String)).join('\n');
  }
  return texts;
}
