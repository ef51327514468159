import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { buildApp } from '../dev/services/build-app.ts';
import { freeOffset } from '../dev/services/free-offset.ts';
import { scanNow, startHostProcess } from '../dev/services/host-process.ts';
import { controlDatabaseName, localSqlConnection } from '../dev/services/local-settings.ts';
import { openStack } from '../dev/services/open-stack.ts';
import { portsAt, type Ports } from '../dev/services/ports.ts';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import { readableTemporaryFolder } from '../test/support/temporary-folder.ts';
import { atMost, information, quantile, type Figure } from './figure.ts';
import { manageCalls } from './manage-calls.ts';
import { seedRecords } from './seed-records.ts';

const rounds = 15;
const warmUp = 3;
const shown = 5;
const goalMs = 50;
const seedLimitMs = 300_000;
/** By then the local SQL Server's PostgreSQL has looked through the tables, as SQL Server does when a query wants it to. */
const statisticsMs = 40_000;

/** Every GET of the manage API over HTTP, with 200,000 executions and 1,000,000 messages on record: the slowest of them. */
export async function measureManage(): Promise<Figure[]> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(readableTemporaryFolder('vigia-bench-'));
  const ports = portsAt(await freeOffset());
  const settingsFile = join(folder.path, 'local.settings.json');
  const [, stack] = await Promise.all([
    buildApp(),
    openStack({ ports, dataFolder: folder.path, fresh: true, settingsFile }),
  ]);
  made.defer(() => stack.close());
  const seconds = await seed(ports);
  await pause(statisticsMs);
  const host = startHostProcess(ports, {
    settings: { LOG_FORMAT: 'json', RETENTION_DAYS: '3650' },
    output: 'ignore',
  });
  made.defer(() => host.close());
  await host.ready;
  await scanNow(ports); // has the agenda filled
  const times = await timesOf(manageCalls(Temporal.Now.instant()), ports);
  const medians = [...times].map(([call, each]) => ({ call, ms: quantile(each, 0.5) }));
  const [slowest, ...others] = medians.toSorted((one, other) => other.ms - one.ms).slice(0, shown);
  if (slowest === undefined) throw new Error('Nothing was measured.');
  const all = medians.map(({ ms }) => ms);
  return [
    information('manage: seeding 200,000 executions, 1,000,000 messages', seconds, 's'),
    information(`manage: median of ${all.length} kinds of GET`, quantile(all, 0.5), 'ms'),
    atMost(`manage: slowest GET, ${slowest.call}`, slowest.ms, 'ms', goalMs),
    ...others.map(({ call, ms }) => atMost(`manage: GET ${call}`, ms, 'ms', goalMs)),
  ];
}

async function seed(ports: Ports): Promise<number> {
  const connection = localSqlConnection(ports, controlDatabaseName);
  await using db = openControlDatabase({ connection, requestTimeoutMs: seedLimitMs });
  const began = performance.now();
  await seedRecords(db, Temporal.Now.instant());
  return (performance.now() - began) / 1_000;
}

/** In turns, because the machine is never the same for long. */
async function timesOf(calls: readonly string[], ports: Ports): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(calls.map((call) => [call, []]));
  for (let round = 0; round < warmUp + rounds; round++)
    for (const [call, each] of times) {
      const ms = await timeOf(`http://127.0.0.1:${ports.host}/api/manage/${call}`);
      if (round >= warmUp) each.push(ms);
    }
  return times;
}

async function timeOf(url: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`GET ${url} answered ${answer.status}: ${body}`);
  return performance.now() - began;
}
