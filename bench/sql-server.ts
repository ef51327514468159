import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Connection, Request, TYPES } from 'tedious';
import { sqlConnection } from '../dev/services/connections.ts';
import { sqlConnectionOf } from '../src/core/sql-connection.ts';
import { freePort } from '../test/support/free-port.ts';
import { runCommand, type RunningCommand } from '../test/support/running-command.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { atLeast, atMost, information, quantile, type Figure } from './figure.ts';

const password = 'Bench_only_1';
/** Statements until V8 has compiled both drivers and the server. */
const warmUp = 12_000;
const rounds = 30;
const statementsPerRound = 400;
/** As many as an instance of the app opens to the control database. */
const poolSize = 20;
const connections = 200;
const pageBytes = 4_096;

/** The local SQL Server alone: its starts, its speed beside that of the PostgreSQL beneath it, many connections, memory. */
export async function measureSqlServer(): Promise<Figure[]> {
  await using folder = readableTemporaryFolder('vigia-bench-');
  const cold = await startedIn(folder.path);
  await cold.server[Symbol.asyncDispose]();
  const warm = await startedIn(folder.path);
  await using server = warm.server;
  const single = await comparedWithPostgres(warm.port, warm.postgresPort, folder.path, 1);
  const memory = memoryOf(server);
  const pooled = await comparedWithPostgres(warm.port, warm.postgresPort, folder.path, poolSize);
  const connected = await connectAtOnce(warm.port, () => memoryOf(server));
  return [
    atMost('SQL Server: cold start', cold.seconds, 's', 2),
    atMost('SQL Server: warm start', warm.seconds, 's', 0.7),
    information(
      `SQL Server: parameterised selects of one row, ${poolSize} at once`,
      pooled.select.perSecond,
      '/s',
    ),
    information('SQL Server: the same with TLS', pooled.secured.perSecond, '/s'),
    atLeast('SQL Server: the selects / the same through pg', pooled.select.ratio, '', 0.35),
    information(`SQL Server: inserts of one row, ${poolSize} at once`, pooled.insert.perSecond, '/s'),
    atLeast('SQL Server: the inserts / the same through pg', pooled.insert.ratio, '', 0.35),
    information('SQL Server: selects one after the other / the same through pg', single.select.ratio, ''),
    information('SQL Server: inserts one after the other / the same through pg', single.insert.ratio, ''),
    information(`SQL Server: ${connections} connections at once, a statement each`, connected.seconds, 's'),
    ...(memory === undefined ? [] : [atMost('SQL Server: memory above PostgreSQL', memory, 'MB', 150)]),
    ...(connected.memory === undefined
      ? []
      : [information(`SQL Server: memory with ${connections} connections`, connected.memory, 'MB')]),
  ];
}

interface Started {
  server: RunningCommand;
  port: number;
  postgresPort: number;
  seconds: number;
}

async function startedIn(folder: string): Promise<Started> {
  const [port, postgresPort] = [await freePort(), await freePort()];
  const options = ['--data', join(folder, 'sql'), '--password', password, '--database', 'Bench'];
  const began = performance.now();
  const server = runCommand('sqlserver', [
    ...options,
    ...['--port', String(port), '--postgres-port', String(postgresPort)],
  ]);
  await server.line(/^ready on/, 60_000);
  return { server, port, postgresPort, seconds: (performance.now() - began) / 1_000 };
}

interface Compared {
  perSecond: number;
  /** Of the rates: 1 = as fast as PostgreSQL itself. */
  ratio: number;
}

/** Over the connection of that number. */
type Statement = (value: number, connection: number) => Promise<unknown>;

