import { isUtf8 } from 'node:buffer';
import { exponentialBackoff } from '../backoff.ts';
import type { HostFunction } from '../function-table.ts';
import type { QueueTrigger } from '../trigger.ts';
import type { HostClock } from '../host-clock.ts';
import type { HostConsole } from '../host-console.ts';
import type { QueueOptions } from '../host-json.ts';
import type { InvocationOutcome, Invoker } from '../invoker.ts';
import { decodeBody, messageOccasion } from './queue-occasion.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';

export interface QueueListenerOptions {
  readonly source: QueueSource;
  readonly queues: QueueOptions;
  readonly invoker: Invoker;
  readonly clock: HostClock;
  readonly console: HostConsole;
}

export interface QueueListener {
  /** Reads the queue until the signal is aborted, then ends when every message in hand is dealt with. */
  run(signal: AbortSignal): Promise<void>;
  /** A message was sent to this queue from here: look now. */
  notify(): void;
}

type QueueFunction = HostFunction & { readonly trigger: QueueTrigger };

const SHORTEST_POLLING = 100;
const RENEWAL = 5 * 60_000;

export function queueListener(target: QueueFunction, options: QueueListenerOptions): QueueListener {
  const { queues, clock } = options;
  const backoff = exponentialBackoff(SHORTEST_POLLING, queues.maxPollingInterval);
  const inHand = new Set<Promise<void>>();
  let wake = new AbortController();
  return {
    notify: () => wake.abort(),
    async run(signal) {
      const poll = poller(target, options);
      let found = false;
      while (!signal.aborted) {
        wake = new AbortController();
        const batch = await poll();
        if (signal.aborted) await Promise.all(batch.map((message) => options.source.release(message, 0)));
        if (signal.aborted) break;
        for (const message of batch) track(inHand, processMessage(target, message, options));
        if (batch.length > 0) {
          found = true;
          await belowThreshold(inHand, queues.newBatchThreshold);
        } else {
          await clock.wait(backoff(found), AbortSignal.any([signal, wake.signal]));
          found = false;
        }
      }
      await Promise.all(inHand);
    },
  };
}

function track(inHand: Set<Promise<void>>, work: Promise<void>): void {
  inHand.add(work);
  void work.finally(() => inHand.delete(work));
}

async function belowThreshold(inHand: ReadonlySet<Promise<void>>, threshold: number): Promise<void> {
  while (inHand.size > threshold) await Promise.race(inHand);
}

/** Asks for a batch. The trigger never creates its queue: it looks until somebody has. */
function poller(
  target: QueueFunction,
  { source, queues, console }: QueueListenerOptions,
): () => Promise<readonly QueueMessage[]> {
  let exists = false;
  let told = '';
  return async () => {
    try {
      exists ||= await source.exists();
      const batch = exists ? await source.receive(queues.batchSize) : [];
      told = '';
      return batch;
    } catch (fault) {
      exists = false;
      const why = (fault as Error).message;
      if (why !== told)
        console.log('error', `Function.${target.name}`, `Queue '${source.name}' cannot be read: ${why}`);
      told = why;
      return [];
    }
  };
}

async function processMessage(
  target: QueueFunction,
  message: QueueMessage,
  options: QueueListenerOptions,
): Promise<void> {
  try {
    await handleMessage(target, message, options);
  } catch (fault) {
    const why = `Message '${message.id}' of queue '${options.source.name}': ${(fault as Error).message}`;
    options.console.log('error', `Function.${target.name}`, why);
  }
}

async function handleMessage(
  target: QueueFunction,
  message: QueueMessage,
  options: QueueListenerOptions,
): Promise<void> {
  const { source, queues, invoker } = options;
  const body = decodeBody(message.text, queues.messageEncoding);
  if (body === undefined || message.dequeueCount > queues.maxDequeueCount) {
    await moveToPoison(target, message, options);
    return;
  }
  const renewal = keepHidden(message, options);
  const readable = target.trigger.asBytes || isUtf8(body);
  const outcome = readable
    ? await invoker.invoke(target, messageOccasion(target, message, body))
    : notText(target, message, options);
  const current = await renewal.stop();
  if (outcome.kind === 'succeeded') await source.remove(current);
  else if (source.poison === undefined)
    return; // stays hidden for its ten minutes: a fast endless loop else
  else if (message.dequeueCount >= queues.maxDequeueCount) await moveToPoison(target, current, options);
  else await source.release(current, queues.visibilityTimeout);
}

/** A function that takes text fails without being called when the body is none. */
function notText(
  { name }: QueueFunction,
  { id }: QueueMessage,
  options: QueueListenerOptions,
): InvocationOutcome {
  const error = new Error(`The body of message '${id}' holds bytes that are no UTF-8.`);
  const why = `Exception while executing function: Functions.${name}. ${error.message}`;
  options.console.log('error', `Function.${name}`, why);
  return { kind: 'failed', error };
}

async function moveToPoison(
  target: QueueFunction,
  message: QueueMessage,
  options: QueueListenerOptions,
): Promise<void> {
  const { source, queues, console } = options;
  if (source.poison === undefined) return;
  const why = `Message has reached MaxDequeueCount of ${queues.maxDequeueCount}. Moving message to queue '${source.poison.name}'.`;
  console.log('warning', `Function.${target.name}`, why);
  await source.poison.add(message.text);
  await source.remove(message);
}

interface Renewal {
  /** Gives the message with the receipt that holds now. */
  stop(): Promise<QueueMessage>;
}

/** Renews the message's invisibility while its function runs. */
function keepHidden(message: QueueMessage, { source, clock, console }: QueueListenerOptions): Renewal {
  const done = new AbortController();
  let current = message;
  const renewing = (async () => {
    for (;;) {
      await clock.wait(RENEWAL, done.signal);
      if (done.signal.aborted) return;
      try {
        current = await source.renew(current);
      } catch (fault) {
        console.log(
          'warning',
          'Host.Queues',
          `Message '${message.id}' cannot be kept hidden: ${(fault as Error).message}`,
        );
      }
    }
  })();
  return {
    async stop() {
      done.abort();
      await renewing;
      return current;
    },
  };
}
