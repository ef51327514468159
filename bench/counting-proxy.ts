import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { freePort } from '../test/support/free-port.ts';

const headerBytes = 8;
const endOfMessage = 1;

export interface CountingProxy extends AsyncDisposable {
  port: number;
  /** Messages from clients so far: one for each round trip. TDS without encryption only. */
  count(): number;
}

/** Stands between the app and SQL Server and counts the requests that pass, by the header of each TDS packet. */
export async function startCountingProxy(target: number): Promise<CountingProxy> {
  let messages = 0;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let waiting = Buffer.alloc(0);
    client.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= headerBytes && waiting.length >= waiting.readUInt16BE(2)) {
        if ((waiting.readUInt8(1) & endOfMessage) !== 0) messages++;
        waiting = waiting.subarray(waiting.readUInt16BE(2));
      }
    });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    count: () => messages,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
