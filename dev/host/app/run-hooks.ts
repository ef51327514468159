import type { HookCallback } from './worker-protocol.ts';

/** Calls the hooks one after another with one context, whose members an app may read but not replace. */
export async function runHooks(
  hooks: readonly HookCallback[],
  context: object,
  writable: readonly string[] = [],
): Promise<void> {
  for (const [name, value] of Object.entries(context)) {
    if (!writable.includes(name)) guard(context, name, value);
  }
  for (const hook of hooks) await hook(context);
}

function guard(context: object, name: string, value: unknown): void {
  Object.defineProperty(context, name, {
    enumerable: true,
    get: () => value,
    set: () => {
      throw new TypeError(`Cannot assign to read only property '${name}'`);
    },
  });
}
