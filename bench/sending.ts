import { join } from 'node:path';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { Agent, request } from 'undici';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import { buildApp } from '../dev/services/build-app.ts';
import { seedTenant } from '../dev/demo/seed-tenant.ts';
import type { DemoTenant } from '../dev/demo/tenants.ts';
import { localSecrets } from '../dev/services/connections.ts';
import { scanNow, startHostProcess } from '../dev/services/host-process.ts';
import { controlDatabaseName, localSqlConnection } from '../dev/services/local-settings.ts';
import { createDatabases, openStack } from '../dev/services/open-stack.ts';
import { portsAt, type Ports } from '../dev/services/ports.ts';
import type { ReceivedRequest } from '../dev/services/webhook-receiver.ts';
import { freeOffset } from '../test/support/free-offset.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { information, quantile, type Figure } from './figure.ts';

const alerts = 20;
const recipients = 50;
const deliveries = alerts * recipients;
const zone = 'America/Argentina/Buenos_Aires';
const bareConcurrency = 50;
const people = Array.from({ length: recipients }, (_, index) => ({
  code: `P${String(index).padStart(3, '0')}`,
  name: `Persona ${index}`,
  phone: null,
  mail: `p${index}@bench.example`,
}));
const tenant: DemoTenant = {
  code: 'BENCH',
  name: 'Bench',
  database: 'BenchErp',
  people,
  profiles: { TODOS: { name: 'Todos', members: people.map(({ code }) => code) } },
};

/** 20 alerts of 50 recipients at one second through the whole stack, against a bare undici loop with the same bodies. */
export async function measureSending(): Promise<Figure[]> {
  await using folder = readableTemporaryFolder('vigia-bench-');
  const ports = portsAt(await freeOffset());
  const [, stack] = await Promise.all([
    buildApp(),
    openStack({
      ports,
      dataFolder: folder.path,
      fresh: true,
      settingsFile: join(folder.path, 'local.settings.json'),
    }),
  ]);
  try {
    await using proxy = await startCountingProxy(ports.sqlServer);
    const due = Temporal.Now.instant()
      .add({ seconds: 25 })
      .round({ smallestUnit: 'second', roundingMode: 'ceil' });
    await seed(ports, due);
    const { requests, roundTrips } = await sendThroughStack(ports, proxy);
    const lateness = requests.map(({ at }) => at - due.epochMilliseconds);
    const stackMs = Math.max(...lateness);
    const bareMs = await sendBare(
      ports,
      requests.map(({ body }) => body),
    );
    return [
      information('sending: stack, deliveries per second', (1_000 * deliveries) / stackMs, '/s'),
      information('sending: bare undici loop, deliveries per second', (1_000 * deliveries) / bareMs, '/s'),
      information('sending: stack / bare loop', bareMs / stackMs, ''),
      information('sending: lateness p50', quantile(lateness, 0.5), 'ms'),
      information('sending: lateness p99', quantile(lateness, 0.99), 'ms'),
      information('sending: lateness max', stackMs, 'ms'),
      information('sending: control database round trips per alert', roundTrips / alerts, ''),
    ];
  } finally {
    await stack.close();
  }
}

async function sendThroughStack(
  ports: Ports,
  proxy: CountingProxy,
): Promise<{ requests: ReceivedRequest[]; roundTrips: number }> {
  const through = { ...ports, sqlServer: proxy.port };
  const host = startHostProcess(ports, {
    settings: { CONTROL_DATABASE: `${localSqlConnection(through, controlDatabaseName)};Encrypt=False` },
    output: 'ignore',
  });
  try {
    await host.ready;
    const before = proxy.count();
    await scanNow(ports);
    await allClosed(ports);
    const answer = await fetch(`http://127.0.0.1:${ports.webhooks}/requests`);
    const requests = (await answer.json()) as ReceivedRequest[];
    if (requests.length !== deliveries)
      throw new Error(`${requests.length} requests arrived instead of ${deliveries}.`);
    return { requests, roundTrips: proxy.count() - before };
  } finally {
    await host.close();
  }
}

/** Until every execution is on record as sent. Looks past the proxy, so that looking does not count. */
async function allClosed(ports: Ports): Promise<void> {
  await using control = openControlDatabase({ connection: localSqlConnection(ports, controlDatabaseName) });
  const giveUp = performance.now() + 120_000;
  for (;;) {
    const { rows } = await sql<{ sch_Estado: string; n: number }>`
      SELECT sch_Estado, COUNT(*) AS n FROM CT_Scheduler_Alertas GROUP BY sch_Estado`.execute(control);
    if (rows.length === 1 && rows[0]?.sch_Estado === 'ENVIADA' && rows[0].n === alerts) return;
    if (performance.now() > giveUp) throw new Error(`The executions did not end: ${JSON.stringify(rows)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function sendBare(ports: Ports, bodies: readonly string[]): Promise<number> {
  const agent = new Agent({ connections: bareConcurrency });
  const queue = [...bodies];
  const url = `http://127.0.0.1:${ports.webhooks}/email/bench`;
  const worker = async () => {
    for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
      const answer = await request(url, {
        method: 'POST',
        body,
        dispatcher: agent,
        headers: { 'content-type': 'application/json' },
      });
      await answer.body.dump();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: bareConcurrency }, worker));
  const took = performance.now() - began;
  await agent.close();
  return took;
}

async function seed(ports: Ports, due: Temporal.Instant): Promise<void> {
  await createDatabases(ports, [tenant.database]);
  await using erp = openControlDatabase({ connection: localSqlConnection(ports, tenant.database) });
  await seedTenant(erp, tenant, Temporal.Now.plainDateISO(zone));

  await using control = openControlDatabase({ connection: localSqlConnection(ports, controlDatabaseName) });
  const connection = Buffer.from(localSqlConnection(ports, tenant.database)).toString('base64');
  await control
    .insertInto('CT_Empresas')
    .values({ emp_Cod: 'BENCH', emp_Nombre: 'Bench', emp_Conexion: connection })
    .execute();
  await control.insertInto('CT_Alertas_Tipos').values({ tip_Cod: 'BENCH', tip_Nombre: 'Bench' }).execute();
  await control
    .insertInto('CT_Alertas_Webhooks')
    .values({
      whk_Cod: 'BENCH',
      whktip_Cod: 'BENCH',
      whk_Url: `http://127.0.0.1:${ports.webhooks}/email/bench`,
      whk_Secreto: localSecrets.webhookSecret,
    })
    .execute();
  await control
    .insertInto('CT_Alertas_Plantillas')
    .values({
      pla_Cod: 'BENCH',
      platip_Cod: 'BENCH',
      pla_Asunto: 'Aviso',
      pla_Cuerpo: 'Hola {{ destinatario.nombre }}: {{ alerta.codigo }}',
    })
    .execute();
  const at = due.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'second' });
  await control
    .insertInto('CT_Alertas_Config')
    .values(
      Array.from({ length: alerts }, (_, index) => ({
        cfg_Cod: `B${String(index).padStart(5, '0')}`,
        cfg_TipoDisparo: 'PUNTUAL',
        cfg_FechasPuntuales: at,
        cfgtip_Cod: 'BENCH',
        cfgcan_Cod: '0002',
        cfgemp_Cod: 'BENCH',
        cfgprf_Cod: 'TODOS',
      })),
    )
    .execute();
}
