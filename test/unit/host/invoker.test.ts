import { describe, expect, test } from 'vitest';
import { emptyRegistry } from '../../../dev/host/app/core-api.ts';
import type {
  InvocationModel,
  InvocationRequest,
  RetryOptions,
} from '../../../dev/host/app/worker-protocol.ts';
import { BindingData } from '../../../dev/host/bindings/binding-data.ts';
import type { StorageOutputs } from '../../../dev/host/bindings/storage-outputs.ts';
import type { HostFunction } from '../../../dev/host/function-table.ts';
import { createInvoker } from '../../../dev/host/invoker.ts';
import { workerLife } from '../../../dev/host/worker-life.ts';
import { parseTimerSchedule } from '../../../dev/host/timer/timer-schedule.ts';
import { hostClockAt } from '../../support/host-clock.ts';
import { aFunction, recordingConsole } from '../../support/host-functions.ts';

const occasion = { reason: 'a test', input: { json: '{}' }, bindingData: new BindingData() };
const noStorage: StorageOutputs = {
  sendMessage: () => Promise.reject(new Error('queue is away')),
  writeBlob: () => Promise.reject(new Error('blob is away')),
  readBlob: () => Promise.resolve(undefined),
};

function aTimer(retry?: RetryOptions): HostFunction {
  const schedule = parseTimerSchedule('0 * * * * *', 0);
  return aFunction('tick', { kind: 'timer', schedule, runOnStartup: false, useMonitor: false }, retry);
}

/** An app whose one handler is `handler`, told of each request. */
function world(handler: (request: InvocationRequest) => unknown, functionTimeout?: number) {
  const registry = emptyRegistry();
  const console = recordingConsole();
  const clock = hostClockAt('2026-03-02T12:00:00Z');
  const requests: InvocationRequest[] = [];
  const model: InvocationModel = {
    getArguments: () => Promise.resolve({ context: {}, inputs: [] }),
    invokeFunction: async (_context, inputs, callback) => callback(...inputs),
    getResponse: (_context, result) => Promise.resolve({ returnValue: { string: String(result) } }),
  };
  registry.model = {
    name: 'test',
    version: '1',
    getInvocationModel: (context) => {
      requests.push(context.request);
      return model;
    },
  };
  const life = workerLife(clock);
  const invoker = createInvoker({
    life,
    registry,
    storage: noStorage,
    console,
    clock,
    log: () => undefined,
    functionTimeout,
  });
  const run = (target: HostFunction) =>
    invoker.invoke(
      {
        ...target,
        registered: { ...target.registered, callback: () => handler(requests.at(-1) as InvocationRequest) },
      },
      occasion,
    );
  return { registry, console, clock, requests, invoker, run };
}

const boom = (): never => {
  throw new Error('boom');
};

describe('an invocation', () => {
  test('that throws has failed, and its stack is on the console', async () => {
    const { run, console } = world(boom);
    expect(await run(aTimer())).toMatchObject({ kind: 'failed', error: { message: 'boom' } });
    expect(console.lines.at(-1)).toMatch(
      /^error: Exception while executing function: Functions\.tick\. Result: Failure\nException: boom\nStack: Error: boom\n +at /,
    );
  });

  test('that throws nothing at all has succeeded without a result', async () => {
    const { run } = world(() => Promise.reject(undefined));
    expect(await run(aTimer())).toMatchObject({ kind: 'succeeded' });
  });

  test('whose output cannot be written has failed', async () => {
    const { run } = world(() => 'x');
    const connection = { kind: 'string', connectionString: '' } as const;
    const output = { kind: 'queue', name: '$return', queueName: 'out', connection } as const;
    expect(await run({ ...aTimer(), outputs: [output] })).toMatchObject({
      error: { message: 'queue is away' },
    });
  });

  test('that takes longer than functionTimeout fails, and so does all else that runs', async () => {
    const { run, clock } = world(() => new Promise(() => undefined), 600_000);
    const first = run(aTimer());
    await clock.pass(300_000);
    const second = run(aTimer());
    await clock.pass(300_000);
    expect(await first).toMatchObject({
      error: { message: expect.stringContaining('Timeout value of 00:10:00 exceeded') as string },
    });
    expect(await second).toMatchObject({ error: { message: 'node exited with code 1 (0x1)' } });
  });
});

describe('hooks', () => {
  test('see an invocation before and after it, and may change what came out', async () => {
    const { run, registry } = world(boom);
    const seen: string[] = [];
    registry.hooks.preInvocation.push((context) => void seen.push(Object.keys(context).join(' ')));
    registry.hooks.postInvocation.push((context) => {
      const after = context as { error: unknown; result: unknown };
      seen.push(String(after.error));
      after.error = null;
      after.result = 'mended';
    });
    expect(await run(aTimer())).toMatchObject({ kind: 'succeeded' });
    expect(seen).toEqual(['hookData appHookData invocationContext functionCallback inputs', 'Error: boom']);
  });

  test('may not replace what they are given to read', async () => {
    const { run, registry } = world(() => 'x');
    registry.hooks.preInvocation.push((context) => Object.assign(context, { hookData: {} }));
    expect(await run(aTimer())).toMatchObject({
      error: { message: "Cannot assign to read only property 'hookData'" },
    });
  });

  test('before an invocation that throw keep the handler from running', async () => {
    const { run, registry } = world(() => 'x');
    registry.hooks.preInvocation.push(boom);
    expect(await run(aTimer())).toMatchObject({ error: { message: 'boom' } });
  });
});

describe('a retry policy', () => {
  const fixed: RetryOptions = {
    retryStrategy: 'fixedDelay',
    maxRetryCount: 2,
    delayInterval: { seconds: 5 },
  };

  test('runs the function again after its delay, until its number is used up', async () => {
    const { run, clock, requests } = world(boom);
    const outcome = run(aTimer(fixed));
    await clock.pass(4_999);
    expect(requests).toHaveLength(1);
    await clock.pass(5_001);
    expect(await outcome).toMatchObject({ kind: 'failed' });
    expect(requests.map(({ retryContext }) => retryContext?.retryCount)).toEqual([0, 1, 2]);
    expect(requests[1]?.retryContext).toMatchObject({
      maxRetryCount: 2,
      exception: { message: expect.stringContaining('Exception: boom') as string },
    });
  });

  test('ends with the first success', async () => {
    const { run, clock, requests } = world((request) =>
      request.retryContext?.retryCount === 1 ? 'x' : boom(),
    );
    const outcome = run(aTimer(fixed));
    await clock.pass(60_000);
    expect(await outcome).toMatchObject({ kind: 'succeeded' });
    expect(requests).toHaveLength(2);
  });

  test('with exponential back-off waits longer each time, up to its maximum', async () => {
    const { run, clock, requests } = world(boom);
    const interval = { minimumInterval: { seconds: 10 }, maximumInterval: { seconds: 60 } };
    void run(aTimer({ retryStrategy: 'exponentialBackoff', maxRetryCount: -1, ...interval }));
    await clock.pass(10_000);
    expect(requests).toHaveLength(2);
    await clock.pass(17_000);
    expect(requests).toHaveLength(2);
    await clock.pass(300_000);
    expect(requests.length).toBeGreaterThanOrEqual(7);
    expect(requests.length).toBeLessThanOrEqual(10);
  });

  test('ends when the host stops', async () => {
    const { run, clock, invoker } = world(boom);
    const outcome = run(aTimer(fixed));
    await clock.settle();
    invoker.stop();
    expect(await outcome).toMatchObject({ kind: 'failed' });
  });
});
