import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { sqlConnectionOf } from '../../src/core/sql-connection.ts';
import { freePort } from './free-port.ts';

export interface SqlProxy extends AsyncDisposable {
  /** The connection string through the proxy, without encryption, so that messages can be counted. */
  connection: string;
  /** Messages from clients so far: one per round trip. */
  messages(): number;
  /** Drops every connection. */
  cut(): Promise<void>;
  /** The server goes away: every connection drops, and new ones are ended at once, until it is back. */
  goAway(): Promise<void>;
  /** The server stops answering: whatever either side says is held until it is back. */
  hang(): void;
  comeBack(): void;
}

/** Stands between a test and the SQL Server of a connection string that names a host and a port. */
export async function sqlProxy(connectionString: string): Promise<SqlProxy> {
  const { server: host, options } = sqlConnectionOf(connectionString);
  const sockets = new Set<Socket>();
  let state: 'there' | 'away' | 'hanging' = 'there';
  let messages = 0;
  const server = createServer((client) => {
    if (state === 'away') return void client.destroy();
    const upstream = connect(options?.port ?? 1433, host);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => (sockets.delete(one), other.destroy()));
      one.pipe(other);
      if (state === 'hanging') one.pause();
    }
    const count = messageCounter();
    client.on('data', (chunk) => (messages += count(chunk)));
    if (state === 'hanging') client.pause();
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = async () => {
    const closed = [...sockets].map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  return {
    connection: `${connectionString.replace(/Server=[^;]*/i, `Server=127.0.0.1,${port}`)};Encrypt=False`,
    messages: () => messages,
    cut,
    async goAway() {
      state = 'away';
      await cut();
    },
    hang() {
      state = 'hanging';
      for (const socket of sockets) socket.pause();
    },
    comeBack() {
      state = 'there';
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      await cut();
      server.close();
    },
  };
}

/** Counts ends of messages by the header of each TDS packet, wherever the chunks break. */
function messageCounter(): (chunk: Buffer) => number {
  let waiting = Buffer.alloc(0);
  return (chunk) => {
    let ends = 0;
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 8 && waiting.length >= waiting.readUInt16BE(2)) {
      ends += waiting.readUInt8(1) & 1;
      waiting = waiting.subarray(Math.max(8, waiting.readUInt16BE(2)));
    }
    return ends;
  };
}
