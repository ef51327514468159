import type { AppRegistry, RegisteredFunction } from './app/core-api.ts';
import type { BindingInfo, FunctionMetadata } from './app/worker-protocol.ts';
import { resolveSettings } from './bindings/binding-expression.ts';
import {
  findStorageConnection,
  missingConnection,
  type StorageConnection,
} from './bindings/storage-connection.ts';
import { parseRoute, type RouteTemplate } from './http/route-template.ts';
import type { Settings } from './settings.ts';
import { parseTimerSchedule, type TimerSchedule } from './timer/timer-schedule.ts';

export interface HttpTrigger {
  readonly kind: 'http';
  /** Without the prefix. */
  readonly route: string;
  readonly template: RouteTemplate;
  /** Upper case; empty: every method. */
  readonly methods: readonly string[];
  readonly authLevel: 'anonymous' | 'function' | 'admin';
}

export interface TimerTrigger {
  readonly kind: 'timer';
  readonly schedule: TimerSchedule;
  readonly runOnStartup: boolean;
  readonly useMonitor: boolean;
}

export interface QueueTrigger {
  readonly kind: 'queue';
  readonly queueName: string;
  readonly connection: StorageConnection;
  readonly asBytes: boolean;
}

export type Trigger = HttpTrigger | TimerTrigger | QueueTrigger;

/** Another binding of a function. Queue names and blob paths may hold `{name}` expressions. */
export type ExtraBinding =
  | { readonly kind: 'http'; readonly name: string }
  | {
      readonly kind: 'queue';
      readonly name: string;
      readonly queueName: string;
      readonly connection: StorageConnection;
    }
  | {
      readonly kind: 'blob';
      readonly name: string;
      readonly path: string;
      readonly connection: StorageConnection;
      readonly asBytes: boolean;
    };

/** A function that this host can run. */
export interface HostFunction {
  readonly name: string;
  readonly registered: RegisteredFunction;
  /** The name of the trigger's binding, under which the worker expects its value. */
  readonly triggerName: string;
  readonly trigger: Trigger;
  readonly inputs: readonly ExtraBinding[];
  readonly outputs: readonly ExtraBinding[];
  readonly disabled: boolean;
}

/** A function that cannot run, and why. The others of its app run all the same. */
export interface FunctionInError {
  readonly name: string;
  readonly registered: RegisteredFunction;
  readonly reason: string;
}

export interface FunctionTable {
  /** Sorted by name: HTTP routes are tried in this order. */
  readonly functions: readonly HostFunction[];
  readonly inError: readonly FunctionInError[];
}

export interface IndexOptions {
  readonly settings: Settings;
  readonly routePrefix: string;
  readonly now: number;
}

/** Reads everything that an app has registered. */
export function indexFunctions(registry: AppRegistry, options: IndexOptions): FunctionTable {
  const functions: HostFunction[] = [];
  const inError: FunctionInError[] = [];
  for (const registered of registry.functions.values()) {
    try {
      functions.push(indexFunction(registered, options));
    } catch (fault) {
      inError.push({ name: registered.metadata.name, registered, reason: (fault as Error).message });
    }
  }
  const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name, 'en');
  return { functions: functions.sort(byName), inError: inError.sort(byName) };
}

function indexFunction(registered: RegisteredFunction, options: IndexOptions): HostFunction {
  const { name, bindings } = registered.metadata;
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name)) throw new Error(`'${name}' is not a valid function name.`);
  const [triggerName, trigger] = triggerOf(registered.metadata);
  const extras = Object.entries(bindings).filter(([each]) => each !== triggerName);
  return {
    name,
    registered,
    triggerName,
    trigger: readTrigger(name, trigger, options),
    inputs: extras.filter(([, each]) => each.direction === 'in').map((each) => readExtra(each, options)),
    outputs: extras.filter(([, each]) => each.direction === 'out').map((each) => readExtra(each, options)),
    disabled: isDisabled(name, options.settings),
  };
}

function triggerOf(metadata: FunctionMetadata): [string, BindingInfo] {
  const triggers = Object.entries(metadata.bindings).filter(([, each]) => /trigger$/i.test(each.type));
  const [trigger] = triggers;
  if (trigger === undefined)
    throw new Error('No trigger binding specified. A function must have a trigger input binding.');
  if (triggers.length > 1)
    throw new Error('Multiple trigger bindings defined. A function can only have a single trigger binding.');
  return trigger;
}

