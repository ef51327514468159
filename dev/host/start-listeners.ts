import type { QueueServiceClient } from '@azure/storage-queue';
import type { StorageConnection } from './bindings/storage-connection.ts';
import type { FunctionTable, HostFunction } from './function-table.ts';
import type { QueueOptions } from './host-json.ts';
import { storageQueueSource } from './queue/queue-source.ts';
import { queueListener } from './queue/queue-trigger.ts';
import { runTimer, type TimerOptions } from './timer/timer-trigger.ts';

export interface ListenerOptions extends TimerOptions {
  readonly queues: QueueOptions;
  readonly queueServiceOf: (connection: StorageConnection) => Promise<QueueServiceClient>;
  /** Filled by queue name: what to call when this host has sent a message there. */
  readonly wakeups: Map<string, () => void>;
}

/** Starts every enabled timer and queue function. The inner promise ends when all have stopped after the signal. */
export async function startListeners(
  table: FunctionTable,
  options: ListenerOptions,
  signal: AbortSignal,
): Promise<{ readonly stopped: Promise<unknown> }> {
  const running: Promise<void>[] = [];
  for (const target of table.functions.filter((each) => !each.disabled)) {
    running.push(...(await startListener(target, options, signal)));
  }
  return { stopped: Promise.all(running) };
}

async function startListener(
  target: HostFunction,
  options: ListenerOptions,
  signal: AbortSignal,
): Promise<Promise<void>[]> {
  const { trigger } = target;
  switch (trigger.kind) {
    case 'http':
      return [];
    case 'timer':
      return [runTimer({ ...target, trigger }, options, signal)];
    case 'queue': {
      const service = await options.queueServiceOf(trigger.connection);
      const source = storageQueueSource(service, trigger.queueName);
      const listener = queueListener({ ...target, trigger }, { ...options, source });
      const others = options.wakeups.get(trigger.queueName);
      options.wakeups.set(trigger.queueName, () => {
        others?.();
        listener.notify();
      });
      return [listener.run(signal)];
    }
  }
}
