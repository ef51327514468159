import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What HEARTBEAT_URL leads to. `status` null: it answers when it is released, if ever. */
export async function aMonitor() {
  const calls: string[] = [];
  const monitor = { url: '', calls, answered: 0, status: 200 as number | null };
  const held: ServerResponse[] = [];
  const answer = (response: ServerResponse, status: number) => {
    response.writeHead(status, { location: '/elsewhere' }).end('OK', () => {
      monitor.answered += 1;
    });
  };
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (monitor.status === null) held.push(response);
    else answer(response, monitor.status);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(monitor, {
    url: `http://127.0.0.1:${port}/ping/una-clave`,
    release() {
      monitor.status = 200;
      for (const response of held.splice(0)) answer(response, 200);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
