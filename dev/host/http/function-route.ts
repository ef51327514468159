import type { FunctionTable, HostFunction } from '../function-table.ts';
import type { HttpTrigger } from '../trigger.ts';

export type HttpFunction = HostFunction & { readonly trigger: HttpTrigger };

export interface FunctionRoute {
  readonly target: HttpFunction;
  readonly params: Readonly<Record<string, string>>;
}

/** Picks a request's function: the first in order of names whose route and methods fit, however general it is. */
export function findRoute(table: FunctionTable, method: string, path: string): FunctionRoute | undefined {
  for (const target of table.functions) {
    if (!isHttp(target) || !allows(target.trigger, method)) continue;
    const params = target.trigger.template.match(path);
    if (params !== undefined) return { target, params };
  }
  return undefined;
}

function isHttp(target: HostFunction): target is HttpFunction {
  return target.trigger.kind === 'http';
}

function allows({ methods }: HttpTrigger, method: string): boolean {
  return methods.length === 0 || methods.includes(method);
}
