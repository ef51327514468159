import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, test } from 'vitest';
import { webhookClient, type WebhookClient } from '../../../src/adapters/http/deliver-webhook.ts';
import type { WebhookCall } from '../../../src/dispatch/deliver/deliver-webhook.ts';

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
  socket: Socket;
}

type Answer = (request: Received, response: ServerResponse) => void;

const opened: { close(): unknown }[] = [];
const never = new AbortController().signal;
const clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
  waitUntil: () => Promise.reject(new Error('not used')),
};

afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function receiver(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers, socket } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString(), socket };
      received.push(one);
      answer(one, response);
    });
  });
  const port = await listen(server);
  opened.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${port}/hook/0123456789abcdef?token=query-secret`, received };
}

function client(options: Partial<Parameters<typeof webhookClient>[0]> = {}): WebhookClient {
  const made = webhookClient({ clock, allowedHosts: ['127.0.0.1'], placesPerHost: 4, ...options });
  opened.unshift(made);
  return made;
}

function call(url: string, changes: Partial<WebhookCall> = {}): WebhookCall {
  return {
    tenant: 'E1',
    url,
    headers: { authorization: 'Bearer header-secret' },
    body: '{"text":"Hola ñandú"}',
    contentType: 'application/json; charset=utf-8',
    webhookId: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
    secrets: ['signing-secret'],
    timeoutMs: 5_000,
    ...changes,
  };
}

const ok: Answer = (_, response) => void response.end('{"wamid":"wamid.X"}');

test('the receiver gets the very bytes, the headers and signatures that verify', async () => {
  const { url, received } = await receiver(ok);
  const answer = await client().deliverWebhook(call(url), never);
  expect(answer).toMatchObject({
    kind: 'answered',
    status: 200,
    body: '{"wamid":"wamid.X"}',
    retryAfter: null,
  });
  expect(received).toHaveLength(1);
  const [request] = received;
  expect(request).toMatchObject({ method: 'POST', body: '{"text":"Hola ñandú"}' });
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer header-secret',
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
    'user-agent': 'Vigia',
  });
  const verifier = new Webhook('signing-secret', { format: 'raw' });
  expect(verifier.verify(request?.body ?? '', request?.headers as Record<string, string>)).toEqual({
    text: 'Hola ñandú',
  });
});

test('calls one after the other keep their connections', async () => {
  const { url, received } = await receiver(ok);
  const { deliverWebhook } = client();
  for (let index = 0; index < 10; index += 1) await deliverWebhook(call(url), never);
  expect(received).toHaveLength(10);
  expect(new Set(received.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
});

test('a host serves no more calls at a time than it has places', async () => {
  const waiting: ServerResponse[] = [];
  let most = 0;
  const { url } = await receiver((_, response) => {
    waiting.push(response);
    most = Math.max(most, waiting.length);
    setTimeout(() => waiting.shift()?.end('ok'), 20);
  });
  const { deliverWebhook } = client({ placesPerHost: 3 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => deliverWebhook(call(url), never)));
  expect(answers.every((answer) => answer.kind === 'answered')).toBe(true);
  expect(most).toBe(3);
});

test('a redirect is an answer and is not followed', async () => {
  const { url, received } = await receiver((_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  );
  await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({
    kind: 'answered',
    status: 302,
  });
  expect(received).toHaveLength(1);
});

test('Retry-After is handed on as sent', async () => {
  const { url } = await receiver((_, response) => response.writeHead(429, { 'retry-after': '120' }).end());
  await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({
    status: 429,
    retryAfter: '120',
  });
});

describe('answers that misbehave', () => {
  test('more than 64 KiB is cut and the connection closed', async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await receiver(({ socket }, response) => {
      socket.once('close', () => closed.resolve());
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: 'x'.repeat(65_536) });
    await closed.promise;
  });

  test('a body that hangs ends with the time limit, and its status counts', async () => {
    const { url } = await receiver((_, response) => void response.writeHead(202).write('{"half":'));
    const started = performance.now();
    const answer = await client().deliverWebhook(call(url, { timeoutMs: 200 }), never);
    expect(answer).toMatchObject({ kind: 'answered', status: 202, body: '{"half":' });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a body that breaks off is kept as far as it came', async () => {
    const { url } = await receiver(({ socket }, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('part');
      setTimeout(() => socket.destroy(), 20);
    });
    await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({
      status: 200,
      body: 'part',
    });
  });

  test('compressed ones are not kept', async () => {
    const { url } = await receiver((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from([0x1f, 0x8b, 8, 0])),
    );
    await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({ status: 200, body: '' });
  });

  test('what they echo of our secrets is struck out', async () => {
    const { url } = await receiver((request, response) =>
      response
        .writeHead(404)
        .end(`Cannot POST ${request.url}; auth ${request.headers.authorization}; signing-secret`),
    );
    const answer = await client().deliverWebhook(call(url), never);
    expect(answer).toMatchObject({ status: 404, body: expect.stringContaining('Cannot POST •••') });
    expect(JSON.stringify(answer)).not.toMatch(/0123456789abcdef|query-secret|header-secret|signing-secret/);
  });
});

describe('calls that fail', () => {
  test('one that is never answered ends with the time limit', async () => {
    const { url } = await receiver(() => {});
    const answer = await client().deliverWebhook(call(url, { timeoutMs: 150 }), never);
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_tiempo',
      detail: '127.0.0.1 no respondió en 0.15 s.',
    });
  });

  test('so does a TLS handshake that never ends', async () => {
    const sockets = new Set<Socket>();
    const silent = createTcpServer((socket) => void sockets.add(socket));
    const port = await listen(silent);
    const answer = await client().deliverWebhook(
      call(`https://127.0.0.1:${port}/`, { timeoutMs: 150 }),
      never,
    );
    for (const socket of sockets) socket.destroy();
    silent.close();
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_tiempo' });
    expect(answer.kind === 'failed' && answer.ms).toBeLessThan(2_000);
  });

  test('a refused connection names the host and the code alone', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const answer = await client().deliverWebhook(call(`http://127.0.0.1:${port}/path-secret?q=1`), never);
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_red',
      detail: 'No se pudo hablar con 127.0.0.1 (ECONNREFUSED).',
    });
  });

  test('a connection that the receiver drops is a network error', async () => {
    const { url } = await receiver(({ socket }) => void socket.destroy());
    await expect(client().deliverWebhook(call(url), never)).resolves.toMatchObject({
      kind: 'failed',
      reason: 'webhook_red',
    });
  });

  test('a name without an address is a network error', async () => {
    const answer = await client().deliverWebhook(call('https://does-not-exist.invalid/'), never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_red' });
  });
});

