import { createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { call, client, listen, never, receiver } from './a-receiver.ts';

const answerOk = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Answers every request, and keeps its connections. */
async function gateway(answer: (socket: Socket) => void = (socket) => void socket.write(answerOk)) {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('data', () => answer(socket));
  });
  const port = await listen(server);
  const open = () => sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length;
  return { url: `http://127.0.0.1:${port}/hook`, sockets, open };
}

test('calls use the connections that were opened before them', async () => {
  const { url, sockets } = await gateway();
  const { connectAhead, deliverWebhook } = client();
  connectAhead(url, 3);
  await expect.poll(() => sockets.length).toBe(3);
  const answers = await Promise.all([1, 2, 3].map(() => deliverWebhook(call(url), never)));
  expect(answers.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered']);
  expect(sockets).toHaveLength(3);
});

test('no more are opened than the host has places, whoever asks', async () => {
  const { url, sockets } = await gateway();
  const { connectAhead, deliverWebhook } = client({ placesPerHost: 4 });
  connectAhead(url, 3);
  connectAhead(url, 50);
  await expect.poll(() => sockets.length).toBe(4);
  await Promise.all(Array.from({ length: 8 }, () => deliverWebhook(call(url), never)));
  expect(sockets).toHaveLength(4);
});

test('calls that come before those are open wait for them', async () => {
  // Nothing is said to who wants TLS: those connections stay on the way.
  const { url, sockets } = await gateway(() => undefined);
  const secure = url.replace('http:', 'https:');
  const { connectAhead, deliverWebhook } = client();
  connectAhead(secure, 3);
  await expect.poll(() => sockets.length).toBe(3);
  const hurried = call(secure, { timeoutMs: 300 });
  const answers = await Promise.all([1, 2, 3].map(() => deliverWebhook(hurried, never)));
  for (const answer of answers) expect(answer).toMatchObject({ reason: 'webhook_tiempo' });
  expect(sockets).toHaveLength(3);
});

test('a call that waits for one that fails fails with it', async () => {
  const { url, sockets } = await gateway((socket) => void socket.destroy());
  const secure = url.replace('http:', 'https:');
  const { connectAhead, deliverWebhook } = client();
  connectAhead(secure, 1);
  expect(await deliverWebhook(call(secure), never)).toMatchObject({ reason: 'webhook_red' });
  expect(sockets).toHaveLength(1);
});

test('one that the receiver has closed meanwhile is not used', async () => {
  const { url, sockets, open } = await gateway();
  const { connectAhead, deliverWebhook } = client();
  connectAhead(url, 2);
  await expect.poll(() => sockets.length).toBe(2);
  for (const socket of sockets) socket.destroy();
  await expect.poll(open).toBe(0);
  await expect.poll(() => deliverWebhook(call(url), never)).toMatchObject({ kind: 'answered', status: 200 });
});

test('what nobody has used is closed when the client is', async () => {
  const { url, sockets, open } = await gateway();
  const made = client();
  made.connectAhead(url, 2);
  await expect.poll(() => sockets.length).toBe(2);
  await made.close();
  await expect.poll(open).toBe(0);
});

test('what nobody has used within three seconds is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { url, sockets, open } = await gateway();
  client().connectAhead(url, 2);
  await expect.poll(() => sockets.length).toBe(2);
  await expect.poll(() => (vi.advanceTimersByTime(3_000), open())).toBe(0);
});

test('a host that tenants may not reach is not connected to ahead either', async () => {
  const { url, received } = await receiver((_, response) => void response.end());
  const { connectAhead, deliverWebhook } = client({ allowedHosts: [] });
  connectAhead(url.replace('http:', 'https:'), 2);
  expect(await deliverWebhook(call(url.replace('http:', 'https:')), never)).toMatchObject({
    reason: 'webhook_direccion',
  });
  expect(received).toEqual([]);
});

test('a host that takes no connection fails the call, not the opening', async () => {
  const { connectAhead, deliverWebhook } = client();
  connectAhead('http://127.0.0.1:1/', 2);
  expect(await deliverWebhook(call('http://127.0.0.1:1/'), never)).toMatchObject({ reason: 'webhook_red' });
});
