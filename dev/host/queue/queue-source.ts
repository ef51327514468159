import { RestError, type QueueServiceClient } from '@azure/storage-queue';
import { addMessage } from '../bindings/storage-outputs.ts';
import { isQueueName } from '../bindings/binding-options.ts';

/** A received message. Times are epoch ms. */
export interface QueueMessage {
  readonly id: string;
  readonly popReceipt: string;
  /** As it stands in the queue, still encoded. */
  readonly text: string;
  readonly dequeueCount: number;
  readonly insertedOn: number;
  readonly expiresOn: number;
  readonly nextVisibleOn: number;
}

/** One queue, as its trigger uses it. */
export interface QueueSource {
  readonly name: string;
  exists(): Promise<boolean>;
  /** Up to `count` messages, hidden from others for ten minutes. */
  receive(count: number): Promise<readonly QueueMessage[]>;
  /** The three below do nothing when somebody else has the message, or it is gone. */
  remove(message: QueueMessage): Promise<void>;
  release(message: QueueMessage, hiddenMs: number): Promise<void>;
  /** Hides the message for ten minutes more; gives it back with its new receipt. */
  renew(message: QueueMessage): Promise<QueueMessage>;
  /** Where messages go that fail for good; none for a queue that is a poison queue itself. */
  readonly poison: PoisonQueue | undefined;
}

interface PoisonQueue {
  readonly name: string;
  /** Creates the queue when it is missing. */
  add(text: string): Promise<void>;
}

/** How long a received message stays hidden; fixed in the WebJobs SDK. */
const HIDDEN_SECONDS = 600;

export function storageQueueSource(service: QueueServiceClient, name: string): QueueSource {
  const client = service.getQueueClient(name);
  return {
    name,
    exists: () => client.exists(),
    async receive(count) {
      const { receivedMessageItems } = await client.receiveMessages({
        numberOfMessages: count,
        visibilityTimeout: HIDDEN_SECONDS,
      });
      return receivedMessageItems.map((item) => ({
        id: item.messageId,
        popReceipt: item.popReceipt,
        text: item.messageText,
        dequeueCount: item.dequeueCount,
        insertedOn: item.insertedOn.getTime(),
        expiresOn: item.expiresOn.getTime(),
        nextVisibleOn: item.nextVisibleOn.getTime(),
      }));
    },
    remove: (message) =>
      unlessLost(async () => void (await client.deleteMessage(message.id, message.popReceipt))),
    release: (message, hiddenMs) =>
      unlessLost(async () => {
        await client.updateMessage(message.id, message.popReceipt, undefined, Math.trunc(hiddenMs / 1000));
      }),
    async renew(message) {
      const { popReceipt } = await client.updateMessage(
        message.id,
        message.popReceipt,
        undefined,
        HIDDEN_SECONDS,
      );
      return { ...message, popReceipt: popReceipt ?? message.popReceipt };
    },
    poison: poisonQueueOf(service, name),
  };
}

function poisonQueueOf(service: QueueServiceClient, name: string): PoisonQueue | undefined {
  const poison = `${name}-poison`;
  if (name.endsWith('-poison') || !isQueueName(poison)) return undefined;
  return { name: poison, add: (text) => addMessage(service, poison, text) };
}

/** 404: message or queue are gone. 400 PopReceiptMismatch: somebody else has it. 409: the queue is being deleted. */
async function unlessLost(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (fault) {
    const lost =
      fault instanceof RestError &&
      (fault.statusCode === 404 || fault.statusCode === 409 || fault.code === 'PopReceiptMismatch');
    if (!lost) throw fault;
  }
}
