import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import type { ChaosOptions } from './chaos/one-life.ts';
import { printResult } from './chaos/print-result.ts';
import { runChaos } from './chaos/run-chaos.ts';
import { buildApp } from './services/build-app.ts';
import { freeOffset } from './services/free-offset.ts';
import { controlDatabaseName, localSqlConnection } from './services/local-settings.ts';
import { openStack } from './services/open-stack.ts';
import { portsAt } from './services/ports.ts';
import { readOptions, runCommand, wholeNumber } from './services/run-command.ts';

const usage = `npm run chaos -- [options]

Kills the Functions host (kill -9) again and again while it sends alerts, starts it again, and in the end compares every
(alert, occurrence, recipient) that was expected with what the webhook receiver got and with the control database. Ends
with code 1 when anything was lost, or repeated with another webhook-id. Uses servers, ports and a folder of its own.

  --kills N         how often it is killed (default 20)
  --seed N          the same alerts, moments and answers of the receiver as a run before (default: a new one, printed)
  --companies N     with an ERP database each (default 4)
  --people N        of each company (default 24)
  --alerts N        due in the seconds after each start (default 3)
  --fatal-kills N   two more alerts kill the host whenever they are opened or delivered, until they are given up after ten
                    openings; so many of them are real, the others written into the record (default 10)
  --app FOLDER      a built app, such as an unpacked package (default: one is built)
  --drain           wait in the end, ten minutes at most, until the messages come back that killed processes had received
  --help            this text`;

const options = {
  kills: { type: 'string', default: '20' },
  seed: { type: 'string' },
  companies: { type: 'string', default: '4' },
  people: { type: 'string', default: '24' },
  alerts: { type: 'string', default: '3' },
  'fatal-kills': { type: 'string', default: '10' },
  app: { type: 'string' },
  drain: { type: 'boolean', default: false },
} as const;

await runCommand(async () => {
  const values = readOptions(options, usage);
  const chaos: ChaosOptions = {
    seed: values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber('seed', values.seed, 0, 2 ** 31),
    kills: wholeNumber('kills', values.kills, 1, 10_000),
    companies: wholeNumber('companies', values.companies, 1, 50),
    people: wholeNumber('people', values.people, 1, 500),
    alerts: wholeNumber('alerts', values.alerts, 1, 100),
    fatalKills: wholeNumber('fatal-kills', values['fatal-kills'], 1, 10),
    drain: values.drain,
  };
  console.log(`seed ${chaos.seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'vigia-chaos-'));
  chmodSync(folder, 0o755); // started by root, PostgreSQL runs as another user
  let isGood = false;
  try {
    isGood = await chaosIn(folder, chaos, values.app);
  } finally {
    if (isGood) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    else console.log(`Databases and the host's log are kept in ${folder}.`);
  }
  if (!isGood) process.exitCode = 1;
});

async function chaosIn(folder: string, chaos: ChaosOptions, built: string | undefined): Promise<boolean> {
  const ports = portsAt(await freeOffset());
  const app = resolve(built ?? join(folder, 'app'));
  const log = join(folder, 'host.log');
  const [stack] = await Promise.all([
    openStack({
      ports,
      dataFolder: join(folder, 'data'),
      fresh: true,
      settingsFile: join(folder, 'local.settings.json'),
    }),
    built === undefined ? buildInto(app) : undefined,
  ]);
  const file = openSync(log, 'a');
  try {
    await using control = openControlDatabase({ connection: localSqlConnection(ports, controlDatabaseName) });
    const result = await runChaos(chaos, { ports, control, app, log: { path: log, file }, say: console.log });
    return printResult(result, chaos);
  } finally {
    closeSync(file);
    await stack.close();
  }
}

/** An app of its own: another build meanwhile changes nothing. */
async function buildInto(app: string): Promise<void> {
  mkdirSync(app);
  for (const file of ['package.json', 'host.json']) copyFileSync(file, join(app, file));
  symlinkSync(resolve('node_modules'), join(app, 'node_modules'), 'junction');
  await buildApp({ folder: app });
}
