import { glob, readFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HostError } from '../host-error.ts';
import { coreApiOf, emptyRegistry, type AppRegistry, type WorkerLogEntry } from './core-api.ts';
import { runHooks } from './run-hooks.ts';

interface PackageJson {
  readonly main?: string;
  readonly type?: string;
}

/**
 * Imports every entry file of the app in `directory` (package.json `main`, a glob) and runs its appStart hooks.
 * An entry file that throws blocks the whole app.
 */
export async function loadApp(directory: string, log: (entry: WorkerLogEntry) => void): Promise<AppRegistry> {
  const registry = emptyRegistry();
  answerCoreModule(coreApiOf(registry, log));
  const packageJson = await readPackageJson(directory);
  for (const file of await entryFiles(directory, packageJson.main)) {
    registry.currentEntryFile = resolve(directory, file);
    await importEntryFile(directory, file, packageJson);
  }
  registry.currentEntryFile = undefined;
  await runHooks(registry.hooks.appStart, {
    hookData: registry.appLevelHookData,
    appHookData: registry.appHookData,
    functionAppDirectory: directory,
  });
  registry.locked = true;
  return registry;
}

/** `@azure/functions-core` is no package: whoever asks for it, from CommonJS or ESM, gets the host's answer. */
function answerCoreModule(coreApi: object): void {
  // Node's loader entry has no type; every `require` of every module passes through it.
  const load = Reflect.get(Module, '_load') as (request: string, ...rest: unknown[]) => unknown;
  Reflect.set(Module, '_load', function answering(this: unknown, request: string, ...rest: unknown[]) {
    return request === '@azure/functions-core' ? coreApi : load.call(this, request, ...rest);
  });
}

async function readPackageJson(directory: string): Promise<PackageJson> {
  const path = join(directory, 'package.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new HostError(`${path} cannot be read: --app must name the folder of a built Functions app.`, {
      cause,
    });
  });
  try {
    return JSON.parse(text) as PackageJson;
  } catch (cause) {
    throw new HostError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

async function entryFiles(directory: string, main: string | undefined): Promise<string[]> {
  if (main === undefined) {
    throw new HostError(
      `${join(directory, 'package.json')} has no "main": it must name the app's entry files.`,
    );
  }
  const files: string[] = [];
  for await (const file of glob(main, { cwd: directory })) files.push(file);
  if (files.length === 0) {
    const why = /[*?{[]/.test(main)
      ? 'Found zero files matching the supplied pattern'
      : 'File does not exist';
    throw new HostError(`Worker was unable to load entry point "${main}": ${why}. Is the app built?`);
  }
  return files.sort();
}

async function importEntryFile(directory: string, file: string, packageJson: PackageJson): Promise<void> {
  const path = resolve(directory, file);
  try {
    if (isEsModule(path, packageJson)) await import(pathToFileURL(path).href);
    else createRequire(path)(path);
  } catch (cause) {
    throw new EntryFileError(file, cause);
  }
}

function isEsModule(path: string, packageJson: PackageJson): boolean {
  if (path.endsWith('.mjs')) return true;
  if (path.endsWith('.cjs')) return false;
  return packageJson.type === 'module';
}

/** An entry file threw. When the app marks its error `expected`, its message alone is for the reader. */
class EntryFileError extends HostError {
  override readonly name = 'EntryFileError';

  constructor(file: string, cause: unknown) {
    const { message, stack, expected } = faultOf(cause);
    const unexpected = `Worker was unable to load entry point "${file}": ${stack ?? message}`;
    super(expected ? message : unexpected, { cause });
  }
}

function faultOf(cause: unknown): { message: string; stack?: string | undefined; expected: boolean } {
  if (!(cause instanceof Error)) return { message: String(cause), expected: false };
  const expected = cause.name === 'ConfigError' || ('expected' in cause && cause.expected === true);
  return { message: cause.message, stack: cause.stack, expected };
}
