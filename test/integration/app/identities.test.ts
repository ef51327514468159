import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { sql } from 'kysely';
import { Connection, Request } from 'tedious';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { bundleApp } from '../../../dev/package/bundle-app.ts';
import { writePackageFiles } from '../../../dev/package/write-package-files.ts';
import { openControlDatabase } from '../../../src/adapters/mssql/control-database.ts';
import { alertQueue, createVigia } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { previewMigration } from '../../../src/adapters/mssql/migrations/migrate.ts';
import { openDispatchQueue } from '../../../src/adapters/storage-queue/dispatch-queue.ts';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';
import {
  azureStandIn,
  identities,
  managementToken,
  type AzureStandIn,
} from '../../support/azure-stand-in.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { insightsReceiver } from '../../support/insights-receiver.ts';
import { otlpReceiver } from '../../support/otlp-receiver.ts';
import { forbidden, resourceManager, rulePath, serverId } from '../../support/resource-manager.ts';
import { startHostOf } from '../../support/running-host.ts';
import { readableTemporaryFolder } from '../../support/temporary-folder.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';

/** An identity that Azure does not know. */
const nobody = '00000000-0000-0000-0000-000000000000';
const packed = readableTemporaryFolder('vigia-identities-');
const trusted = getCACertificates('default');
let azure: AzureStandIn;
let app: string;

beforeAll(async () => {
  const bundling = bundleApp(packed.path);
  azure = await azureStandIn();
  setDefaultCACertificates([...trusted, azure.storageCertificate.cert]);
  for (const [name, value] of Object.entries(azure.environment)) vi.stubEnv(name, value);
  const master = openControlDatabase({ connection: azure.asAdministrator('master') });
  for (const name of ['Vigia', 'Propia', 'Erp']) await sql`CREATE DATABASE ${sql.id(name)}`.execute(master);
  await master.destroy();
  app = await bundling;
  await writePackageFiles(app);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  setDefaultCACertificates(trusted);
  await azure[Symbol.asyncDispose]();
  packed[Symbol.dispose]();
});

const toResourceManager = ['--import', import.meta.resolve('../../support/to-resource-manager.ts')];

