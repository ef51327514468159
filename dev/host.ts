import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithNpm } from './end-with-npm.ts';
import { describeFunctions } from './host/describe-functions.ts';
import { HostError } from './host/host-error.ts';
import { runHost, type RunningHost } from './host/run-host.ts';
import { applyLocalSettings } from './host/settings.ts';

const USAGE = `Usage: npm run host -- --app DIR [--port N] [--storage CONNECTION]
                    [--enable-auth [--master-key K] [--host-key K]] [--stop-with-parent] [--quiet]

Runs a built Azure Functions app (Node.js, programming model v4) on 127.0.0.1.

  --app DIR            folder with the app's package.json and host.json
  --port N             port of the HTTP functions and the admin API (default 7071, 0: any free one)
  --storage CONNECTION storage account, instead of AzureWebJobsStorage from the settings
  --enable-auth        check keys, as Azure does
  --master-key K       key for everything, the admin API included (default: a new one, printed)
  --host-key K         key for every function of level "function" (default: a new one, printed)
  --stop-with-parent   stop when the standard input is closed
  --quiet              tell warnings, failures and what the app says, not each start and end of a function`;

/** How long invocations may go on after the order to stop. */
const GRACE_MS = 5_000;

const OPTIONS = {
  app: { type: 'string' },
  port: { type: 'string', default: '7071' },
  storage: { type: 'string' },
  'enable-auth': { type: 'boolean', default: false },
  'master-key': { type: 'string' },
  'host-key': { type: 'string' },
  'stop-with-parent': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function readArguments() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const port = Number(values.port);
    if (values.help) return { kind: 'usage' as const, code: 0, message: USAGE };
    if (values.app === undefined) return usage('--app is missing.');
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      return usage(`--port "${values.port}" is no port.`);
    return { kind: 'run' as const, ...values, app: values.app, port };
  } catch (fault) {
    return usage((fault as Error).message);
  }
}

function usage(message: string) {
  return { kind: 'usage' as const, code: 1, message: `${message}\n\n${USAGE}` };
}

type RunArguments = Extract<ReturnType<typeof readArguments>, { kind: 'run' }>;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What the Core Tools and the real host put into the environment of every app. */
function prepareEnvironment(directory: string, args: RunArguments): void {
  const environment = process.env;
  if (args.storage !== undefined) environment['AzureWebJobsStorage'] = args.storage;
  applyLocalSettings(directory, environment);
  environment['FUNCTIONS_WORKER_RUNTIME'] ??= 'node';
  environment['AZURE_FUNCTIONS_ENVIRONMENT'] ??= 'Development';
  environment['WEBSITE_HOSTNAME'] ??= `localhost:${args.port}`;
  environment['AzureWebJobsScriptRoot'] = directory;
  environment['FUNCTIONS_APPLICATION_DIRECTORY'] = directory;
  process.chdir(directory);
}

async function start(args: RunArguments): Promise<RunningHost> {
  const directory = resolve(args.app);
  if (!existsSync(directory)) throw new HostError(`--app ${directory}: there is no such folder.`);
  prepareEnvironment(directory, args);
  const keys = { enabled: args['enable-auth'], master: args['master-key'], host: args['host-key'] };
  const host = await runHost({ directory, port: args.port, keys, write: print, quiet: args.quiet });
  for (const line of describeFunctions(host, args)) print(line);
  return host;
}

/** In Azure an error that nobody caught ends the worker process, and the host starts another. */
function surviveCrashes(host: RunningHost): void {
  process.on('uncaughtException', (fault) => {
    process.stderr.write(
      `${fault.stack ?? String(fault)}\nThe app threw this where nobody could catch it.\n`,
    );
    host.crashed();
  });
}

/** Stops once, on whichever of the orders comes first, and leaves with code 0. */
function stopOnOrder(host: RunningHost, withParent: boolean): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    host.stop(GRACE_MS).then(
      () => process.exit(0),
      (fault: unknown) => fail(fault),
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
  if (process.env['npm_lifecycle_event'] === 'host') endWithNpm(stop);
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined); // a closed terminal
  if (withParent) process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
}

function fail(fault: unknown): never {
  const known = fault instanceof HostError;
  process.stderr.write(`${known ? fault.message : String((fault as Error).stack ?? fault)}\n`);
  process.exit(1);
}

const args = readArguments();
if (args.kind === 'usage') {
  process.stderr.write(`${args.message}\n`);
  process.exit(args.code);
}
try {
  const host = await start(args);
  surviveCrashes(host);
  stopOnOrder(host, args['stop-with-parent']);
} catch (fault) {
  fail(fault);
}
