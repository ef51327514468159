import type { AppRegistry, RegisteredFunction, WorkerLogEntry } from './core-api.ts';
import { runHooks } from './run-hooks.ts';
import type { CoreInvocationContext, InvocationRequest, InvocationResponse } from './worker-protocol.ts';

/** What the worker does with one invocation: arguments, hooks, handler, hooks, response. Throws what they throw. */
export async function callFunction(
  registry: AppRegistry,
  registered: RegisteredFunction,
  request: InvocationRequest,
  log: (entry: WorkerLogEntry) => void,
): Promise<InvocationResponse> {
  if (registry.model === undefined) throw new Error('The app has set no programming model.');
  const context = coreContext(registered, request, log);
  const model = await registry.model.getInvocationModel(context);
  const args = await model.getArguments();
  context.remember(args.context);
  const hookData = {};
  const shared = { hookData, appHookData: registry.appHookData, invocationContext: args.context };

  const before = { ...shared, functionCallback: registered.callback, inputs: args.inputs };
  context.state = 'preInvocationHooks';
  await runHooks(registry.hooks.preInvocation, before, ['functionCallback', 'inputs']);

  const after: PostInvocation = { ...shared, inputs: before.inputs, result: null, error: null };
  context.state = 'invocation';
  await settle(after, () => model.invokeFunction(args.context, before.inputs, before.functionCallback));

  context.state = 'postInvocationHooks';
  await runHooks(registry.hooks.postInvocation, after, ['inputs', 'result', 'error']);
  context.state = undefined;

  // A hook may have put an error in, or taken it away: what is there now decides.
  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(args.context, after.result);
}

interface PostInvocation {
  readonly inputs: unknown[];
  result: unknown;
  error: unknown;
}

async function settle(after: PostInvocation, call: () => Promise<unknown>): Promise<void> {
  try {
    after.result = await call();
  } catch (error) {
    // A bare `throw undefined` or `Promise.reject()` passes for a success without a result, as in the real worker.
    after.error = error;
  }
}

function coreContext(
  { metadata }: RegisteredFunction,
  request: InvocationRequest,
  log: (entry: WorkerLogEntry) => void,
): CoreInvocationContext & { remember(invocationContext: unknown): void } {
  let invocationContext: unknown;
  return {
    invocationId: request.invocationId,
    metadata,
    request,
    state: undefined,
    log: (level, category, message) =>
      log({ level, category, message, functionName: metadata.name, invocationContext }),
    remember: (given) => {
      invocationContext = given;
    },
  };
}
