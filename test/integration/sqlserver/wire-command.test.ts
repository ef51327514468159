import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Connection, Request } from 'tedious';
import type { ConnectionConfiguration } from 'tedious';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startPostgres } from '../../../dev/sqlserver/postgres/start-postgres.ts';
import { freePort } from '../../support/free-port.ts';

const runner = fileURLToPath(new URL('../../../dev/run.mjs', import.meta.url));
const password = 'Tr€s tristes tigres 1';

/** One folder for all tests: making it takes longer than anything else here. */
const folder = mkdtempSync(join(tmpdir(), 'wire-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
const usual = ['--data', folder, '--password', password, '--port', '0'];

interface Command {
  process: ChildProcess;
  /** Its exit code. */
  ended: Promise<number | null>;
  /** What it said on standard error. */
  said: () => string;
}

function run(...options: string[]): Command {
  const child = spawn(process.execPath, [runner, 'sqlserver', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    process: child,
    ended: once(child, 'exit').then(([code]) => code as number | null),
    said: () => said,
  };
}

/** The port of a command that is ready. */
async function portOf({ process: child, ended, said }: Command): Promise<number> {
  if (child.stdout === null) throw new Error('Standard output is not a pipe');
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text));
  const first = await Promise.race([line, ended.then((code) => `ended with ${code}: ${said()}`)]);
  expect(first).toMatch(/^ready on 127\.0\.0\.1:\d+$/);
  return Number(first.split(':')[1]);
}

type Authentication = NonNullable<ConnectionConfiguration['authentication']>;
const asSa: Authentication = { type: 'default', options: { userName: 'sa', password } };

async function ask(
  port: number,
  text: string,
  database = 'master',
  authentication = asSa,
): Promise<unknown[]> {
  const connection = new Connection({
    server: '127.0.0.1',
    authentication,
    options: { port, database, encrypt: false, trustServerCertificate: true },
  });
  connection.on('error', () => undefined);
  connection.connect();
  const [failure] = (await once(connection, 'connect')) as [Error | undefined];
  if (failure !== undefined) throw failure;
  return new Promise<unknown[]>((resolve, reject) => {
    const rows: unknown[] = [];
    const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: { value: unknown }[]) => rows.push(columns.map(({ value }) => value)));
    connection.execSqlBatch(request);
  }).finally(() => connection.close());
}

test('the command makes its databases and serves them', async () => {
  const port = await portOf(run(...usual, '--database', 'erp', '--database', 'Ñandú'));
  await expect(ask(port, 'SELECT DB_NAME()', 'Ñandú')).resolves.toEqual([['Ñandú']]);
  await expect(ask(port, 'SELECT 1', 'erp')).resolves.toEqual([[1]]);
});

test('an access token logs in as the login that it stands for, and no other token does', async () => {
  const tokens = ['--access-token', 'sa=admin.token==', '--access-token', 'reader=reader.token'];
  const port = await portOf(run(...usual, '--database', 'erp', ...tokens));
  const whoIs = (token: string): Promise<unknown[]> =>
    ask(port, 'SELECT ORIGINAL_LOGIN(), USER_NAME()', 'erp', {
      type: 'azure-active-directory-access-token',
      options: { token },
    });
  await expect(whoIs('admin.token==')).resolves.toEqual([['sa', 'dbo']]);
  await expect(whoIs('reader.token')).rejects.toThrow(
    "Login failed for user '<token-identified principal>'.",
  );
  await ask(port, "CREATE LOGIN reader WITH PASSWORD = 'Leer.1234'");
  await ask(port, 'CREATE USER reporting FOR LOGIN reader', 'erp');
  await expect(whoIs('reader.token')).resolves.toEqual([['reader', 'reporting']]);
  await expect(whoIs('admin.token=')).rejects.toThrow('Login failed');
  await expect(whoIs('__proto__')).rejects.toThrow('Login failed');
});