/** `npm run prepare-database` as azd runs it after provisioning, by the identity of the machine. */
async function prepareDatabase(environment: Record<string, string> = {}, ...args: readonly string[]) {
  const command = spawn(process.execPath, [...toResourceManager, 'src/prepare-database.ts', ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_EXTRA_CA_CERTS: azure.certificateOf.sqlServer,
      ...azure.environment,
      AZURE_TOKEN_CREDENTIALS: 'prod',
      VIGIA_SQL_HOST: azure.server,
      VIGIA_SQL_DATABASE: 'Vigia',
      VIGIA_IDENTITY_NAME: 'id-vigia',
      VIGIA_IDENTITY_CLIENT_ID: identities.app,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = once(command, 'exit').then(([number]) => Number(number));
  const [output, errors] = await Promise.all([text(command.stdout), text(command.stderr)]);
  return { code: await code, output, errors };
}

/** As the app is told to sign in. */
const asIdentity = (clientId: string) =>
  `Server=${azure.server};Database=Vigia;Authentication=Active Directory Managed Identity;User Id=${clientId};TrustServerCertificate=true`;

const users = async () => {
  const db = openControlDatabase({ connection: azure.asAdministrator('Vigia') });
  onTestFinished(() => db.destroy());
  const { rows } = await sql<{ id: number; sid: Buffer }>`
    SELECT principal_id AS id, sid FROM sys.database_principals WHERE type = 'E'`.execute(db);
  return rows.map(({ id, sid }) => ({ id, sid: sid.toString('hex').toUpperCase() }));
};

/** The error of each statement, as the identity. */
async function numbersOf(clientId: string, statements: readonly string[]): Promise<(number | undefined)[]> {
  const connection = new Connection(sqlConnectionOf(asIdentity(clientId)));
  await new Promise<void>((resolve, reject) =>
    connection.connect((error) => (error ? reject(error) : resolve())),
  );
  const numbers: (number | undefined)[] = [];
  for (const statement of statements)
    numbers.push(
      await new Promise((resolve) =>
        connection.execSqlBatch(
          new Request(statement, (error) =>
            resolve(error && 'number' in error ? Number(error.number) : undefined),
          ),
        ),
      ),
    );
  connection.close();
  return numbers;
}

test('prepare-database makes the tables, and the identity a user of their rows alone', async () => {
  expect(await prepareDatabase()).toMatchObject({
    code: 0,
    errors: '',
    output: expect.stringContaining('ready'),
  });
  expect(await previewMigration(azure.asAdministrator('Vigia'))).toEqual([]);
  expect(await users()).toMatchObject([{ sid: '521B1F6C0F9D0E4A8A373A1F0A0D9A11' }]);
  expect(
    await numbersOf(identities.app, [
      `INSERT INTO CT_Alertas_Tipos (tip_Cod, tip_Nombre) VALUES ('X', 'X')`,
      `DELETE FROM CT_Alertas_Tipos WHERE tip_Cod = 'X'`,
      'CREATE TABLE Mine (id INT)',
      'ALTER TABLE CT_Empresas ADD mine INT',
      'DROP TABLE CT_Empresas',
    ]),
  ).toEqual([undefined, undefined, 262, 1088, 3701]);
});

test('a second run changes nothing, and another identity takes the place of its namesake', async () => {
  const before = await users();
  // What azd puts in the place of a secret that its environment does not have.
  const placeholder = { CONTROL_DATABASE: 'CONTROL_DATABASE' };
  expect(await prepareDatabase(placeholder)).toMatchObject({ code: 0, errors: '' });
  expect(await users()).toEqual(before);
  expect(await prepareDatabase({ VIGIA_IDENTITY_CLIENT_ID: identities.successor })).toMatchObject({
    code: 0,
  });
  expect(await users()).toMatchObject([{ sid: '00119A0D0F9D0E4A8A373A1F0A0D9A11' }]);
  await expect(numbersOf(identities.app, [])).rejects.toThrow(/Login failed/);
  expect(await numbersOf(identities.successor, ['SELECT emp_Cod FROM CT_Empresas'])).toEqual([undefined]);
  await prepareDatabase();
});

test.each([
  [
    { AZURE_CLIENT_ID: identities.stranger },
    /^The server refuses who is signed in to Azure here .*db_owner\.\n$/,
  ],
  [{ AZURE_CLIENT_ID: nobody }, /^Nobody is signed in to Azure here: az login/],
  // A machine's own identity is not taken for a person.
  [{ AZURE_TOKEN_CREDENTIALS: '' }, /^Nobody is signed in to Azure here: az login/],
  [
    { NODE_EXTRA_CA_CERTS: '' },
    /^The control database cannot be opened: .*certificate.*\nTrustServerCertificate=True/,
  ],
  [
    { AZURE_CLIENT_ID: identities.app },
    /^The control database does not let itself be changed: .*\nSign in as .*db_owner/,
  ],
  [{ VIGIA_IDENTITY_NAME: '' }, /VIGIA_IDENTITY_NAME is missing: it is an output of the deployment/],
  [{ CONTROL_DATABASE: 'Server=;User Id=x' }, /CONTROL_DATABASE must be an ADO\.NET connection string/],
])('prepare-database with %j says what is wrong and ends with code 1', async (environment, sentence) => {
  const { code, output, errors } = await prepareDatabase(environment, '--or-print');
  expect({ code, output }).toEqual({ code: 1, output: '' });
  expect(errors).toMatch(sentence);
});

test('where the server cannot be reached prepare-database prints the script, and fails unless that is well', async () => {
  const away = { VIGIA_SQL_HOST: '127.0.0.1,1' };
  const [failed, printed, taken] = await Promise.all([
    prepareDatabase(away),
    prepareDatabase(away, '--or-print'),
    prepareDatabase({ ...away, npm_config_or_print: 'true' }),
  ]);
  expect(failed).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^The control database cannot be opened from here: .*:1 /),
  });
  expect(printed).toMatchObject({ code: 0, errors: failed.errors, output: failed.output });
  expect(taken).toEqual(printed);
  expect(printed.output).toMatch(/^CREATE TABLE [^]*CREATE USER \[id-vigia\] WITH SID = 0x[^]*GRANT /);
});

