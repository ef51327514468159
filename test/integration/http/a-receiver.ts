import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import {
  webhookClient,
  type WebhookClient,
  type WebhookClientOptions,
} from '../../../src/adapters/http/deliver-webhook.ts';
import type { WebhookCall } from '../../../src/dispatch/deliver/deliver-webhook.ts';

export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
  socket: Socket;
}

export type Answer = (request: Received, response: ServerResponse) => void;

export const never = new AbortController().signal;

/** Listens on a free port of 127.0.0.1 until the test has ended. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** An HTTP server that keeps what it gets and answers as told; its URL has secrets in path and query. */
export async function receiver(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers, socket } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks), socket };
      received.push(one);
      answer(one, response);
    });
  });
  return { url: urlOf(await listen(server)), received };
}

/** A server that knows no HTTP: says what it is told to each connection that has sent something. */
export async function rawReceiver(say: (socket: Socket) => void): Promise<{ url: string }> {
  const server = createTcpServer((socket) => void socket.once('data', () => say(socket)));
  return { url: urlOf(await listen(server)) };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/hook/0123456789abcdef?token=query-secret`;
}

/** A client that may call 127.0.0.1, closed when the test has ended. */
export function client(options: Partial<WebhookClientOptions> = {}): WebhookClient {
  const made = webhookClient({
    clock: {
      now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
      waitUntil: () => Promise.reject(new Error('not used')),
    },
    allowedHosts: ['127.0.0.1'],
    placesPerHost: 4,
    ...options,
  });
  onTestFinished(() => made.close());
  return made;
}

export function call(url: string, changes: Partial<WebhookCall> = {}): WebhookCall {
  return {
    tenant: 'E1',
    url,
    headers: { authorization: 'Bearer header-secret' },
    body: '{"text":"Hola ñandú 😀"}',
    contentType: 'application/json; charset=utf-8',
    webhookId: '0195b7a0-3c1e-7d2a-9d6e-3a2f1b4c5d6e',
    secrets: ['signing-secret'],
    timeoutMs: 5_000,
    ...changes,
  };
}
