import type { AppRegistry, WorkerLogEntry } from './app/core-api.ts';
import { loadApp } from './app/load-app.ts';
import { workerLog } from './app/worker-log.ts';
import { indexFunctions, type FunctionTable } from './function-table.ts';
import type { HostConsole } from './host-console.ts';
import type { HostJson } from './host-json.ts';
import type { Settings } from './settings.ts';

export interface LoadedFunctions {
  readonly registry: AppRegistry;
  readonly table: FunctionTable;
  readonly log: (entry: WorkerLogEntry) => void;
  /** Where the app takes HTTP requests itself; undefined when it does not stream. */
  readonly streamUri: string | undefined;
}

/** Imports the app and reads what it has registered. */
export async function loadFunctions(
  directory: string,
  { routePrefix }: HostJson,
  settings: Settings,
  console: HostConsole,
): Promise<LoadedFunctions> {
  let loaded: AppRegistry | undefined;
  const log = workerLog(() => loaded, console);
  const registry = await loadApp(directory, log);
  loaded = registry;
  const capabilities = (await registry.model?.getCapabilities?.({})) ?? {};
  const table = indexFunctions(registry, { settings, routePrefix, now: Date.now() });
  return { registry, table, log, streamUri: capabilities['HttpUri'] };
}