/** https://learn.microsoft.com/azure/azure-sql/database/firewall-configure: how Azure SQL refuses an address. */
async function refuseAddress(count?: number): Promise<void> {
  const message =
    "Cannot open server 'sql-vigia' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server.  To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range.  It may take up to five minutes for this change to take effect.";
  const fault = { kind: 'refuse-login', number: 40615, severity: 14, database: 'Vigia', message, count };
  const answer = await fetch(azure.faults, { method: 'POST', body: JSON.stringify(fault) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function refuseNobody(): Promise<void> {
  await fetch(azure.faults, { method: 'DELETE' });
}

test('a server that the deployment created lets whoever prepares it in meanwhile', async () => {
  onTestFinished(refuseNobody);
  using manager = await resourceManager(async (method) => {
    await refuseNobody();
    // Once more: the rule takes its time. For good without it.
    await refuseAddress(method === 'PUT' ? 1 : undefined);
  });
  await refuseAddress();
  const environment = { VIGIA_SQL_SERVER_ID: serverId, RESOURCE_MANAGER: manager.address };
  const { code, output, errors } = await prepareDatabase(environment);
  expect({ code, output }).toEqual({
    code: 0,
    output: expect.stringMatching(/^The control database is ready/),
  });
  expect(errors).toMatch(
    /^The server's firewall does not let 203\.0\.113\.7 in: .*\nThe rule prepare-database is gone again\.\n$/,
  );
  const authorization = `Bearer ${managementToken}`;
  const properties = { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7' };
  expect(manager.asked).toEqual([
    { method: 'PUT', path: rulePath, authorization, body: { properties } },
    { method: 'DELETE', path: rulePath, authorization, body: null },
  ]);
});

test('where it may make no rule, or the server is another, prepare-database prints the script', async () => {
  onTestFinished(refuseNobody);
  using manager = await resourceManager();
  manager.answers.PUT = forbidden;
  await refuseAddress();
  const created = { VIGIA_SQL_SERVER_ID: serverId, RESOURCE_MANAGER: manager.address };
  const [mayNot, another, ofAString] = await Promise.all([
    prepareDatabase(created, '--or-print'),
    prepareDatabase({ ...created, VIGIA_SQL_SERVER_ID: '' }, '--or-print'),
    prepareDatabase({
      ...created,
      CONTROL_DATABASE: `Server=${azure.server};Database=Vigia;Authentication=Active Directory Default`,
    }),
  ]);
  const sentence = /^The control database cannot be opened from here: .*'203\.0\.113\.7' is not allowed/m;
  expect([mayNot.code, another.code, ofAString.code]).toEqual([0, 0, 1]);
  for (const { output, errors } of [mayNot, another, ofAString]) {
    expect(output).toMatch(/^CREATE TABLE /);
    expect(errors).toMatch(sentence);
  }
  for (const { errors } of [another, ofAString]) expect(errors).toMatch(/^The control database cannot/);
  expect(mayNot.errors).toContain('The rule prepare-database cannot be made: 403 AuthorizationFailed');
  expect(manager.asked).toHaveLength(1);
});

test('names that a connection string would take for something else end in a sentence', async () => {
  const [database, host] = await Promise.all([
    prepareDatabase({ VIGIA_SQL_DATABASE: 'Vigia;Encrypt="no' }),
    prepareDatabase({ VIGIA_SQL_HOST: 'sql.example.com,99999' }),
  ]);
  expect(database).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^The server refuses who is signed in .*\n$/),
  });
  expect(host).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/VIGIA_SQL_HOST must be the host of the server: The port .*\n$/),
  });
});

