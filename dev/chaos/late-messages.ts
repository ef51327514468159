import { setTimeout as sleep } from 'node:timers/promises';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { alertQueue, poisonQueue } from '../../src/app.ts';
import { storageConnection } from '../services/connections.ts';
import type { Ports } from '../services/ports.ts';

const atOnce = 16;
const lookEveryMs = 200;
const sendLimitMs = 120_000;
/** What a killed process had received stays hidden this long; fixed in the WebJobs SDK. */
const hiddenMs = 600_000;

/** Messages in each of the two queues, hidden ones included. */
export async function countMessages(ports: Ports): Promise<{ alerts: number; poison: number }> {
  const [alerts, poison] = await Promise.all(
    [alertQueue, poisonQueue].map((name) => lengthOf(queueOf(ports, name))),
  );
  return { alerts: alerts ?? 0, poison: poison ?? 0 };
}

/**
 * One more message for each execution, as those come that killed processes had received, ten minutes later. Resolves when
 * all of them are dealt with; false when they are not in two minutes.
 */
export async function sendLateMessages(ports: Ports, executions: readonly number[]): Promise<boolean> {
  const queue = queueOf(ports, alertQueue);
  const before = await lengthOf(queue);
  const waiting = executions.values();
  const send = async () => {
    for (const executionId of waiting) await queue.sendMessage(JSON.stringify({ executionId }));
  };
  await Promise.all(Array.from({ length: atOnce }, send));
  return await whenTrue(async () => (await lengthOf(queue)) <= before, sendLimitMs);
}

/** Resolves when nothing is left, hidden or not; false when something is after the longest time that it may be hidden. */
export async function drained(ports: Ports): Promise<boolean> {
  return await whenTrue(async () => {
    const { alerts, poison } = await countMessages(ports);
    return alerts + poison === 0;
  }, hiddenMs + sendLimitMs);
}

async function whenTrue(condition: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const giveUp = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > giveUp) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

function queueOf(ports: Ports, name: string): QueueClient {
  return QueueServiceClient.fromConnectionString(storageConnection(ports)).getQueueClient(name);
}

async function lengthOf(queue: QueueClient): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}
