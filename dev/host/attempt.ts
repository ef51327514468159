import { randomBytes, randomUUID } from 'node:crypto';
import { callFunction } from './app/call-function.ts';
import type { AppRegistry, WorkerLogEntry } from './app/core-api.ts';
import type { InvocationResponse, RetryContext, RpcBinding } from './app/worker-protocol.ts';
import type { BindingData } from './bindings/binding-data.ts';
import { resolveExpression } from './bindings/binding-expression.ts';
import { bindOutputs } from './bindings/bind-outputs.ts';
import { typedBody } from './bindings/output-value.ts';
import type { StorageOutputs } from './bindings/storage-outputs.ts';
import type { HostFunction } from './function-table.ts';
import type { HostClock } from './host-clock.ts';
import type { HostConsole } from './host-console.ts';
import type { InvocationOutcome, Occasion } from './invoker.ts';
import { hostTurn } from './host-turn.ts';
import { formatTimeSpan } from './time-span.ts';
import type { WorkerLife } from './worker-life.ts';

export interface AttemptOptions {
  readonly registry: AppRegistry;
  readonly storage: StorageOutputs;
  readonly console: HostConsole;
  readonly clock: HostClock;
  readonly life: WorkerLife;
  readonly log: (entry: WorkerLogEntry) => void;
  /** Milliseconds; undefined: no limit. */
  readonly functionTimeout: number | undefined;
}

/** Runs a function once: inputs, handler, outputs, and what is told of it. Never rejects. */
export async function attempt(
  options: AttemptOptions,
  target: HostFunction,
  occasion: Occasion,
  retryContext: RetryContext | null,
): Promise<InvocationOutcome> {
  const invocationId = randomUUID();
  const category = `Function.${target.name}`;
  const { console, clock, life, functionTimeout } = options;
  const started = clock.now();
  console.log(
    'information',
    category,
    `Executing 'Functions.${target.name}' (Reason='${occasion.reason}', Id=${invocationId})`,
  );
  occasion.starting?.(invocationId);
  const took = (): string => `Id=${invocationId}, Duration=${Math.round(clock.now() - started)}ms`;
  try {
    const running = call(options, target, occasion, invocationId, retryContext);
    const response = await life.guard(running, functionTimeout, () =>
      timeoutError(target, invocationId, functionTimeout),
    );
    await hostTurn();
    const http = await bindOutputs(target, response, occasion.bindingData, options.storage, clock.now());
    console.log('information', category, `Executed 'Functions.${target.name}' (Succeeded, ${took()})`);
    return { kind: 'succeeded', http };
  } catch (thrown) {
    await hostTurn();
    const error = errorOf(thrown);
    console.log('error', category, `Executed 'Functions.${target.name}' (Failed, ${took()})`);
    console.log(
      'error',
      category,
      `Exception while executing function: Functions.${target.name}. ${resultText(error)}`,
    );
    return { kind: 'failed', error };
  }
}

export function resultText(error: Error): string {
  return `Result: Failure\nException: ${error.message}\nStack: ${error.stack ?? error.message}`;
}

function timeoutError({ name }: HostFunction, invocationId: string, limit = 0): Error {
  return new Error(
    `Timeout value of ${formatTimeSpan(limit)} exceeded by function 'Functions.${name}' (Id: '${invocationId}'). Initiating cancellation.`,
  );
}

function errorOf(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (thrown === null || thrown === undefined) return new Error('Unknown error');
  return new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
}

async function call(
  { registry, storage, clock, log }: AttemptOptions,
  target: HostFunction,
  occasion: Occasion,
  invocationId: string,
  retryContext: RetryContext | null,
): Promise<InvocationResponse> {
  const inputs = await Promise.all(
    target.inputs.map((input) => readInput(input, occasion.bindingData, storage, clock.now())),
  );
  const request = {
    invocationId,
    inputData: [{ name: target.triggerName, data: occasion.input }, ...inputs],
    triggerMetadata: occasion.bindingData.toTriggerMetadata(),
    traceContext: { traceParent: traceParentOf(occasion), traceState: '', attributes: {} },
    retryContext,
  };
  return callFunction(registry, target.registered, request, log);
}

/** A trace of the caller goes on; else a new one begins, not sampled, as without a telemetry listener. */
function traceParentOf({ traceParent }: Occasion): string {
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceParent ?? '')?.[1];
  return `00-${trace ?? randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

async function readInput(
  input: HostFunction['inputs'][number],
  data: BindingData,
  storage: StorageOutputs,
  now: number,
): Promise<RpcBinding> {
  if (input.kind !== 'blob')
    throw new Error(`The input '${input.name}' is of a kind that the host does not read.`);
  const bytes = await storage.readBlob(input.connection, resolveExpression(input.path, data, now));
  return { name: input.name, data: bytes === undefined ? {} : typedBody(bytes, input.asBytes) };
}