test('a control database with a password of its own gets no user', async () => {
  const CONTROL_DATABASE = azure.asAdministrator('Propia');
  const prepared = await prepareDatabase({ CONTROL_DATABASE, VIGIA_IDENTITY_NAME: '' });
  expect(prepared).toMatchObject({ code: 0, errors: '' });
  expect(await previewMigration(CONTROL_DATABASE)).toEqual([]);
});

test('the packed app works by its identity alone: scan, manage API, queue, dispatch, webhook; and tells its metrics when it ends', async () => {
  await using collector = await otlpReceiver();
  await using insights = await insightsReceiver(azure.storageCertificate);
  const gateway = await aGateway();
  onTestFinished(gateway.close);
  const control = openControlDatabase({ connection: azure.asAdministrator('Vigia') });
  const erp = openControlDatabase({ connection: azure.asAdministrator('Erp') });
  onTestFinished(async () => void (await Promise.all([control.destroy(), erp.destroy()])));
  await createTenantTables(erp);
  await fillTenant(erp, [{ code: '01', phone: '011 5555-0001' }]);
  await fillControl(control, azure.asAdministrator('Erp'), gateway.host);
  azure.asked.length = 0;
  await using host = await startHostOf(app, {
    environment: {
      ...azure.environment,
      NODE_EXTRA_CA_CERTS: azure.certificateOf.storage,
      CONTROL_DATABASE: asIdentity(identities.app),
      AzureWebJobsStorage__blobServiceUri: `${azure.addressOf('blob')}/`,
      AzureWebJobsStorage__queueServiceUri: `${azure.addressOf('queue')}/`,
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: identities.app,
      WEBHOOK_ALLOWED_HOSTS: gateway.host,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=clave%20secreta',
      OTEL_METRIC_EXPORT_INTERVAL: '240000',
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=${insights.address}`,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${identities.app};Authorization=AAD`,
      APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
    },
  });
  const post = (path: string, body: unknown) =>
    fetch(`${host.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await post('/admin/functions/scan-due-alerts', {})).status).toBe(202);
  await host.said('"event":"scan.finished"');
  const run = await post('/api/manage/alerts/000001/run', {});
  expect({ status: run.status, body: await run.json() }).toMatchObject({ status: 201 });
  await host.said('"event":"execution.finished"');
  expect(gateway.received).toHaveLength(1);
  expect((await fetch(`${host.address}/api/health`)).status).toBe(200);
  const problems = await (await fetch(`${host.address}/api/manage/problems`)).json();
  expect(problems).toMatchObject({
    problems: expect.arrayContaining([expect.objectContaining({ reason: 'correo_sin_configurar' })]),
  });
  expect(new Set(azure.asked)).toEqual(
    new Set([
      `https://database.windows.net ${identities.app}`,
      `https://storage.azure.com ${identities.app}`,
    ]),
  );
  expect(collector.points).toEqual([]);
  await host.stop('close-stdin');
  expect(collector.points.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['vigia.scan.duration', 'vigia.deliveries']),
  );
  expect(new Set(collector.headers.map((headers) => headers['api-key']))).toEqual(new Set(['clave secreta']));
  expect(insights.received.join()).toContain('vigia.deliveries');
  expect(azure.asked).toContain(`https://monitor.azure.com ${identities.app}`);
  expect(host.lines.filter((line) => line.includes('telemetry.'))).toEqual([]);
});

/** `code: message` of what went wrong; undefined when nothing did. */
const faultOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => String(error),
  );

