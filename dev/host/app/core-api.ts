import { basename, dirname } from 'node:path';
import { HOST_VERSION, WORKER_VERSION } from '../host-version.ts';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './worker-protocol.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  readonly scriptFile: string;
  readonly directory: string;
}

export interface WorkerLogEntry {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationContext?: unknown;
}

/** What an app has told the worker: its model, functions and hooks. Locked once its entry files are loaded. */
export interface AppRegistry {
  model: ProgrammingModel | undefined;
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Readonly<Record<HookName, HookCallback[]>>;
  /** Shared by all hooks of the app. */
  readonly appHookData: Record<string, unknown>;
  /** Shared by the app-level hooks alone. */
  readonly appLevelHookData: Record<string, unknown>;
  currentEntryFile: string | undefined;
  locked: boolean;
}

export function emptyRegistry(): AppRegistry {
  return {
    model: undefined,
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
    appLevelHookData: {},
    currentEntryFile: undefined,
    locked: false,
  };
}

/** Answers an undo once: the library hands these to the app, which may dispose of a hook. */
class Disposable {
  readonly #undo: () => void;

  constructor(undo: () => void) {
    this.#undo = undo;
  }

  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const each of disposables) each.dispose();
    });
  }

  dispose(): void {
    this.#undo();
  }
}

/** The module that `require('@azure/functions-core')` gives an app: its only way to the host. */
export function coreApiOf(registry: AppRegistry, log: (entry: WorkerLogEntry) => void): object {
  return {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerHook: (name: string, callback: HookCallback) => registerHook(registry, name, callback),
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
      registerFunction(registry, metadata, callback),
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    log: (level: LogLevel, category: LogCategory, message: string) => log({ level, category, message }),
  };
}

function registerHook(registry: AppRegistry, name: string, callback: HookCallback): Disposable {
  const hooks = Object.hasOwn(registry.hooks, name) ? registry.hooks[name as HookName] : undefined;
  if (hooks === undefined) {
    throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
  }
  hooks.push(callback);
  return new Disposable(() => {
    const index = hooks.indexOf(callback);
    if (index >= 0) hooks.splice(index, 1);
  });
}

function registerFunction(
  registry: AppRegistry,
  metadata: FunctionMetadata,
  callback: FunctionCallback,
): Disposable {
  if (registry.locked) throw new Error('A function can only be registered during app startup.');
  const id = metadata.functionId ?? metadata.name;
  if (registry.functions.has(id)) {
    throw new Error(`A function with id "${id}" has already been registered.`);
  }
  const file = registry.currentEntryFile;
  registry.functions.set(id, {
    metadata,
    callback,
    scriptFile: file === undefined ? 'unknown' : basename(file),
    directory: file === undefined ? '' : dirname(file),
  });
  return new Disposable(() => {
    if (registry.locked) throw new Error('A function can only be disposed during app startup.');
    registry.functions.delete(id);
  });
}