test('a connection string without a password logs in with the managed identity of its host', async () => {
  const identities = createHttpServer((_, response) => {
    const expires = Math.floor(Date.now() / 1_000) + 3_600;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'of.the.host', expires_on: expires, token_type: 'Bearer' }));
  }).listen(0, '127.0.0.1');
  await once(identities, 'listening');
  onTestFinished(() => void identities.close());
  const { port: identityPort } = identities.address() as AddressInfo;
  const port = await portOf(run(...usual, '--database', 'erp', '--access-token', 'sa=of.the.host'));
  const connection = `Server=127.0.0.1,${port};Database=erp;Authentication=Active Directory Managed Identity;TrustServerCertificate=true`;
  // A process looks for the identity of its host once, and other tests have other hosts.
  const client = `
    import { openSqlClient } from './test/support/sql-client.ts';
    using client = await openSqlClient(${JSON.stringify(connection)});
    const { results } = await client.ask('SELECT ORIGINAL_LOGIN() AS login, DB_NAME() AS name');
    console.log(JSON.stringify(results[0].rows));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', client], {
    env: {
      PATH: process.env['PATH'],
      IDENTITY_ENDPOINT: `http://127.0.0.1:${identityPort}/token`,
      IDENTITY_HEADER: 'secret',
    },
  });
  expect(JSON.parse(stdout)).toEqual([['sa', 'erp']]);
});

test('after kill -9 the same folder serves what was committed', async () => {
  const options = [...usual, '--database', 'erp'];
  const first = run(...options);
  const port = await portOf(first);
  await ask(port, 'CREATE TABLE notes (id INT NOT NULL); INSERT INTO notes (id) VALUES (7)', 'erp');
  first.process.kill('SIGKILL');
  await first.ended;
  const again = await portOf(run(...options));
  await expect(ask(again, 'SELECT id FROM notes', 'erp')).resolves.toEqual([[7]]);
});

test('a folder in use is refused in one sentence', async () => {
  const first = run(...usual);
  await portOf(first);
  const second = run(...usual);
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`is in use by another local SQL Server (process ${first.process.pid})`);
});

test('a folder of another version is refused in a sentence that says what to do', async () => {
  const first = run(...usual);
  await portOf(first);
  first.process.kill('SIGTERM');
  await first.ended;
  const postgres = await startPostgres(folder);
  const client = new Client({ ...postgres.address, database: 'postgres' });
  await client.connect();
  const comment =
    "SELECT shobj_description(oid, 'pg_database') AS own FROM pg_database WHERE datname = 'template1'";
  const [row] = (await client.query<{ own: string }>(comment)).rows;
  await client.query("COMMENT ON DATABASE template1 IS 'older'");
  await client.end();
  await postgres.close();
  onTestFinished(async () => {
    const again = await startPostgres(folder);
    const other = new Client({ ...again.address, database: 'postgres' });
    await other.connect();
    await other.query(`COMMENT ON DATABASE template1 IS '${row?.own}'`);
    await other.end();
    await again.close();
  });
  const refused = run(...usual);
  expect(await refused.ended).toBe(1);
  expect(refused.said()).toContain(
    `The data folder ${folder} was made by another version of the local SQL Server. Delete it, or name another.`,
  );
});

test('a port in use is refused in one sentence, and PostgreSQL is stopped again', async () => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  onTestFinished(() => void busy.close());
  const { port } = busy.address() as AddressInfo;
  const options = ['--data', folder, '--password', password, '--port'];
  const refused = run(...options, String(port));
  expect(await refused.ended).toBe(1);
  expect(refused.said()).toContain(`Port ${port} on 127.0.0.1 is in use`);
  await portOf(run(...options, '0'));
});

test('faults are added and cleared at the control port', async () => {
  const controlPort = await freePort();
  const options = [...usual, '--control-port', String(controlPort)];
  const port = await portOf(run(...options));
  const fault = { kind: 'fail', statement: 'select 1', number: 1222 };
  const url = `http://127.0.0.1:${controlPort}/faults`;
  await fetch(url, { method: 'POST', body: JSON.stringify(fault) });
  await expect(ask(port, 'SELECT 1')).rejects.toMatchObject({ number: 1222 });
  await fetch(url, { method: 'DELETE' });
  await expect(ask(port, 'SELECT 1')).resolves.toEqual([[1]]);
});

test.each([
  [['--prot', '1'], '--prot'],
  [['--data', '/tmp/x', '--password', 'x', '--port', 'many'], '--port takes a whole number'],
  [['--data', '/tmp/x'], '--password is missing'],
  [
    ['--data', '/tmp/x', '--password', 'x', '--access-token', 'T'],
    '--access-token takes a login and its token',
  ],
])('%j is refused with what is wrong and how it should be', async (options, why) => {
  const command = run(...options);
  expect(await command.ended).toBe(1);
  expect(command.said()).toContain(why);
});
