import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QueueServiceClient } from '@azure/storage-queue';
import { Temporal } from 'temporal-polyfill';
import { expect, inject, test } from 'vitest';
import { storageConnection } from '../../../dev/services/connections.ts';
import { openDispatchQueue } from '../../../src/adapters/storage-queue/dispatch-queue.ts';
import { clockAt } from '../../support/moved-clock.ts';

const now = '2026-03-02T12:47:00.043-03:00';

function queueOfItsOwn() {
  const name = `q-${randomBytes(6).toString('hex')}`;
  const connectionString = storageConnection(inject('ports'));
  const queue = openDispatchQueue({
    storage: { kind: 'connection-string', connectionString },
    name,
    clock: clockAt(now),
  });
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const visible = async (queueName = name) => {
    const { receivedMessageItems } = await service
      .getQueueClient(queueName)
      .receiveMessages({ numberOfMessages: 32 });
    return receivedMessageItems.map(({ messageText }) => messageText);
  };
  const count = async () => (await service.getQueueClient(name).getProperties()).approximateMessagesCount;
  return { queue, name, visible, count };
}

test('a message is plain JSON of its execution alone, in a queue that is created when it is missing', async () => {
  const { queue, visible } = queueOfItsOwn();
  await queue.sendDispatch(42, Temporal.Instant.from(now));
  expect(await visible()).toEqual(['{"executionId":42}']);
});

test('nobody sees a message before its instant', async () => {
  const { queue, visible, count } = queueOfItsOwn();
  await queue.sendDispatch(42, Temporal.Instant.from('2026-03-02T12:48:55-03:00'));
  expect(await visible()).toEqual([]);
  expect(await count()).toBe(1);
});

test('many first messages at once all arrive, though each finds the queue missing', async () => {
  const { queue, visible } = queueOfItsOwn();
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => queue.sendDispatch(n + 1, Temporal.Instant.from(now))),
  );
  expect(new Set(await visible()).size).toBe(20);
});

test('what wakes the mailer goes to the poison queue', async () => {
  const { queue, name, visible } = queueOfItsOwn();
  await queue.nudgeReports();
  expect(await visible(`${name}-poison`)).toEqual(['{"nudge":true}']);
});

test('both queues are counted, hidden messages too; a missing one is empty, and cannot be reached', async () => {
  const { queue } = queueOfItsOwn();
  await expect(queue.reachQueue()).rejects.toMatchObject({ code: 'queue_missing' });
  expect(await queue.countMessages()).toEqual({ dispatch: 0, reports: 0 });
  await queue.sendDispatch(42, Temporal.Instant.from('2026-03-02T12:48:55-03:00'));
  await queue.sendDispatch(43, Temporal.Instant.from(now));
  await queue.nudgeReports();
  await queue.reachQueue();
  expect(await queue.countMessages()).toEqual({ dispatch: 2, reports: 1 });
});

test.each([
  ['whole seconds, rather early than late', '2026-03-02T12:48:55-03:00', '114'],
  ['never negative', '2026-03-02T12:00:00-03:00', '0'],
  ['never more than the seven days of the service', '2026-04-02T12:00:00-03:00', '604799'],
])('the delay is %s', async (_rule, visibleAt, seconds) => {
  const asked: (string | null)[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://queue').searchParams.get('visibilitytimeout'));
    response
      .writeHead(201, { 'content-type': 'application/xml' })
      .end('<QueueMessagesList></QueueMessagesList>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const connectionString =
    `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${Buffer.from('key').toString('base64')};` +
    `QueueEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  const queue = openDispatchQueue({
    storage: { kind: 'connection-string', connectionString },
    name: 'q',
    clock: clockAt(now),
  });
  await queue.sendDispatch(1, Temporal.Instant.from(visibleAt));
  server.close();
  expect(asked).toEqual([seconds]);
});
