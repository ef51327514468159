import { attempt, resultText, type AttemptOptions } from './attempt.ts';
import type { RetryContext, RpcHttpData, RpcTypedData } from './app/worker-protocol.ts';
import type { BindingData } from './bindings/binding-data.ts';
import type { HostFunction } from './function-table.ts';
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

export function createInvoker(options: AttemptOptions): Invoker {
  const stopping = new AbortController();
  return {
    invoke: (target, occasion) => withRetries(options, target, occasion, stopping.signal),
    stop: () => stopping.abort(),
  };
}

async function withRetries(
  options: AttemptOptions,
  target: HostFunction,
  occasion: Occasion,
  stopping: AbortSignal,
): Promise<InvocationOutcome> {
  const { retryOptions } = target.registered.metadata;
  if (retryOptions === undefined) return attempt(options, target, occasion, null);
  const policy = retryPolicyOf(retryOptions);
  let context: RetryContext = { retryCount: 0, maxRetryCount: policy.maxRetryCount };
  for (;;) {
    const outcome = await attempt(options, target, occasion, context);
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
