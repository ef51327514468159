import { RestError, type QueueServiceClient } from '@azure/storage-queue';
import type { BlobServiceClient } from '@azure/storage-blob';
import type { QueueOptions } from '../host-json.ts';
import { blobServiceOf, queueServiceOf, type StorageConnection } from './storage-connection.ts';

/** What functions' outputs write to, and blob inputs read from. */
export interface StorageOutputs {
  /** Sends one message, creating the queue when it is missing. */
  sendMessage(connection: StorageConnection, queueName: string, body: string | Uint8Array): Promise<void>;
  /** `path` is container/name; the container is created when it is missing. */
  writeBlob(connection: StorageConnection, path: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is no such blob. */
  readBlob(connection: StorageConnection, path: string): Promise<Uint8Array | undefined>;
}

/** `sent` is told each queue that got a message, so that a trigger on it looks at once. */
export function storageOutputs(
  encoding: QueueOptions['messageEncoding'],
  sent: (queueName: string) => void,
): StorageOutputs {
  const queues = cached(queueServiceOf);
  const blobs = cached(blobServiceOf);
  return {
    async sendMessage(connection, queueName, body) {
      const text = encodeMessage(body, encoding);
      await addMessage(await queues(connection), queueName, text);
      sent(queueName);
    },
    async writeBlob(connection, path, bytes) {
      const [container, name] = splitPath(path);
      const client = (await blobs(connection)).getContainerClient(container);
      await client.createIfNotExists();
      await client.getBlockBlobClient(name).uploadData(bytes);
    },
    readBlob: async (connection, path) => readBlob(await blobs(connection), path),
  };
}

/** A message body as it stands in the queue. */
function encodeMessage(body: string | Uint8Array, encoding: QueueOptions['messageEncoding']): string {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
  return encoding === 'base64' ? bytes.toString('base64') : bytes.toString('utf8');
}

/** Sends a text as it is; creates the queue only when the service says that there is none. */
export async function addMessage(
  service: QueueServiceClient,
  queueName: string,
  text: string,
): Promise<void> {
  const client = service.getQueueClient(queueName);
  try {
    await client.sendMessage(text);
  } catch (fault) {
    if (!(fault instanceof RestError) || fault.statusCode !== 404) throw fault;
    await client.createIfNotExists();
    await client.sendMessage(text);
  }
}

async function readBlob(service: BlobServiceClient, path: string): Promise<Uint8Array | undefined> {
  const [container, name] = splitPath(path);
  try {
    return await service.getContainerClient(container).getBlobClient(name).downloadToBuffer();
  } catch (fault) {
    if (fault instanceof Error && 'statusCode' in fault && fault.statusCode === 404) return undefined;
    throw fault;
  }
}

function splitPath(path: string): [container: string, name: string] {
  const slash = path.indexOf('/');
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function cached<Client>(
  open: (connection: StorageConnection) => Promise<Client>,
): (connection: StorageConnection) => Promise<Client> {
  const clients = new Map<StorageConnection, Promise<Client>>();
  return (connection) => {
    const known = clients.get(connection) ?? open(connection);
    clients.set(connection, known);
    return known;
  };
}
