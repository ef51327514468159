import { randomBytes } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { Temporal } from 'temporal-polyfill';
import { expect, inject, onTestFinished, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { openDispatchQueue } from '../../../src/adapters/storage-queue/dispatch-queue.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { storageProxy } from '../../support/storage-proxy.ts';

const now = '2026-03-02T12:47:00.043-03:00';

async function aQueueBehindAProxy() {
  const proxy = await storageProxy(inject('ports'));
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const name = `q-${randomBytes(6).toString('hex')}`;
  const storage = { kind: 'connection-string', connectionString: proxy.connection } as const;
  const queue = openDispatchQueue({ storage, name, clock: clockAt(now) });
  const waiting = QueueServiceClient.fromConnectionString(storageConnection(inject('ports'))).getQueueClient(
    name,
  );
  await waiting.create();
  return {
    proxy,
    send: () => queue.sendDispatch(42, Temporal.Instant.from(now)),
    count: async () => (await waiting.getProperties()).approximateMessagesCount,
  };
}

const posting = /^POST .*\/messages/;

test('a request that the storage refuses or loses once is made again', async () => {
  const { proxy, send, count } = await aQueueBehindAProxy();
  proxy.add({ kind: 'refuse', request: posting, count: 1 });
  proxy.add({ kind: 'drop', when: 'before', request: posting, count: 1 });
  await send();
  expect(await count()).toBe(1);
});

test('an answer that is lost leaves the message there twice, and sending it goes well', async () => {
  const { proxy, send, count } = await aQueueBehindAProxy();
  proxy.add({ kind: 'drop', when: 'after', request: posting, count: 1 });
  await send();
  expect(await count()).toBe(2);
});

test('a queue that is down fails the sending', async () => {
  const { proxy, send, count } = await aQueueBehindAProxy();
  proxy.add({ kind: 'refuse', request: posting });
  await expect(send()).rejects.toThrow();
  proxy.clear();
  expect(await count()).toBe(0);
});

test('the storage doubles a message by itself', async () => {
  const { proxy, send, count } = await aQueueBehindAProxy();
  proxy.add({ kind: 'duplicate', request: posting, count: 1 });
  await send();
  expect(await count()).toBe(2);
});
