import { QueueServiceClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { startAzurite } from '../../../dev/services/azurite.ts';
import { storageConnection } from '../../../dev/services/connections.ts';
import { freePort } from '../../support/free-port.ts';
import { readableTemporaryFolder } from '../../support/temporary-folder.ts';

test('what was queued right before Azurite was closed is there at its next start', async () => {
  using folder = readableTemporaryFolder('vigia-azurite-');
  const ports = { blob: await freePort(), queue: await freePort(), table: await freePort() };
  const queue = QueueServiceClient.fromConnectionString(storageConnection(ports)).getQueueClient('kept');
  const first = await startAzurite(ports, folder.path);
  await queue.create();
  await queue.sendMessage('to be kept');
  await first.close();
  const second = await startAzurite(ports, folder.path);
  try {
    const { peekedMessageItems } = await queue.peekMessages();
    expect(peekedMessageItems.map(({ messageText }) => messageText)).toEqual(['to be kept']);
  } finally {
    await second.close();
  }
});