function readTrigger(name: string, binding: BindingInfo, options: IndexOptions): Trigger {
  switch (binding.type.toLowerCase()) {
    case 'httptrigger':
      return readHttpTrigger(name, binding, options);
    case 'timertrigger':
      return readTimerTrigger(binding, options);
    case 'queuetrigger':
      return {
        kind: 'queue',
        queueName: queueNameOf(binding, options.settings),
        connection: connectionOf(binding, options.settings),
        asBytes: wantsBytes(binding),
      };
    default:
      throw unsupported(binding);
  }
}

function readHttpTrigger(name: string, binding: BindingInfo, options: IndexOptions): HttpTrigger {
  const given = textOf(binding, 'route') ?? '';
  const route = given.trim() === '' ? name : given;
  if (/^\/*(admin|runtime)/i.test(route)) {
    throw new Error('The specified route conflicts with one or more built in routes.');
  }
  const methods = Array.isArray(binding['methods']) ? binding['methods'].map(String) : [];
  return {
    kind: 'http',
    route,
    template: parseRoute(options.routePrefix === '' ? route : `${options.routePrefix}/${route}`),
    methods: methods.map((method) => method.toUpperCase()),
    authLevel: authLevelOf(binding),
  };
}

function authLevelOf(binding: BindingInfo): HttpTrigger['authLevel'] {
  const level = (textOf(binding, 'authLevel') ?? 'function').toLowerCase();
  if (level === 'anonymous' || level === 'function' || level === 'admin') return level;
  throw new Error(`authLevel '${level}' is none of anonymous, function and admin.`);
}

function readTimerTrigger(binding: BindingInfo, { settings, now }: IndexOptions): TimerTrigger {
  const schedule = parseTimerSchedule(resolveSettings(textOf(binding, 'schedule') ?? '', settings), now);
  const useMonitor = binding['useMonitor'] !== false && !schedule.belowOneMinute;
  return { kind: 'timer', schedule, runOnStartup: binding['runOnStartup'] === true, useMonitor };
}

function readExtra([name, binding]: [string, BindingInfo], { settings }: IndexOptions): ExtraBinding {
  const type = binding.type.toLowerCase();
  if (binding.direction === 'out') {
    if (type === 'http') return { kind: 'http', name };
    if (type === 'queue') {
      const queueName = queueNameOf(binding, settings);
      return { kind: 'queue', name, queueName, connection: connectionOf(binding, settings) };
    }
  }
  if (type !== 'blob') throw unsupported(binding);
  const path = resolveSettings(textOf(binding, 'path') ?? '', settings);
  if (!/^[^/]+\/.+$/.test(path))
    throw new Error(`Invalid blob path specified: '${path}'. It must be container/name.`);
  return {
    kind: 'blob',
    name,
    path,
    connection: connectionOf(binding, settings),
    asBytes: wantsBytes(binding),
  };
}

function queueNameOf(binding: BindingInfo, settings: Settings): string {
  const name = resolveSettings(textOf(binding, 'queueName') ?? '', settings);
  if (name.includes('{')) return name;
  const lower = name.toLowerCase();
  if (!isQueueName(lower)) throw new Error(`'${name}' is not a valid queue name.`);
  return lower;
}

/** 3 to 63 lower-case letters, digits and single inner hyphens. */
export function isQueueName(name: string): boolean {
  return /^[a-z0-9](?:-?[a-z0-9])+$/.test(name) && name.length >= 3 && name.length <= 63;
}

function connectionOf(binding: BindingInfo, settings: Settings): StorageConnection {
  const given = textOf(binding, 'connection');
  const name = given === undefined || given === '' ? undefined : resolveSettings(given, settings);
  const found = findStorageConnection(settings, name);
  if (found === undefined) throw new Error(missingConnection(name));
  return found;
}

function wantsBytes(binding: BindingInfo): boolean {
  return textOf(binding, 'dataType')?.toLowerCase() === 'binary';
}

function textOf(binding: BindingInfo, option: string): string | undefined {
  const value = binding[option];
  return typeof value === 'string' ? value : undefined;
}

function isDisabled(name: string, settings: Settings): boolean {
  const value = settings(`AzureWebJobs.${name}.Disabled`) ?? settings(`AzureWebJobs__${name}__Disabled`);
  return value === '1' || value?.toLowerCase() === 'true';
}

function unsupported(binding: BindingInfo): Error {
  return new Error(
    `The local host does not run bindings of type '${binding.type}' (${binding.direction}); it knows httpTrigger, ` +
      'timerTrigger, queueTrigger, http, queue and blob. Use the Core Tools for this function.',
  );
}
