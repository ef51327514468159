import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { seedTenant } from '../dev/demo/seed-tenant.ts';
import { buildApp } from '../dev/services/build-app.ts';
import { localSecrets } from '../dev/services/connections.ts';
import { scanNow, startHostProcess, type HostProcess } from '../dev/services/host-process.ts';
import { controlDatabaseName, localSqlConnection } from '../dev/services/local-settings.ts';
import { createDatabases, openStack } from '../dev/services/open-stack.ts';
import { portsAt, type Ports } from '../dev/services/ports.ts';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import { freeOffset } from '../dev/services/free-offset.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { startReceiver, type Receiver } from './receiver-process.ts';
import type { Arrival } from './receiver.ts';

const zone = 'America/Argentina/Buenos_Aires';
/** From planning alerts to their second: the scan has to claim them, and the dispatches to prepare them. */
const leadSeconds = 12;
/** Of a minute, between which the second lies: no scan of the timer runs then, as none runs in this process in Azure. */
const quietSeconds = { from: 8, to: 40 };
const giveUpMs = 180_000;

export interface WorldOptions {
  /** Companies, each with a database of its own. */
  tenants: number;
  /** Webhook hosts: one for each company, or one for all. */
  hosts: 'each' | 'one';
  /** For each an alert may go to so many persons. */
  profiles: readonly number[];
  receiverDelayMs: number;
}

/** Alerts that are all due at one second, of one company after the other. */
interface Plan {
  alerts: number;
  recipients: number;
}

/** What became of them. */
export interface Sent {
  /** ms since 1970 */
  due: number;
  /** In the order of arrival. */
  arrivals: readonly Arrival[];
  /** From the second to the last execution on record as sent. */
  doneMs: number;
}

export interface SendingWorld extends AsyncDisposable {
  ports: Ports;
  receiver: Receiver;
  control: ReturnType<typeof openControlDatabase>;
  erpConnection(tenant: number): string;
  /** Has companies' databases looked for where this connection string leads, whatever database it names. */
  leadErpTo(connection: string): Promise<void>;
  startHost(settings?: Record<string, string>): HostProcess;
  /** Plans alerts and waits until all have been sent. `scanned` is called once they are claimed, before they are prepared. */
  send(plan: Plan, scanned?: () => void): Promise<Sent>;
}

