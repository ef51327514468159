import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the receiver saw it. */
export interface Arrival {
  /** ms since 1970, with fractions: when its head was read. */
  at: number;
  port: number;
  body: string;
}

/** A number is a new delay. Each is answered. */
export type ReceiverOrder = 'count' | 'take' | number;
export type ReceiverSays = { ports: number[] } | { count: number } | { arrivals: Arrival[] };

/**
 * A program: listens on as many ports as its argument says and answers every POST with 200, after the delay that it was
 * told last. It checks nothing, so that it is not what is measured. Ends with its parent.
 */
const hosts = Number(process.argv[2]);
const answer = '{"accepted":true}';
const head = { 'content-type': 'application/json', 'content-length': answer.length };
let arrivals: Arrival[] = [];
let delayMs = 0;

async function listen(): Promise<number> {
  const server = createServer((request, response) => {
    const arrival = { at: performance.timeOrigin + performance.now(), port, body: '' };
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (arrival.body += chunk));
    request.on('end', () => {
      arrivals.push(arrival);
      const accept = () => void response.writeHead(200, head).end(answer);
      if (delayMs > 0) setTimeout(accept, delayMs);
      else accept();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', 4_096, resolve));
  const { port } = server.address() as AddressInfo;
  return port;
}

function say(what: ReceiverSays): void {
  process.send?.(what);
}

process.on('disconnect', () => process.exit());
process.on('message', (order: ReceiverOrder) => {
  if (typeof order === 'number') delayMs = order;
  if (order !== 'take') return say({ count: arrivals.length });
  say({ arrivals });
  arrivals = [];
});
say({ ports: await Promise.all(Array.from({ length: hosts }, listen)) });
