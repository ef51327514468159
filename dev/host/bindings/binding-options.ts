import type { BindingInfo } from '../app/worker-protocol.ts';
import type { Settings } from '../settings.ts';
import { resolveSettings } from './binding-expression.ts';
import { findStorageConnection, missingConnection, type StorageConnection } from './storage-connection.ts';

export function queueNameOf(binding: BindingInfo, settings: Settings): string {
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

export function connectionOf(binding: BindingInfo, settings: Settings): StorageConnection {
  const given = textOf(binding, 'connection');
  const name = given === undefined || given === '' ? undefined : resolveSettings(given, settings);
  const found = findStorageConnection(settings, name);
  if (found === undefined) throw new Error(missingConnection(name));
  return found;
}

export function wantsBytes(binding: BindingInfo): boolean {
  return textOf(binding, 'dataType')?.toLowerCase() === 'binary';
}

export function textOf(binding: BindingInfo, option: string): string | undefined {
  const value = binding[option];
  return typeof value === 'string' ? value : undefined;
}

export function unsupported(binding: BindingInfo): Error {
  return new Error(
    `The local host does not run bindings of type '${binding.type}' (${binding.direction}); it knows httpTrigger, ` +
      'timerTrigger, queueTrigger, http, queue and blob. Use the Core Tools for this function.',
  );
}