async function comparedWithPostgres(port: number, postgresPort: number, folder: string, count: number) {
  const plain = await openedFor(count, () => connect(port, { encrypt: false })); // as pg
  const withTls = await openedFor(count, () => connect(port, { encrypt: true }));
  const address = { host: '127.0.0.1', port: postgresPort, user: 'postgres', database: 'postgres' };
  const superuser = readFileSync(join(folder, 'sql', 'postgres.password'), 'utf8');
  const postgres = await openedFor(count, async () => {
    const client = new Client({ ...address, password: superuser });
    await client.connect();
    return client;
  });
  const table = `item${count}`;
  const columns = 'id INT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, n INT NOT NULL';
  await ask(plain(0), `CREATE TABLE ${table} (${columns})`);
  await postgres(0).query(`CREATE TABLE ${table} (${columns})`);
  const insert = `INSERT INTO ${table} (id, name, n) VALUES`;
  const select = `SELECT id, name, n FROM ${table} WHERE id =`;
  try {
    return {
      insert: await compare(
        (id, n) => ask(plain(n), `${insert} (@id, @name, @n)`, { id, name: `name ${id}`, n: id }),
        (id, n) => postgres(n).query(`${insert} ($1, $2, $3)`, [id, `name ${id}`, id]),
        count,
      ),
      select: await compare(
        (id, n) => ask(plain(n), `${select} @id`, { id }),
        (id, n) => postgres(n).query(`${select} $1`, [id]),
        count,
      ),
      secured: await compare(
        (id, n) => ask(withTls(n), `${select} @id`, { id }),
        (id, n) => postgres(n).query(`${select} $1`, [id]),
        count,
      ),
    };
  } finally {
    for (let n = 0; n < count; n++) {
      plain(n).close();
      withTls(n).close();
      await postgres(n).end();
    }
  }
}

async function openedFor<T>(count: number, open: () => Promise<T>): Promise<(n: number) => T> {
  const all = new Map<number, T>();
  for (let n = 0; n < count; n++) all.set(n, await open());
  return (n) => {
    const one = all.get(n);
    if (one === undefined) throw new RangeError(`There are ${count} connections, and none ${n}.`);
    return one;
  };
}

/** Takes turns, because the machine is never the same for long; before that, each runs until it is warm. */
async function compare(
  throughServer: Statement,
  throughPostgres: Statement,
  atOnce: number,
): Promise<Compared> {
  await timeOf(throughServer, 0, warmUp, atOnce);
  await timeOf(throughPostgres, 0, warmUp, atOnce);
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = warmUp + round * statementsPerRound;
    const time = await timeOf(throughServer, from, statementsPerRound, atOnce);
    ratios.push((await timeOf(throughPostgres, from, statementsPerRound, atOnce)) / time);
    times.push(time);
  }
  return { perSecond: 1_000 / quantile(times, 0.5), ratio: quantile(ratios, 0.5) };
}

/** Milliseconds per statement, over so many connections, one after the other over each. */
async function timeOf(statement: Statement, from: number, count: number, atOnce: number): Promise<number> {
  const began = performance.now();
  let next = from;
  const overOne = async (connection: number): Promise<void> => {
    while (next < from + count) await statement(next++, connection);
  };
  await Promise.all(Array.from({ length: atOnce }, (_, connection) => overOne(connection)));
  return (performance.now() - began) / count;
}

async function connectAtOnce(port: number, measure: () => number | undefined) {
  const began = performance.now();
  const opened = await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await connect(port, { encrypt: true });
      await ask(connection, 'SELECT COUNT(*) FROM item1 WHERE id < @id', { id: 10 });
      return connection;
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const memory = measure();
  for (const connection of opened) connection.close();
  return { seconds, memory };
}

function connect(port: number, { encrypt }: { encrypt: boolean }): Promise<Connection> {
  const config = sqlConnectionOf(sqlConnection(`127.0.0.1,${port}`, 'Bench', 'sa', password));
  const connection = new Connection({
    ...config,
    options: { ...config.options, encrypt, connectTimeout: 60_000 },
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

function ask(connection: Connection, sql: string, values: Record<string, number | string> = {}) {
  return new Promise<void>((resolve, reject) => {
    const request = new Request(sql, (error) => (error ? reject(error) : resolve()));
    for (const [name, value] of Object.entries(values))
      request.addParameter(name, typeof value === 'number' ? TYPES.Int : TYPES.VarChar, value);
    connection.execSql(request);
  });
}

/** Megabytes resident of the server and the guard that it starts, without PostgreSQL. Linux only (/proc). */
function memoryOf({ pid }: RunningCommand): number | undefined {
  if (!existsSync(`/proc/${pid}/statm`)) return undefined;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const pages = [String(pid), ...children]
    .filter(Boolean)
    .map((id) => Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]));
  return (pages.reduce((sum, each) => sum + each, 0) * pageBytes) / 2 ** 20;
}
