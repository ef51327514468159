import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  webhookId: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A webhook receiver of the test's own: keeps what it gets and answers as told. */
export async function aGateway() {
  const received: Received[] = [];
  const gateway = {
    received,
    /** Ever made to it. */
    connections: 0,
    answer: (_request: Received): number => 200,
    /** An answer waits for it. */
    wait: async (_request: Received): Promise<void> => {},
    host: '',
    close: async () => {},
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { headers } = request;
      const got = {
        webhookId: String(headers['webhook-id']),
        headers,
        body: Buffer.concat(parts).toString(),
      };
      received.push(got);
      void gateway
        .wait(got)
        .then(() =>
          response
            .writeHead(gateway.answer(got), { 'content-type': 'application/json' })
            .end('{"wamid":"wamid.7"}'),
        );
    });
  }).listen(0, '127.0.0.1');
  server.on('connection', () => (gateway.connections += 1));
  await once(server, 'listening');
  gateway.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return gateway;
}
