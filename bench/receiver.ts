import { createServer, type AddressInfo } from 'node:net';

/** A request as the receiver saw it. */
export interface Arrival {
  /** ms since 1970, with fractions: when its first bytes were read. */
  at: number;
  port: number;
  body: string;
}

/** A number is a new delay. Each is answered. */
export type ReceiverOrder = 'count' | 'take' | number;
export type ReceiverSays = { ports: number[] } | { count: number } | { arrivals: Arrival[] };

/**
 * A program: listens on as many ports as its argument says and answers every POST with 200, after the delay that it was
 * told last. It checks nothing, and reads requests when it answers them, with the least that their form needs (a
 * content-length), so that neither it nor an HTTP parser is what is measured. Ends with its parent.
 */
const hosts = Number(process.argv[2]);
const body = '{"accepted":true}';
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
let arrivals: Arrival[] = [];
let delayMs = 0;

async function listen(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    const { localPort: port = 0 } = socket;
    const read = requestReader((arrival) => {
      arrivals.push({ ...arrival, port });
      socket.write(answer);
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const at = performance.timeOrigin + performance.now();
      if (delayMs > 0) setTimeout(read, delayMs, chunk, at);
      else read(chunk, at);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', 4_096, resolve));
  return (server.address() as AddressInfo).port;
}

/** Puts requests together from what a connection brings. */
function requestReader(onRequest: (arrival: Pick<Arrival, 'at' | 'body'>) => void) {
  let waiting = Buffer.alloc(0);
  let began = 0;
  return (chunk: Buffer, at: number): void => {
    if (waiting.length === 0) began = at;
    waiting = Buffer.concat([waiting, chunk]);
    for (let end = endOf(waiting); end !== undefined; end = endOf(waiting)) {
      onRequest({ at: began, body: waiting.toString('utf8', end.head, end.body) });
      waiting = waiting.subarray(end.body);
      began = at;
    }
  };
}

/** Where the head and the body of the first request end; nothing while it is not whole. */
function endOf(bytes: Buffer): { head: number; body: number } | undefined {
  const head = bytes.indexOf('\r\n\r\n') + 4;
  if (head < 4) return undefined;
  const length = /content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  if (length === undefined) throw new Error('A request without a content-length.');
  const end = head + Number(length);
  return bytes.length < end ? undefined : { head, body: end };
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
