import type { AppRegistry, RegisteredFunction } from './app/core-api.ts';
import type { BindingInfo, FunctionMetadata } from './app/worker-protocol.ts';
import { readExtra, type ExtraBinding } from './bindings/extra-binding.ts';
import type { Settings } from './settings.ts';
import { readTrigger, type HttpTrigger, type Trigger } from './trigger.ts';

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
interface FunctionInError {
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
  const byName = (a: RegisteredFunction, b: RegisteredFunction): number =>
    compareNames(a.metadata.name, b.metadata.name);
  for (const registered of [...registry.functions.values()].sort(byName)) {
    try {
      const target = indexFunction(registered, options);
      refuseSharedRoute(target, functions);
      functions.push(target);
    } catch (fault) {
      inError.push({ name: registered.metadata.name, registered, reason: (fault as Error).message });
    }
  }
  return { functions, inError };
}

/** As StringComparer.OrdinalIgnoreCase sorts: capitals' code units, so that `jobs` comes before `job_a`. */
export function compareNames(a: string, b: string): number {
  const [first, second] = [a.toUpperCase(), b.toUpperCase()];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Of functions with one route and a method in common, the first by name keeps it. */
function refuseSharedRoute({ trigger }: HostFunction, known: readonly HostFunction[]): void {
  if (trigger.kind !== 'http') return;
  const rival = known.find((each) => each.trigger.kind === 'http' && sharesRoute(trigger, each.trigger));
  if (rival !== undefined)
    throw new Error(`The route specified conflicts with the route defined by function '${rival.name}'.`);
}

function sharesRoute(a: HttpTrigger, b: HttpTrigger): boolean {
  if (a.template.text.toLowerCase() !== b.template.text.toLowerCase()) return false;
  if (a.methods.length === 0 || b.methods.length === 0) return true;
  return a.methods.some((method) => b.methods.includes(method));
}

function indexFunction(registered: RegisteredFunction, options: IndexOptions): HostFunction {
  const { name, bindings } = registered.metadata;
  if (!/^(?!host$)[a-z][a-z0-9_-]{0,127}$/i.test(name))
    throw new Error(`'${name}' is not a valid function name.`);
  const [triggerName, trigger] = triggerOf(registered.metadata);
  const extras = Object.entries(bindings).filter(([each]) => each !== triggerName);
  return {
    name,
    registered,
    triggerName,
    trigger: readTrigger(name, trigger, options),
    inputs: extras
      .filter(([, each]) => each.direction === 'in')
      .map((each) => readExtra(each, options.settings)),
    outputs: extras
      .filter(([, each]) => each.direction === 'out')
      .map((each) => readExtra(each, options.settings)),
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

function isDisabled(name: string, settings: Settings): boolean {
  const value = settings(`AzureWebJobs.${name}.Disabled`) ?? settings(`AzureWebJobs__${name}__Disabled`);
  return value === '1' || value?.toLowerCase() === 'true';
}
