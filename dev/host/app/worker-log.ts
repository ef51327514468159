import { SYSTEM, type HostConsole } from '../host-console.ts';
import type { AppRegistry, WorkerLogEntry } from './core-api.ts';

/** Carries what an app logs to the console, after its log hooks have had their say. */
export function workerLog(
  registry: () => AppRegistry | undefined,
  console: HostConsole,
): (entry: WorkerLogEntry) => void {
  let inHook = false;
  return (entry) => {
    const change = { level: entry.level, message: entry.message };
    const hooks = registry()?.hooks.log ?? [];
    if (!inHook && hooks.length > 0) {
      inHook = true;
      try {
        const { category, invocationContext } = entry;
        const context = Object.assign(change, {
          category,
          invocationContext,
          hookData: {},
          appHookData: registry()?.appHookData,
        });
        for (const hook of hooks) hook(context);
      } finally {
        inHook = false;
      }
    }
    console.log(change.level, categoryOf(entry), change.message);
  };
}

function categoryOf({ functionName, category }: WorkerLogEntry): string {
  if (category === 'system') return SYSTEM;
  if (functionName === undefined) return 'Function';
  return category === 'user' ? `Function.${functionName}.User` : `Function.${functionName}`;
}
