import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What HEARTBEAT_URL leads to. `status` null: it never answers. */
export async function aMonitor() {
  const calls: string[] = [];
  const monitor = { url: '', calls, answered: 0, status: 200 as number | null };
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (monitor.status === null) return;
    response.writeHead(monitor.status, { location: '/elsewhere' }).end('OK', () => {
      monitor.answered += 1;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(monitor, {
    url: `http://127.0.0.1:${port}/ping/una-clave`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
