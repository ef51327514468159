import { randomBytes } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { startTestHost, type TestHost } from '../../support/running-host.ts';

/** Names the host and its queues, so that no other test meets them. */
const run = `t${randomBytes(4).toString('hex')}`;
const queueOf = (name: string) =>
  QueueServiceClient.fromConnectionString(storageConnection(inject('ports'))).getQueueClient(
    `${run}-${name}`,
  );

let host: TestHost;
beforeAll(async () => {
  await queueOf('inbox').createIfNotExists();
  host = await startTestHost('everything', {
    environment: {
      AzureWebJobsStorage: storageConnection(inject('ports')),
      AzureFunctionsWebHost__hostid: run,
      RUN: run,
    },
  });
});
afterAll(() => host.stop('SIGKILL'));

/** The next message of a queue, taken from it; the host makes the queue with its first message. */
async function nextMessage(name: string): Promise<string> {
  let text: string | undefined;
  await expect
    .poll(
      async () => {
        const queue = queueOf(name);
        if (!(await queue.exists())) return undefined;
        const [message] = (await queue.receiveMessages()).receivedMessageItems;
        if (message === undefined) return undefined;
        text = message.messageText;
        await queue.deleteMessage(message.messageId, message.popReceipt);
        return text;
      },
      { timeout: 10_000, interval: 50 },
    )
    .toBeDefined();
  return text ?? '';
}

async function runByHand(name: string, body: object): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  expect((await fetch(`${host.address}/admin/functions/${name}`, init)).status).toBe(202);
}

describe('a queue function', () => {
  test.each([
    ['{"id":"x","n":1}', { id: 'x', n: 1 }],
    ['123', 123],
    ['plain', 'plain'],
    ['""', ''],
    ['null', null],
    ['[1,2]', [1, 2]],
  ])('gets %s as %j', async (body, expected) => {
    await queueOf('inbox').sendMessage(body);
    expect(JSON.parse(await nextMessage('seen'))).toMatchObject({ message: expected });
  });

  test('gets the metadata of its message', async () => {
    const { messageId } = await queueOf('inbox').sendMessage('meta');
    expect(JSON.parse(await nextMessage('seen'))).toEqual({
      message: 'meta',
      metadata: {
        queueTrigger: 'meta',
        dequeueCount: 1,
        expirationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/) as string,
        id: messageId,
        insertionTime: expect.stringMatching(/\+00:00$/) as string,
        nextVisibleTime: expect.stringMatching(/\+00:00$/) as string,
        popReceipt: expect.any(String) as string,
      },
    });
  });

  test('that fails as often as allowed leaves the message in the poison queue, as it was', async () => {
    await queueOf('inbox').sendMessage('{"fail":true}');
    expect(await nextMessage('inbox-poison')).toBe('{"fail":true}');
  });

  test('run by hand gets its input as a message without id and receipt', async () => {
    await runByHand('relay', { input: '{"by":"hand"}' });
    const { message, metadata } = JSON.parse(await nextMessage('seen')) as {
      message: object;
      metadata: object;
    };
    expect(message).toEqual({ by: 'hand' });
    expect(metadata).toMatchObject({ dequeueCount: 0, by: 'hand', queueTrigger: { by: 'hand' } });
    expect(Object.keys(metadata)).not.toEqual(expect.arrayContaining(['id']));
    expect(Object.keys(metadata)).not.toEqual(expect.arrayContaining(['popReceipt']));
  });
});

test('an HTTP function puts messages into the queue that its route names', async () => {
  await fetch(`${host.address}/api/out/seven`, { method: 'POST', body: '["a",{"b":1}]' });
  expect([await nextMessage('outbox-seven'), await nextMessage('outbox-seven')].toSorted()).toEqual(
    ['a', '{\n  "b": 1\n}'].toSorted(),
  );
});

test('a timer function keeps its schedule where the real host keeps it, and gets it', async () => {
  const blob = BlobServiceClient.fromConnectionString(storageConnection(inject('ports')))
    .getContainerClient('azure-webjobs-hosts')
    .getBlobClient(`timers/${run}/Host.Functions.yearly/status`);
  await expect.poll(() => blob.exists(), { timeout: 10_000 }).toBe(true);
  await runByHand('yearly', {});
  const next = `${new Date().getUTCFullYear() + 1}-01-01T00:00:00+00:00`;
  expect(JSON.parse(await nextMessage('ticks'))).toMatchObject({
    timer: {
      schedule: { adjustForDST: true },
      scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next },
      isPastDue: false,
    },
    retry: null,
  });
  expect(JSON.parse((await blob.downloadToBuffer()).toString())).toMatchObject({ Next: next });
});