/** The whole product in its own processes (built app, local host, SQL Server, Azurite) and a bare webhook receiver. */
export async function openSendingWorld(options: WorldOptions): Promise<SendingWorld> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(readableTemporaryFolder('vigia-bench-'));
  const ports = portsAt(await freeOffset());
  const settingsFile = join(folder.path, 'local.settings.json');
  const [, stack] = await Promise.all([
    buildApp(),
    openStack({ ports, dataFolder: folder.path, fresh: true, settingsFile }),
  ]);
  made.defer(() => stack.close());
  const receiver = made.use(await startReceiver(options.hosts === 'one' ? 1 : options.tenants));
  await receiver.delay(options.receiverDelayMs);
  const control = made.use(
    openControlDatabase({ connection: localSqlConnection(ports, controlDatabaseName) }),
  );
  await seedCompanies(ports, control, receiver.ports, options);
  const kept = made.move();
  let plans = 0;
  return {
    ports,
    receiver,
    control,
    erpConnection: (tenant) => localSqlConnection(ports, databaseOf(tenant)),
    leadErpTo: (connection) => leadErpTo(control, connection, options.tenants),
    startHost: (settings = {}) =>
      startHostProcess(ports, { settings: { ...hostSettings, ...settings }, output: 'ignore' }),
    async send(plan, scanned) {
      const letter = String.fromCharCode(65 + plans++);
      const due = quietSecond();
      await planAlerts(control, letter, { ...plan, tenants: options.tenants, due });
      await scanNow(ports);
      await pause(due.epochMilliseconds - Date.now() - preparingMs);
      scanned?.();
      await untilArrived(receiver, plan.alerts * plan.recipients);
      await untilClosed(control, letter, plan.alerts);
      const doneMs = Date.now() - due.epochMilliseconds;
      const arrivals = (await receiver.take()).sort((a, b) => a.at - b.at);
      return { due: due.epochMilliseconds, arrivals, doneMs };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const hostSettings = { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1', MAX_RECIPIENTS: '100000', LOG_FORMAT: 'json' };

/** ALERTS_PREPARE_SECONDS and a little. */
const preparingMs = 5_800;

function quietSecond(): Temporal.Instant {
  const earliest = Temporal.Now.instant().add({ seconds: leadSeconds });
  const due = earliest.round({ smallestUnit: 'second', roundingMode: 'ceil' });
  const { second } = due.toZonedDateTimeISO('UTC');
  if (second >= quietSeconds.from && second <= quietSeconds.to) return due;
  return due.add({ seconds: (60 + quietSeconds.from - second) % 60 });
}

/** The alert that a request belongs to. */
export function alertOf({ body }: Arrival): string {
  return /"subject":"([^"]+)"/.exec(body)?.[1] ?? '';
}

async function untilArrived(receiver: Receiver, expected: number): Promise<void> {
  const giveUp = Date.now() + giveUpMs;
  for (;;) {
    const count = await receiver.count();
    if (count >= expected) return;
    if (Date.now() > giveUp) throw new Error(`${count} requests arrived instead of ${expected}.`);
    await pause(100);
  }
}

async function untilClosed(control: SendingWorld['control'], plan: string, alerts: number): Promise<void> {
  const giveUp = Date.now() + giveUpMs;
  for (;;) {
    const { rows } = await sql<{ sent: number }>`
      SELECT COUNT(*) AS sent FROM CT_Scheduler_Alertas
      WHERE schcfg_Cod LIKE ${`${plan}%`} AND sch_Estado = 'ENVIADA'`.execute(control);
    const sent = rows[0]?.sent ?? 0;
    if (sent === alerts) return;
    if (Date.now() > giveUp) throw new Error(`${sent} executions ended as sent instead of ${alerts}.`);
    await pause(20);
  }
}

function databaseOf(tenant: number): string {
  return `Erp${tenant}`;
}

function profileOf(recipients: number): string {
  return `P${recipients}`;
}

function codeOf(letter: string, number: number): string {
  return letter + String(number).padStart(5, '0');
}

async function seedCompanies(
  ports: Ports,
  control: SendingWorld['control'],
  webhookPorts: readonly number[],
  { tenants, profiles }: WorldOptions,
): Promise<void> {
  const numbers = Array.from({ length: tenants }, (_, tenant) => tenant);
  await createDatabases(ports, numbers.map(databaseOf));
  for (const tenant of numbers) await seedCompany(ports, tenant, profiles);
  for (const tenant of numbers) {
    const code = codeOf('E', tenant);
    const connection = localSqlConnection(ports, databaseOf(tenant));
    await control
      .insertInto('CT_Empresas')
      .values({
        emp_Cod: code,
        emp_Nombre: `Empresa ${tenant}`,
        emp_Conexion: Buffer.from(connection).toString('base64'),
      })
      .execute();
    await control
      .insertInto('CT_Alertas_Tipos')
      .values({ tip_Cod: code, tip_Nombre: 'Vencimientos' })
      .execute();
    await control
      .insertInto('CT_Alertas_Webhooks')
      .values({
        whk_Cod: code,
        whktip_Cod: code,
        whk_Url: `http://127.0.0.1:${webhookPorts[tenant % webhookPorts.length]}/email`,
        whk_Secreto: localSecrets.webhookSecret,
      })
      .execute();
    await control
      .insertInto('CT_Alertas_Queries')
      .values({ qry_Cod: code, qrytip_Cod: code, qry_Sql: query })
      .execute();
    await control
      .insertInto('CT_Alertas_Plantillas')
      .values({ pla_Cod: code, platip_Cod: code, pla_Asunto: 'Vencimientos', pla_Cuerpo: template })
      .execute();
  }
}

const query = `SELECT fac_Numero, fac_Cliente, fac_Vencimiento, fac_Saldo FROM VtaFacturas
  WHERE fac_Saldo > 0 ORDER BY fac_Vencimiento`;
const template = `Hola {{ destinatario.nombre }}: hay {{ filas.size }} facturas por vencer.
{% for fila in filas %}{{ fila.fac_Numero }} de {{ fila.fac_Cliente }}: {{ fila.fac_Saldo }}
{% endfor %}`;

async function seedCompany(ports: Ports, tenant: number, profiles: readonly number[]): Promise<void> {
  await using erp = openControlDatabase({ connection: localSqlConnection(ports, databaseOf(tenant)) });
  const company = { code: '', name: '', database: '', people: [], profiles: {} };
  await seedTenant(erp, company, Temporal.Now.plainDateISO(zone));
  const people = JSON.stringify(
    Array.from({ length: Math.max(...profiles) }, (_, index) => ({
      code: codeOf('P', index),
      name: `Persona ${index}`,
      number: index,
      contact: codeOf('C', index),
      mail: `persona${index}@empresa${tenant}.example`,
    })),
  );
  const rows = sql`OPENJSON(${people}) WITH (number INT, code VARCHAR(10), name VARCHAR(100), contact VARCHAR(10), mail VARCHAR(100))`;
  await sql`
    INSERT INTO TgeCTPersonas (Tper_Cod, Tper_Nombre) SELECT code, name FROM ${rows};
    INSERT INTO TgeCTContactos (Tcon_Cod, Tconper_Cod, Tcon_Email) SELECT contact, code, mail FROM ${rows};`.execute(
    erp,
  );
  for (const size of profiles)
    await sql`
      INSERT INTO TgeCTPerfiles (Tprf_Cod, Tprf_Nombre) VALUES (${profileOf(size)}, 'Todos');
      INSERT INTO TgeCTRel_Persona_Perfil (Trelper_Cod, Trelprf_Cod)
        SELECT code, ${profileOf(size)} FROM ${rows} WHERE number < ${size};`.execute(erp);
}

async function leadErpTo(
  control: SendingWorld['control'],
  connection: string,
  tenants: number,
): Promise<void> {
  for (let tenant = 0; tenant < tenants; tenant++) {
    const own = connection.replace(/Database=[^;]*/, `Database=${databaseOf(tenant)}`);
    await control
      .updateTable('CT_Empresas')
      .set({ emp_Conexion: Buffer.from(own).toString('base64') })
      .where('emp_Cod', '=', codeOf('E', tenant))
      .execute();
  }
}

const rowsAtOnce = 200;

async function planAlerts(
  control: SendingWorld['control'],
  letter: string,
  { alerts, recipients, tenants, due }: Plan & { tenants: number; due: Temporal.Instant },
): Promise<void> {
  const at = due.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
  const rows = Array.from({ length: alerts }, (_, index) => ({
    cfg_Cod: codeOf(letter, index),
    cfg_TipoDisparo: 'PUNTUAL',
    cfg_FechasPuntuales: at,
    cfgtip_Cod: codeOf('E', index % tenants),
    cfgcan_Cod: '0002',
    cfgemp_Cod: codeOf('E', index % tenants),
    cfgprf_Cod: profileOf(recipients),
  }));
  for (let start = 0; start < alerts; start += rowsAtOnce)
    await control
      .insertInto('CT_Alertas_Config')
      .values(rows.slice(start, start + rowsAtOnce))
      .execute();
}
