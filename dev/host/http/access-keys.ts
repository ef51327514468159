import { createHash, randomBytes } from 'node:crypto';
import { firstInQuery, headerOf, type HostRequest } from './http-request.ts';

/** What a request's key allows. */
export type AccessLevel = 'anonymous' | 'function' | 'system' | 'admin';

type Keys = Map<string, string>;

/** The keys of an app: one master key, keys for all functions, keys of each function. */
export interface AccessKeys {
  /** False as under `func start`: everybody may do everything. */
  readonly enabled: boolean;
  readonly master: string;
  readonly host: Keys;
  readonly system: Keys;
  /** Each function has a `default` key from the start. */
  ofFunction(name: string): Keys;
  replaceMaster(key: string): void;
  /** What the request's key allows, on one function or (undefined) on the host. */
  levelOf(request: HostRequest, functionName: string | undefined): AccessLevel;
}

export interface AccessKeyOptions {
  readonly enabled: boolean;
  readonly master: string | undefined;
  readonly host: string | undefined;
}

export function newKey(): string {
  return randomBytes(33).toString('base64url');
}

export function accessKeys({ enabled, master: givenMaster, host }: AccessKeyOptions): AccessKeys {
  let master = givenMaster ?? newKey();
  const seed = master;
  const hostKeys: Keys = new Map([['default', host ?? newKey()]]);
  const system: Keys = new Map();
  const functions = new Map<string, Keys>();
  const ofFunction = (name: string): Keys => {
    const known = functions.get(name.toLowerCase()) ?? new Map([['default', defaultKey(seed, name)]]);
    functions.set(name.toLowerCase(), known);
    return known;
  };
  const holds = (keys: Keys, key: string): boolean => [...keys.values()].includes(key);
  return {
    enabled,
    get master() {
      return master;
    },
    host: hostKeys,
    system,
    ofFunction,
    replaceMaster: (key) => {
      master = key;
    },
    levelOf(request, functionName) {
      if (!enabled) return 'admin';
      const key = headerOf(request, 'x-functions-key') ?? firstInQuery(request, 'code') ?? '';
      if (key === '') return 'anonymous';
      if (key === master) return 'admin';
      if (holds(system, key)) return 'system';
      if (holds(hostKeys, key)) return 'function';
      return functionName !== undefined && holds(ofFunction(functionName), key) ? 'function' : 'anonymous';
    },
  };
}

/** The same at every start with the same master key, so that callers can keep it. */
function defaultKey(master: string, name: string): string {
  return createHash('sha256').update(`${master}/${name.toLowerCase()}`).digest('base64url');
}
