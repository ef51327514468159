import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { HostError } from './host-error.ts';
import { parseLooseJson } from './loose-json.ts';
import { parseTimeSpan } from './time-span.ts';

/** The settings of host.json that this host obeys. Times in milliseconds. */
export interface HostJson {
  readonly routePrefix: string;
  /** undefined: no limit. */
  readonly functionTimeout: number | undefined;
  readonly queues: QueueOptions;
  /** Lowest level printed, by category prefix; '' and `default` hold for all others. */
  readonly logLevels: Readonly<Record<string, string>>;
}

export interface QueueOptions {
  readonly maxPollingInterval: number;
  /** How long a message stays hidden after a failure. */
  readonly visibilityTimeout: number;
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  readonly messageEncoding: 'base64' | 'none';
}

/** `AzureFunctionsJobHost__extensions__queues__batchSize=1` overrides that member of host.json. */
const OVERRIDE_PREFIX = 'azurefunctionsjobhost__';

type Tree = { [name: string]: unknown };

/** Reads the host.json of an app folder with the environment's overrides. Names ignore case. */
export function readHostJson(directory: string, environment: NodeJS.ProcessEnv): HostJson {
  const path = join(directory, 'host.json');
  const tree = parseHostJson(path);
  applyOverrides(tree, environment);
  const read = reader(tree, path);
  const version = read.text('version');
  if (version !== '2.0')
    throw new HostError(`${path}: "version" must be "2.0", not ${JSON.stringify(version)}.`);
  return {
    routePrefix: (read.text('extensions:http:routePrefix') ?? 'api').replace(/^\/+|\/+$/g, ''),
    functionTimeout: timeoutOf(read),
    queues: queueOptionsOf(read),
    logLevels: read.tree('logging:logLevel') as Record<string, string>,
  };
}

function parseHostJson(path: string): Tree {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new HostError(`${path} cannot be read: a Functions app needs a host.json.`, { cause });
  }
  try {
    return lowerCased(parseLooseJson(text) as Tree);
  } catch (cause) {
    throw new HostError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function lowerCased(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name.toLowerCase(),
      isTree(value) ? lowerCased(value) : value,
    ]),
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function applyOverrides(tree: Tree, environment: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(environment)) {
    if (!name.toLowerCase().startsWith(OVERRIDE_PREFIX)) continue;
    const path = name.toLowerCase().slice(OVERRIDE_PREFIX.length).split('__');
    const last = path.pop() ?? '';
    let at = tree;
    for (const step of path) {
      const next = at[step];
      const branch = isTree(next) ? next : {};
      at[step] = branch;
      at = branch;
    }
    at[last] = value;
  }
}

interface Reader {
  text(path: string): string | undefined;
  tree(path: string): Tree;
  integer(path: string, fallback: number, least: number, most?: number): number;
  time(path: string, fallback: number): number;
  /** One of the words, whatever its case; the first one when nothing is set. */
  choice<Word extends string>(path: string, words: readonly [Word, ...Word[]]): Word;
}

function reader(tree: Tree, file: string): Reader {
  const at = (path: string): unknown =>
    path
      .toLowerCase()
      .split(':')
      .reduce<unknown>((value, step) => (isTree(value) ? value[step] : undefined), tree);
  const text = (path: string): string | undefined => {
    const value = at(path);
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  };
  const refuse = (path: string, what: string): never => {
    throw new HostError(
      `${file}: "${path.replaceAll(':', '.')}" must be ${what}, not ${JSON.stringify(at(path))}.`,
    );
  };
  return {
    text,
    tree: (path) => (isTree(at(path)) ? (at(path) as Tree) : {}),
    integer(path, fallback, least, most = Number.MAX_SAFE_INTEGER) {
      const value = text(path) === undefined ? fallback : Number(text(path));
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      return refuse(
        path,
        most < Number.MAX_SAFE_INTEGER ? `a number from ${least} to ${most}` : `at least ${least}`,
      );
    },
    choice(path, words) {
      const given = text(path) ?? words[0];
      const word = words.find((each) => each === given.toLowerCase());
      return word ?? refuse(path, words.map((each) => `"${each}"`).join(' or '));
    },
    time(path, fallback) {
      const given = text(path);
      return given === undefined
        ? fallback
        : (parseTimeSpan(given) ?? refuse(path, 'a time span such as "00:00:02"'));
    },
  };
}

/** Without a plan's limit the real host allows 30 minutes; "-1" lifts it. */
function timeoutOf(read: Reader): number | undefined {
  return read.text('functionTimeout') === '-1' ? undefined : read.time('functionTimeout', 30 * 60_000);
}

function queueOptionsOf(read: Reader): QueueOptions {
  const at = (name: string): string => `extensions:queues:${name}`;
  const batchSize = read.integer(at('batchSize'), 16, 1, 32);
  const half = Math.trunc(batchSize / 2);
  return {
    maxPollingInterval: Math.max(100, read.time(at('maxPollingInterval'), 2_000)),
    visibilityTimeout: read.time(at('visibilityTimeout'), 0),
    batchSize,
    newBatchThreshold: read.integer(at('newBatchThreshold'), half * availableParallelism(), 0),
    maxDequeueCount: read.integer(at('maxDequeueCount'), 5, 1),
    messageEncoding: read.choice(at('messageEncoding'), ['base64', 'none']),
  };
}