describe('addresses that are not public', () => {
  test('a name that resolves to one is refused before anything is sent', async () => {
    const { url, received } = await receiver(ok);
    const { port } = new URL(url);
    const answer = await client().deliverWebhook(call(`https://localhost:${port}/path-secret`), never);
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'webhook_direccion',
      detail: 'La dirección de localhost no es pública, y WEBHOOK_ALLOWED_HOSTS no lo nombra.',
    });
    expect(received).toEqual([]);
  });

  test('a literal one is refused too', async () => {
    const { url, received } = await receiver(ok);
    const { deliverWebhook } = client({ allowedHosts: [] });
    const answer = await deliverWebhook(call(url.replace('http:', 'https:')), never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'webhook_direccion', ms: 0 });
    expect(received).toEqual([]);
  });
});

test('an abort leaves what waits unstarted, and what is under way to its answer', async () => {
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { url, received } = await receiver((_, response) => {
    reached.resolve();
    void release.promise.then(() => response.end('done'));
  });
  const { deliverWebhook } = client({ placesPerHost: 1 });
  const stop = new AbortController();
  const under = deliverWebhook(call(url), stop.signal);
  const waits = deliverWebhook(call(url), stop.signal);
  await reached.promise;
  stop.abort();
  release.resolve();
  await expect(waits).resolves.toEqual({ kind: 'not-started' });
  await expect(under).resolves.toMatchObject({ kind: 'answered', status: 200, body: 'done' });
  expect(received).toHaveLength(1);
});
