import { QueueServiceClient, RestError, type QueueClient } from '@azure/storage-queue';
import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { DispatchMessage } from '../../domain/execution.ts';
import { nudge } from '../../domain/nudge.ts';
import { refusedStorage } from './refused-storage.ts';

type StorageAccount =
  | { kind: 'connection-string'; connectionString: string }
  /** clientId: of a user-assigned identity; null = the identity of the app. */
  | { kind: 'identity'; queueServiceUri: string; clientId: string | null };

export interface DispatchQueueOptions {
  storage: StorageAccount;
  /** The queue of dispatch; what wakes the mailer goes to `<name>-poison`. */
  name: string;
  clock: Clock;
  /** What sends a message, for whoever takes it; undefined where nothing is traced. */
  traceparent?: () => string | undefined;
}

export interface DispatchQueue {
  /** Nobody sees the message before the instant, nor before now. Throws when the storage refuses it or is away. */
  sendDispatch: (executionId: number, visibleAt: Temporal.Instant) => Promise<void>;
  nudgeReports: () => Promise<void>;
  /** Throws when the queue of dispatch is missing, or the storage refuses us or is away. */
  reachQueue: () => Promise<void>;
  /** About how many messages there are, those that nobody sees yet included; 0 in a queue that is missing. */
  countMessages: () => Promise<{ dispatch: number; reports: number }>;
}

/** Of the storage service. */
const LONGEST_DELAY_SECONDS = 7 * 86_400 - 1;

/** Refusals that a person must mend are ExpectedErrors. Bodies are JSON in plain text (host.json: messageEncoding none). A queue that is missing is created. */
export function openDispatchQueue({
  storage,
  name,
  clock,
  traceparent = () => undefined,
}: DispatchQueueOptions): DispatchQueue {
  let opened: Promise<QueueServiceClient> | undefined;
  const reach = async <Answer>(
    queueName: string,
    work: (queue: QueueClient) => Promise<Answer>,
  ): Promise<Answer> => {
    opened ??= connect(storage);
    try {
      return await work((await opened).getQueueClient(queueName));
    } catch (error) {
      throw refusedStorage(error, storage);
    }
  };
  return {
    async sendDispatch(executionId, visibleAt) {
      const trace = traceparent();
      const message: DispatchMessage = { executionId, ...(trace !== undefined && { traceparent: trace }) };
      await reach(name, (queue) => send(queue, message, secondsUntil(visibleAt, clock)));
    },
    async nudgeReports() {
      await reach(`${name}-poison`, (queue) => send(queue, nudge, 0));
    },
    async reachQueue() {
      await reach(name, (queue) => queue.getProperties());
    },
    async countMessages() {
      const [dispatch, reports] = await Promise.all([reach(name, countOf), reach(`${name}-poison`, countOf)]);
      return { dispatch, reports };
    },
  };
}

async function send(queue: QueueClient, message: unknown, visibilityTimeout: number): Promise<void> {
  const body = JSON.stringify(message);
  try {
    await queue.sendMessage(body, { visibilityTimeout });
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== 'QueueNotFound') throw error;
    await queue.createIfNotExists();
    await queue.sendMessage(body, { visibilityTimeout });
  }
}

async function countOf(queue: QueueClient): Promise<number> {
  try {
    return (await queue.getProperties()).approximateMessagesCount ?? 0;
  } catch (error) {
    if (error instanceof RestError && error.code === 'QueueNotFound') return 0;
    throw error;
  }
}

/** The service knows whole seconds: rather a moment early, since dispatch waits for the instant itself. */
function secondsUntil(instant: Temporal.Instant, clock: Clock): number {
  const seconds = Math.floor((instant.epochMilliseconds - clock.now().epochMilliseconds) / 1000);
  return Math.min(Math.max(seconds, 0), LONGEST_DELAY_SECONDS);
}

/** Short waits: the sweep sends again what could not be sent. */
const options = { retryOptions: { maxTries: 3, tryTimeoutInMs: 10_000, maxRetryDelayInMs: 2_000 } };

async function connect(storage: StorageAccount): Promise<QueueServiceClient> {
  if (storage.kind === 'connection-string') {
    return QueueServiceClient.fromConnectionString(storage.connectionString, options);
  }
  // 110 ms of start-up that only installations with an identity pay.
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { clientId, queueServiceUri } = storage;
  const identity = new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
  return new QueueServiceClient(queueServiceUri, identity, options);
}