test('a control database says of each refused login what to grant', async () => {
  const refusal = async (connection: string) => {
    const db = openControlDatabase({ connection });
    const fault = await faultOf(sql`SELECT 1`.execute(db));
    await db.destroy();
    return fault;
  };
  expect(await refusal(asIdentity(identities.app))).toBeUndefined();
  expect(await refusal(asIdentity(identities.stranger))).toBe(
    `control_database_refused: The control database Vigia on 127.0.0.1 refuses the identity ${identities.stranger} (18456): npm run prepare-database makes it a user that may read and write.`,
  );
  expect(await refusal(asIdentity(nobody))).toMatch(
    /^identity_refused: Azure does not let the app sign in as the identity 0{8}-.*No managed identity found/,
  );
  expect(await refusal(azure.asAdministrator('Vigia').replace(/Password=[^;]*/, 'Password=wrong'))).toMatch(
    /^control_database_refused: The server refuses the login .* \(18456\): correct User Id and Password\..*db_datawriter/,
  );
  expect(await refusal(azure.asAdministrator('Nowhere'))).toMatch(
    /^control_database_refused: The login of CONTROL_DATABASE cannot open Nowhere \(4060\)/,
  );
});

/** A queue service that refuses everybody, as Azure's does. */
async function aRefusingStorage(code: string): Promise<string> {
  const server = createServer(azure.storageCertificate, (_, response) =>
    response
      .writeHead(403, { 'x-ms-error-code': code, 'content-type': 'application/xml' })
      .end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/account`;
}

const clock = clockAt('2026-03-02T15:49:00Z');

const queueAt = (queueServiceUri: string, clientId: string = identities.app) => {
  const storage = { kind: 'identity', queueServiceUri, clientId } as const;
  return openDispatchQueue({ storage, name: alertQueue, clock });
};

test('a storage account says of each refusal which role or setting is missing', async () => {
  const refusal = (...where: Parameters<typeof queueAt>) => faultOf(queueAt(...where).reachQueue());
  await queueAt(azure.addressOf('queue')).sendDispatch(1, clock.now());
  expect(await refusal(azure.addressOf('queue'))).toBeUndefined();
  expect(await refusal(await aRefusingStorage('AuthorizationPermissionMismatch'))).toMatch(
    /^storage_refused: The storage account 127\.0\.0\.1:\d+ refuses the app \(AuthorizationPermissionMismatch\): give the identity 6c1f1b52-.* the role Storage Queue Data Contributor/,
  );
  expect(await refusal(await aRefusingStorage('AuthorizationFailure'))).toMatch(
    /^storage_refused: .*network rules/,
  );
  expect(await refusal('https://nothing-of-the-kind.invalid')).toMatch(
    /^storage_unknown: The storage account nothing-of-the-kind\.invalid is not found by its name .*AzureWebJobsStorage__accountName or/,
  );
  expect(await refusal(azure.addressOf('queue'), nobody)).toMatch(/^identity_refused: /);
});

test('the log has one line that says what to grant', async () => {
  await queueAt(azure.addressOf('queue')).sendDispatch(1, clock.now());
  const linesWith = async (connection: string, queueServiceUri: string) => {
    const environment = {
      CONTROL_DATABASE: connection,
      AzureWebJobsStorage__queueServiceUri: queueServiceUri,
      AzureWebJobsStorage__clientId: identities.app,
      SMTP_SERVER: 'smtp.example.com',
      SMTP_FROM: 'vigia@example.com',
    };
    const lines: string[] = [];
    const program = createVigia(loadConfig(environment), { clock, write: (line) => lines.push(line) });
    expect(await program.health()).toMatchObject({ status: 503 });
    await program.close();
    return lines;
  };
  expect(await linesWith(asIdentity(identities.stranger), azure.addressOf('queue'))).toEqual([
    expect.stringMatching(
      /"event":"health\.failing","error":\{"code":"control_database_refused",.*npm run prepare-database makes it a user/,
    ),
  ]);
  const refusing = await aRefusingStorage('AuthorizationPermissionMismatch');
  expect(await linesWith(asIdentity(identities.app), refusing)).toEqual([
    expect.stringMatching(/"event":"health\.failing",.*the role Storage Queue Data Contributor/),
  ]);
});
