import type { BindingInfo } from '../app/worker-protocol.ts';
import type { Settings } from '../settings.ts';
import { resolveSettings } from './binding-expression.ts';
import { connectionOf, queueNameOf, textOf, unsupported, wantsBytes } from './binding-options.ts';
import type { StorageConnection } from './storage-connection.ts';

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

export function readExtra([name, binding]: [string, BindingInfo], settings: Settings): ExtraBinding {
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
