import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { storageConnection } from '../../dev/services/connections.ts';
import type { Ports } from '../../dev/services/ports.ts';
import { freePort } from './free-port.ts';

/**
 * `refuse` answers 503 and does nothing; `drop` breaks the connection, before the storage has heard of the request or after
 * it has done it; `delay` does it later; `duplicate` does it twice and answers once.
 */
type StorageFault = {
  /** Such as `POST /devstoreaccount1/vigia-alerts/messages`; absent = every request. */
  request?: RegExp;
  /** How many times it strikes; absent = until cleared. */
  count?: number;
} & (
  | { kind: 'refuse' | 'duplicate' }
  | { kind: 'drop'; when: 'before' | 'after' }
  | { kind: 'delay'; milliseconds: number }
);

export interface StorageProxy extends AsyncDisposable {
  /** A storage connection string whose queues are behind the proxy. */
  connection: string;
  /** Every body that was sent to the storage, in the order of arrival. */
  bodies: readonly string[];
  /** The oldest fault that fits strikes, and it alone. */
  add(fault: StorageFault): void;
  clear(): void;
}

/** Stands between a test and the queues of Azurite. */
export async function storageProxy(ports: Pick<Ports, 'blob' | 'queue' | 'table'>): Promise<StorageProxy> {
  let faults: StorageFault[] = [];
  const bodies: string[] = [];
  const take = (line: string): StorageFault | undefined => {
    const fault = faults.find((each) => each.request?.test(line) ?? true);
    if (fault?.count !== undefined && --fault.count === 0) faults = faults.filter((each) => each !== fault);
    return fault;
  };
  const server = createServer((incoming, response) => {
    const forward = forwarder(incoming, ports.queue, bodies);
    answer(take(`${incoming.method} ${incoming.url}`), forward, response).catch(() => response.destroy());
  });
  const queue = await freePort();
  server.listen(queue, '127.0.0.1');
  await once(server, 'listening');
  return {
    connection: storageConnection({ ...ports, queue }),
    bodies,
    add: (fault) => void faults.push({ ...fault }),
    clear: () => void (faults = []),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Forward = () => Promise<Dispatcher.ResponseData>;

/** Does the request upstream, each time it is called. Its body is kept. */
function forwarder(incoming: IncomingMessage, port: number, bodies: string[]): Forward {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = bodyOf(incoming).then((sent) => {
    if (sent !== undefined) bodies.push(sent.toString());
    return sent;
  });
  const { connection: _, 'transfer-encoding': __, ...others } = headers;
  return async () =>
    request(`http://127.0.0.1:${port}${url}`, { method, headers: others, body: (await body) ?? null });
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 0 ? undefined : Buffer.concat(chunks);
}

async function answer(
  fault: StorageFault | undefined,
  forward: Forward,
  response: ServerResponse,
): Promise<void> {
  if (fault?.kind === 'refuse') return void response.writeHead(503).end();
  if (fault?.kind === 'drop' && fault.when === 'before') return void response.destroy();
  if (fault?.kind === 'delay') await pause(fault.milliseconds);
  if (fault?.kind === 'duplicate') await (await forward()).body.dump();
  const answered = await forward();
  const body = Buffer.from(await answered.body.arrayBuffer());
  if (fault?.kind === 'drop') return void response.destroy();
  const { 'transfer-encoding': _, connection: __, ...headers } = answered.headers;
  response.writeHead(answered.statusCode, headers).end(body);
}
