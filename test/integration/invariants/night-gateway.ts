import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook gateway that accepts at once; what is posted to its path /hung waits for `letGo`, and is refused then. */
export async function nightGateway() {
  const hanging = new Set<ServerResponse>();
  const now = { all: 0, hung: 0 };
  const gateway = {
    host: '',
    /** Told of the alert of each accepted call. */
    onAccepted: (_alert: string): void => {},
    onCall: (): void => {},
    /** The most calls that were under way at once. */
    most: { all: 0, hung: 0 },
    letGo: () => {
      gateway.hangs = false;
      for (const response of hanging) response.writeHead(503).end();
      hanging.clear();
    },
    hangs: true,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const count = (isHung: boolean, by: 1 | -1) => {
    now.all += by;
    if (isHung) now.hung += by;
    gateway.most = { all: Math.max(gateway.most.all, now.all), hung: Math.max(gateway.most.hung, now.hung) };
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    const isHung = request.url === '/hung';
    count(isHung, 1);
    gateway.onCall();
    response.on('close', () => count(isHung, -1));
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (isHung && gateway.hangs) return void hanging.add(response);
      response.writeHead(isHung ? 503 : 200).end();
      const event = JSON.parse(Buffer.concat(parts).toString()) as { subject: string };
      if (!isHung) gateway.onAccepted(event.subject);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  gateway.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gateway;
}

export type NightGateway = Awaited<ReturnType<typeof nightGateway>>;
