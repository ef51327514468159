import { describe, expect, test } from 'vitest';
import type { QueueOptions } from '../../../dev/host/host-json.ts';
import type { InvocationOutcome } from '../../../dev/host/invoker.ts';
import type { QueueMessage, QueueSource } from '../../../dev/host/queue/queue-source.ts';
import { queueListener } from '../../../dev/host/queue/queue-trigger.ts';
import { hostClockAt } from '../../support/host-clock.ts';
import {
  aFunction,
  failed,
  recordingConsole,
  recordingInvoker,
  succeeded,
} from '../../support/host-functions.ts';

const options: QueueOptions = {
  maxPollingInterval: 1_000,
  visibilityTimeout: 10_000,
  batchSize: 2,
  newBatchThreshold: 1,
  maxDequeueCount: 5,
  messageEncoding: 'none',
};

const worker = aFunction('work', {
  kind: 'queue',
  queueName: 'jobs',
  connection: { kind: 'string', connectionString: 'unused' },
  asBytes: false,
});

function message(text: string, dequeueCount = 1): QueueMessage {
  const at = Date.parse('2026-03-02T12:00:00Z');
  return { id: text, popReceipt: 'r0', text, dequeueCount, insertedOn: at, expiresOn: at, nextVisibleOn: at };
}

/** A queue in memory that writes down what is done to it. */
function aQueue(waiting: QueueMessage[], poison: 'own' | 'none' = 'own') {
  const done: string[] = [];
  const asked: number[] = [];
  const state = { exists: true, renewals: 0 };
  const source: QueueSource = {
    name: 'jobs',
    exists: () => Promise.resolve(state.exists),
    receive(count) {
      asked.push(count);
      return Promise.resolve(waiting.splice(0, count));
    },
    remove: (each) => Promise.resolve(void done.push(`remove ${each.text} ${each.popReceipt}`)),
    release: (each, ms) => Promise.resolve(void done.push(`release ${each.text} for ${ms}`)),
    renew: (each) => Promise.resolve({ ...each, popReceipt: `r${(state.renewals += 1)}` }),
    poison:
      poison === 'none'
        ? undefined
        : { name: 'jobs-poison', add: (text) => Promise.resolve(void done.push(`poison ${text}`)) },
  };
  return { source, done, asked, state, waiting };
}

