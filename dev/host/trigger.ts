import type { BindingInfo } from './app/worker-protocol.ts';
import { resolveSettings } from './bindings/binding-expression.ts';
import { connectionOf, queueNameOf, textOf, unsupported, wantsBytes } from './bindings/binding-options.ts';
import type { StorageConnection } from './bindings/storage-connection.ts';
import type { IndexOptions } from './function-table.ts';
import { parseRoute, type RouteTemplate } from './http/route-template.ts';
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

export function readTrigger(name: string, binding: BindingInfo, options: IndexOptions): Trigger {
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
