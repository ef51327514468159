import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { AppRegistry } from './app/core-api.ts';
import { runHooks } from './app/run-hooks.ts';
import { blobServiceOf, findStorageConnection, queueServiceOf } from './bindings/storage-connection.ts';
import { storageOutputs } from './bindings/storage-outputs.ts';
import type { FunctionTable, HostFunction } from './function-table.ts';
import { systemClock } from './host-clock.ts';
import { hostConsole } from './host-console.ts';
import { HostError } from './host-error.ts';
import { readHostJson } from './host-json.ts';
import { accessKeys, type AccessKeyOptions, type AccessKeys } from './http/access-keys.ts';
import { httpServer } from './http/http-trigger.ts';
import { createInvoker, type Invoker } from './invoker.ts';
import { loadFunctions } from './load-functions.ts';
import { runByHand } from './run-by-hand.ts';
import { settingsFrom, type Settings } from './settings.ts';
import { blobScheduleMonitor, type ScheduleMonitor } from './timer/schedule-status.ts';
import { startListeners } from './start-listeners.ts';
import { workerLife } from './worker-life.ts';

export interface HostOptions {
  /** The folder of a built app. */
  readonly directory: string;
  /** 0: any free one. */
  readonly port: number;
  readonly keys: AccessKeyOptions;
  readonly write: (line: string) => void;
  /** Leaves out what the host itself says below a warning. */
  readonly quiet: boolean;
}

export interface RunningHost {
  readonly port: number;
  readonly table: FunctionTable;
  readonly keys: AccessKeys;
  /** Takes nothing new, lets what runs finish for up to `graceMs`, then runs the app's appTerminate hooks. */
  stop(graceMs: number): Promise<void>;
  /** The app threw where nobody could catch it: fails what runs, as the end of the worker process would. */
  crashed(): void;
}

/** Starts the app in `directory` in this process, with the settings that its environment holds now. */
export async function runHost(options: HostOptions): Promise<RunningHost> {
  const settings = settingsFrom(process.env);
  const hostJson = readHostJson(options.directory, process.env);
  const console = hostConsole({ ...options, now: () => Date.now(), levels: hostJson.logLevels });
  refuseOtherLanguages(settings);
  const app = await loadFunctions(options.directory, hostJson, settings, console);

  const wakeups = new Map<string, () => void>();
  const storage = storageOutputs(hostJson.queues.messageEncoding, (queue) => wakeups.get(queue)?.());
  const life = workerLife(systemClock);
  const base = { ...app, console, clock: systemClock, life };
  const invoker = createInvoker({ ...base, storage, functionTimeout: hostJson.functionTimeout });
  const hostId = hostIdOf(options.directory, settings);
  const triggers = { ...base, invoker, monitor: await scheduleMonitor(app.table, settings, hostId) };
  const keys = accessKeys(options.keys);
  const admin = {
    keys,
    table: app.table,
    host: { id: hostId, startedAt: Date.now() },
    routePrefix: hostJson.routePrefix,
    now: () => systemClock.now(),
    runByHand: (target: HostFunction, input: string | undefined) => void runByHand(target, input, triggers),
  };
  const bodyLimit = settings('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT');
  const server = httpServer({ ...base, keys, invoker, admin, bodyLimit });
  const port = await listen(server, options.port);

  const stopping = new AbortController();
  const listening = { ...triggers, queues: hostJson.queues, queueServiceOf, wakeups };
  const { stopped } = await startListeners(app.table, listening, stopping.signal);
  const parts = { server, stopping, listeners: stopped, invoker, registry: app.registry };
  return {
    port,
    table: app.table,
    keys,
    stop: (graceMs) => stopHost(parts, graceMs),
    crashed: () => life.die(),
  };
}

function refuseOtherLanguages(settings: Settings): void {
  const runtime = settings('FUNCTIONS_WORKER_RUNTIME');
  if (runtime !== undefined && runtime.toLowerCase() !== 'node') {
    throw new HostError(`FUNCTIONS_WORKER_RUNTIME is "${runtime}": this host runs "node" apps alone.`);
  }
}

/** The name under which the host keeps its files in storage. The real one hashes machine and folder too. */
function hostIdOf(directory: string, settings: Settings): string {
  const given = settings('AzureFunctionsWebHost:hostid');
  if (given !== undefined) return given.toLowerCase();
  const machine = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 16);
  return `${machine}-${createHash('sha256').update(directory).digest('hex').slice(0, 10)}`;
}

async function scheduleMonitor(
  table: FunctionTable,
  settings: Settings,
  hostId: string,
): Promise<ScheduleMonitor | undefined> {
  const needing = table.functions.find(({ trigger }) => trigger.kind === 'timer' && trigger.useMonitor);
  if (needing === undefined) return undefined;
  const connection = findStorageConnection(settings);
  if (connection === undefined) {
    throw new HostError(
      `Missing value for AzureWebJobsStorage: the timer function "${needing.name}" keeps its schedule there. ` +
        'Set it in local.settings.json or in the environment, or pass --storage.',
    );
  }
  return blobScheduleMonitor(await blobServiceOf(connection), hostId);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(taken ? new HostError(`Port ${port} is in use: choose another with --port.`, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

interface Parts {
  readonly server: Server;
  readonly stopping: AbortController;
  readonly listeners: Promise<unknown>;
  readonly invoker: Invoker;
  readonly registry: AppRegistry;
}

async function stopHost(
  { server, stopping, listeners, invoker, registry }: Parts,
  graceMs: number,
): Promise<void> {
  stopping.abort();
  invoker.stop();
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeIdleConnections();
  const late = new AbortController();
  await Promise.race([Promise.all([listeners, closed]), systemClock.wait(graceMs, late.signal)]);
  late.abort();
  server.closeAllConnections();
  await runHooks(registry.hooks.appTerminate, {
    hookData: registry.appLevelHookData,
    appHookData: registry.appHookData,
  });
}