function listen(queue: ReturnType<typeof aQueue>, outcome?: () => Promise<InvocationOutcome>, more = {}) {
  const clock = hostClockAt('2026-03-02T12:00:00Z');
  const invoker = recordingInvoker(outcome);
  const console = recordingConsole();
  const queues = { ...options, ...more };
  const listener = queueListener(worker, { source: queue.source, queues, invoker, clock, console });
  const stopping = new AbortController();
  const ended = listener.run(stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return { clock, invoker, console, listener, stop };
}

describe('a queue function', () => {
  test('gets each message, which is then removed', async () => {
    const queue = aQueue([message('a'), message('b'), message('c')]);
    const { clock, invoker, stop } = listen(queue);
    await clock.pass(0);
    await stop();
    expect(invoker.occasions.map(({ input }) => input.string)).toEqual(['a', 'b', 'c']);
    expect(queue.done).toEqual(['remove a r0', 'remove b r0', 'remove c r0']);
  });

  test('that fails gets the message again after the visibility timeout', async () => {
    const queue = aQueue([message('a', 4)]);
    const { clock, stop } = listen(queue, () => Promise.resolve(failed));
    await clock.pass(0);
    await stop();
    expect(queue.done).toEqual(['release a for 10000']);
  });

  test('that fails for the last time sends the message to the poison queue', async () => {
    const queue = aQueue([message('a', 5)]);
    const { clock, stop, console } = listen(queue, () => Promise.resolve(failed));
    await clock.pass(0);
    await stop();
    expect(queue.done).toEqual(['poison a', 'remove a r0']);
    expect(console.lines).toEqual([
      "warning: Message has reached MaxDequeueCount of 5. Moving message to queue 'jobs-poison'.",
    ]);
  });

  test('is not called for a message read too often, which becomes poison', async () => {
    const queue = aQueue([message('a', 6)]);
    const { clock, stop, invoker } = listen(queue);
    await clock.pass(0);
    await stop();
    expect(invoker.occasions).toEqual([]);
    expect(queue.done).toEqual(['poison a', 'remove a r0']);
  });

  test('on a poison queue leaves what failed hidden', async () => {
    const queue = aQueue([message('a', 1), message('b', 6)], 'none');
    const { clock, stop, invoker } = listen(queue, () => Promise.resolve(failed));
    await clock.pass(0);
    await stop();
    expect(invoker.occasions).toHaveLength(1);
    expect(queue.done).toEqual([]);
  });

  test('never sees a body that must be Base64 and is not', async () => {
    const queue = aQueue([message('not base64!'), message('aGk=')]);
    const { clock, stop, invoker } = listen(queue, undefined, { messageEncoding: 'base64' });
    await clock.pass(0);
    await stop();
    expect(invoker.occasions.map(({ input }) => input.string)).toEqual(['hi']);
    expect(queue.done).toContain('poison not base64!');
  });

  test('fails without being called for a body that is no UTF-8', async () => {
    const queue = aQueue([message('//4=')]);
    const { clock, stop, invoker, console } = listen(queue, undefined, { messageEncoding: 'base64' });
    await clock.pass(0);
    await stop();
    expect(invoker.occasions).toEqual([]);
    expect(queue.done).toEqual(['release //4= for 10000']);
    expect(console.lines[0]).toContain("The body of message '//4=' holds bytes that are no UTF-8.");
  });

  test('waits with the next batch until few enough are in hand', async () => {
    const queue = aQueue(['a', 'b', 'c', 'd'].map((text) => message(text)));
    const { clock, stop, invoker } = listen(queue, async () => {
      await clock.wait(1_000, new AbortController().signal);
      return succeeded;
    });
    await clock.pass(999);
    expect(invoker.occasions).toHaveLength(2);
    await clock.pass(1);
    expect(invoker.occasions).toHaveLength(4);
    await clock.pass(5_000);
    await stop();
  });

  test('keeps its message hidden while it runs, and removes it by the newest receipt', async () => {
    const queue = aQueue([message('a')]);
    const { clock, stop } = listen(queue, async () => {
      await clock.wait(11 * 60_000, new AbortController().signal);
      return succeeded;
    });
    await clock.pass(11 * 60_000);
    await stop();
    expect(queue.done).toEqual(['remove a r2']);
  });
});

describe('an empty queue', () => {
  test('is asked ever more seldom, up to the longest interval', async () => {
    const queue = aQueue([]);
    const { clock, stop } = listen(queue);
    await clock.pass(2_500);
    const early = queue.asked.length;
    await clock.pass(10_000);
    await stop();
    expect(early).toBeGreaterThanOrEqual(4);
    expect(queue.asked.length - early).toBe(10);
  });

  test('is asked at once when this host has sent a message there', async () => {
    const queue = aQueue([]);
    const { clock, stop, listener, invoker } = listen(queue);
    await clock.pass(10_000);
    queue.waiting.push(message('a'));
    listener.notify();
    await clock.settle();
    expect(invoker.occasions).toHaveLength(1);
    await stop();
  });

  test('that does not exist is neither made nor read', async () => {
    const queue = aQueue([message('a')]);
    queue.state.exists = false;
    const { clock, stop, invoker } = listen(queue);
    await clock.pass(5_000);
    expect(queue.asked).toEqual([]);
    queue.state.exists = true;
    await clock.pass(1_000);
    await stop();
    expect(invoker.occasions).toHaveLength(1);
  });

  test('whose service is away is told once, not at every attempt', async () => {
    const queue = aQueue([]);
    const receive = () => Promise.reject(new Error('connection refused'));
    const { clock, stop, console } = listen({ ...queue, source: { ...queue.source, receive } });
    await clock.pass(10_000);
    await stop();
    expect(console.lines).toEqual(["error: Queue 'jobs' cannot be read: connection refused"]);
  });
});
