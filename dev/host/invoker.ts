import { randomBytes, randomUUID } from 'node:crypto';
import { callFunction } from './app/call-function.ts';
import type { AppRegistry, WorkerLogEntry } from './app/core-api.ts';
import type {
  InvocationResponse,
  RetryContext,
  RpcBinding,
  RpcHttpData,
  RpcTypedData,
} from './app/worker-protocol.ts';
import type { BindingData } from './bindings/binding-data.ts';
import { resolveExpression } from './bindings/binding-expression.ts';
import { bindOutputs } from './bindings/bind-outputs.ts';
import { typedBody } from './bindings/output-value.ts';
import type { StorageOutputs } from './bindings/storage-outputs.ts';
import type { HostFunction } from './function-table.ts';
import type { HostClock } from './host-clock.ts';
import type { HostConsole } from './host-console.ts';
import { retryPolicyOf } from './retry-policy.ts';
import { formatTimeSpan } from './time-span.ts';

/** What made a function run. */
export interface Occasion {
  /** As the log tells it: `Timer fired at …`. */
  readonly reason: string;
  readonly input: RpcTypedData;
  readonly bindingData: BindingData;
  /** W3C traceparent of the caller, when it sent one. */
  readonly traceParent?: string;
  /** Told the id of each attempt before it starts. */
  readonly starting?: (invocationId: string) => void;
}

export type InvocationOutcome =
  | { readonly kind: 'succeeded'; readonly http: RpcHttpData | undefined }
  | { readonly kind: 'failed'; readonly error: Error };

export interface Invoker {
  /** Runs the function, again as its retry policy says. Never rejects. */
  invoke(target: HostFunction, occasion: Occasion): Promise<InvocationOutcome>;
  /** From now on no attempt is repeated. */
  stop(): void;
}

export interface InvokerOptions {
  readonly registry: AppRegistry;
  readonly storage: StorageOutputs;
  readonly console: HostConsole;
  readonly clock: HostClock;
  readonly log: (entry: WorkerLogEntry) => void;
  /** Milliseconds; undefined: no limit. */
  readonly functionTimeout: number | undefined;
}

export function createInvoker(options: InvokerOptions): Invoker {
  const stopping = new AbortController();
  return {
    invoke: (target, occasion) => withRetries(options, target, occasion, stopping.signal),
    stop: () => stopping.abort(),
  };
}

async function withRetries(
  options: InvokerOptions,
  target: HostFunction,
  occasion: Occasion,
  stopping: AbortSignal,
): Promise<InvocationOutcome> {
  const { retryOptions } = target.registered.metadata;
  if (retryOptions === undefined) return runOnce(options, target, occasion, null);
  const policy = retryPolicyOf(retryOptions);
  let context: RetryContext = { retryCount: 0, maxRetryCount: policy.maxRetryCount };
  for (;;) {
    const outcome = await runOnce(options, target, occasion, context);
    if (outcome.kind === 'succeeded' || context.retryCount === policy.maxRetryCount) return outcome;
    context = {
      ...context,
      retryCount: context.retryCount + 1,
      exception: exceptionOf(target, outcome.error),
    };
    const delay = policy.nextDelay();
    options.console.log(
      'debug',
      `Function.${target.name}`,
      `Waiting for \`${formatTimeSpan(delay)}\` before retrying function execution. Next attempt: '${context.retryCount}'. Max retry count: '${policy.maxRetryCount}'.`,
    );
    await options.clock.wait(delay, stopping);
    if (stopping.aborted) return outcome;
  }
}

function exceptionOf({ name }: HostFunction, error: Error): NonNullable<RetryContext['exception']> {
  return {
    message: `Exception while executing function: Functions.${name} -> ${resultText(error)}`,
    stackTrace: error.stack ?? '',
    source: 'System.Private.CoreLib',
  };
}

async function runOnce(
  options: InvokerOptions,
  target: HostFunction,
  occasion: Occasion,
  retryContext: RetryContext | null,
): Promise<InvocationOutcome> {
  const invocationId = randomUUID();
  const category = `Function.${target.name}`;
  const { console, clock } = options;
  const started = clock.now();
  console.log(
    'information',
    category,
    `Executing 'Functions.${target.name}' (Reason='${occasion.reason}', Id=${invocationId})`,
  );
  occasion.starting?.(invocationId);
  const took = (): string => `Id=${invocationId}, Duration=${Math.round(clock.now() - started)}ms`;
  try {
    const response = await withinTimeout(
      options,
      target,
      invocationId,
      call(options, target, occasion, invocationId, retryContext),
    );
    const http = await bindOutputs(target, response, occasion.bindingData, options.storage, clock.now());
    console.log('information', category, `Executed 'Functions.${target.name}' (Succeeded, ${took()})`);
    return { kind: 'succeeded', http };
  } catch (thrown) {
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

function resultText(error: Error): string {
  return `Result: Failure\nException: ${error.message}\nStack: ${error.stack ?? error.message}`;
}

function errorOf(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  if (thrown === null || thrown === undefined) return new Error('Unknown error');
  return new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
}

async function call(
  { registry, storage, clock, log }: InvokerOptions,
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

/**
 * Gives a function up when its time is over. The real host then kills the worker with all it was doing; here the
 * handler shares the process and is left to itself.
 */
async function withinTimeout<Value>(
  { functionTimeout, clock }: InvokerOptions,
  { name }: HostFunction,
  invocationId: string,
  running: Promise<Value>,
): Promise<Value> {
  if (functionTimeout === undefined) return running;
  const done = new AbortController();
  const timeout = clock.wait(functionTimeout, done.signal).then((): never => {
    throw new Error(
      `Timeout value of ${formatTimeSpan(functionTimeout)} exceeded by function 'Functions.${name}' (Id: '${invocationId}'). Initiating cancellation.`,
    );
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([running, timeout]);
  } finally {
    done.abort();
  }
}
