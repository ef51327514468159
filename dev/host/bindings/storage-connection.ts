import { AnonymousCredential, BlobServiceClient } from '@azure/storage-blob';
import { AnonymousCredential as AnonymousQueueCredential, QueueServiceClient } from '@azure/storage-queue';
import type { Settings } from '../settings.ts';

/** How to reach a storage account: a connection string, or service addresses with an identity. */
export type StorageConnection =
  | { readonly kind: 'string'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobs: string | undefined;
      readonly queues: string | undefined;
      /** Of a user-assigned identity. */
      readonly clientId: string | undefined;
    };

/**
 * Finds the account that a binding's `connection` names (none: AzureWebJobsStorage). Order as in the WebJobs SDK:
 * AzureWebJobs<name>, <name>, ConnectionStrings:<name>; as one connection string, or as __queueServiceUri,
 * __blobServiceUri or __accountName. Undefined when nothing of it is set.
 */
export function findStorageConnection(settings: Settings, name = 'Storage'): StorageConnection | undefined {
  for (const section of [`AzureWebJobs${name}`, name, `ConnectionStrings:${name}`]) {
    const connectionString = settings(section);
    if (connectionString !== undefined && connectionString !== '')
      return { kind: 'string', connectionString };
    const byIdentity = identityConnection(settings, section);
    if (byIdentity !== undefined) return byIdentity;
  }
  return undefined;
}

function identityConnection(settings: Settings, section: string): StorageConnection | undefined {
  const account = settings(`${section}:accountName`);
  const address = (service: 'blob' | 'queue'): string | undefined =>
    settings(`${section}:${service}ServiceUri`) ??
    (account === undefined ? undefined : `https://${account}.${service}.core.windows.net`);
  const [blobs, queues] = [address('blob'), address('queue')];
  return blobs === undefined && queues === undefined
    ? undefined
    : { kind: 'identity', blobs, queues, clientId: settings(`${section}:clientId`) };
}

/** The message that the real host gives for a connection that is not there. */
export function missingConnection(name = 'Storage'): string {
  return `Storage account connection string 'AzureWebJobs${name}' does not exist. Make sure that it is a defined App Setting.`;
}

export async function queueServiceOf(connection: StorageConnection): Promise<QueueServiceClient> {
  if (connection.kind === 'string')
    return QueueServiceClient.fromConnectionString(connection.connectionString);
  const address = required(connection.queues, 'queueServiceUri');
  if (hasSignature(address)) return new QueueServiceClient(address, new AnonymousQueueCredential());
  return new QueueServiceClient(address, await identity(connection.clientId));
}

export async function blobServiceOf(connection: StorageConnection): Promise<BlobServiceClient> {
  if (connection.kind === 'string')
    return BlobServiceClient.fromConnectionString(connection.connectionString);
  const address = required(connection.blobs, 'blobServiceUri');
  if (hasSignature(address)) return new BlobServiceClient(address, new AnonymousCredential());
  return new BlobServiceClient(address, await identity(connection.clientId));
}

function required(address: string | undefined, member: string): string {
  if (address === undefined) throw new Error(`The storage connection has no __${member}.`);
  return address;
}

/** A shared access signature in the address is a credential of its own. */
function hasSignature(address: string): boolean {
  return new URL(address).searchParams.has('sig');
}

/** Loaded only here: the identity library costs a tenth of a second of start-up. */
async function identity(clientId: string | undefined) {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
