import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { sqlConnectionOf } from '../../../src/core/sql-connection.ts';
import { freePort } from '../../support/free-port.ts';

export interface SqlProxy extends AsyncDisposable {
  /** The connection string through the proxy, without encryption, so that messages can be counted. */
  connection: string;
  /** Messages from clients so far: one per round trip. */
  messages(): number;
  /** Drops every connection. */
  cut(): Promise<void>;
}

/** Stands between a test and the SQL Server of a connection string that names a host and a port. */
export async function sqlProxy(connectionString: string): Promise<SqlProxy> {
  const { server: host, options } = sqlConnectionOf(connectionString);
  const clients = new Set<Socket>();
  let messages = 0;
  const server = createServer((client) => {
    const upstream = connect(options?.port ?? 1433, host);
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('data', (chunk) => (messages += endsOfMessage(chunk)));
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = async () => {
    const closed = [...clients].map((client) => once(client, 'close'));
    for (const client of clients) client.destroy();
    await Promise.all(closed);
  };
  return {
    connection: `${connectionString.replace(/Server=[^;]*/i, `Server=127.0.0.1,${port}`)};Encrypt=False`,
    messages: () => messages,
    cut,
    async [Symbol.asyncDispose]() {
      await cut();
      server.close();
    },
  };
}

/** TDS packets of small requests, which arrive whole: their second byte says whether the message ends with them. */
function endsOfMessage(chunk: Buffer): number {
  let count = 0;
  for (let start = 0; start + 8 <= chunk.length; start += Math.max(8, chunk.readUInt16BE(start + 2))) {
    count += chunk.readUInt8(start + 1) & 1;
  }
  return count;
}
