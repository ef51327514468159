import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Method = 'PUT' | 'DELETE';

interface Answer {
  status: number;
  body?: unknown;
}

export const serverId =
  '/subscriptions/6c1f1b52-9d0f-4a0e-8a37-3a1f0a0d9a11/resourceGroups/rg-vigia/providers/Microsoft.Sql/servers/sql-vigia';
export const rulePath = `${serverId}/firewallRules/prepare-database?api-version=2025-01-01`;

/** What Azure says to somebody without the role. */
export const forbidden: Answer = {
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'No role over the scope.' } },
};

/**
 * Azure Resource Manager as the firewall rules of a server see it. `answers` = what it says instead; `changed` runs before
 * an answer that changes something.
 */
export async function resourceManager(changed: (method: Method) => Promise<unknown> = async () => undefined) {
  const asked: { method: string; path: string; authorization: string; body: unknown }[] = [];
  const answers: Partial<Record<Method, Answer>> = {};
  const usual: Record<string, Answer> = { PUT: { status: 201, body: {} }, DELETE: { status: 200 } };
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const method = request.method as Method;
      const { authorization = '' } = request.headers;
      asked.push({
        method,
        path: request.url ?? '',
        authorization,
        body: body === '' ? null : JSON.parse(body),
      });
      if (answers[method] === undefined) await changed(method);
      const answer = answers[method] ?? usual[method] ?? { status: 405 };
      response.writeHead(answer.status).end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
