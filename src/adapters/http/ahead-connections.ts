import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = buildConnector.connector;
type Place = Parameters<Connector>[0];
type Asked = Parameters<Connector>[1];

/** Connections of one kind of hosts, of which some were opened before anybody asked for them. */
export interface AheadConnections {
  /** For the pools: one that was opened ahead or is on the way, else a new one. */
  connect: Connector;
  /** Opens as many as the host has places left for. Who cannot connect is told when calling, not here. */
  openAhead(url: URL, count: number): void;
  /** Closes what nobody has asked for, and what is still on the way for nobody. */
  close(): void;
}

interface Host {
  /** Opening, ready, and in use. */
  open: number;
  ready: Set<Socket>;
  /** Opening ahead. */
  onTheWay: number;
  /** Get what is on the way, before anybody else: never more of them than of that. */
  waiting: Asked[];
}

/** What nobody has used by then is closed: receivers close idle connections too, and a request must not meet that. */
const keptMs = 3_000;

/** `placesPerHost`: never more connections to a host, those opened ahead included. */
export function aheadConnections(connector: Connector, placesPerHost: number): AheadConnections {
  const hosts = new Map<string, Host>();
  const hostAt = (place: Place) => {
    const key = keyOf(place);
    const host = hosts.get(key) ?? { open: 0, ready: new Set<Socket>(), onTheWay: 0, waiting: [] };
    hosts.set(key, host);
    const forget = () => (host.open -= 1) === 0 && hosts.delete(key);
    return { host, forget };
  };
  const open: Connector = (place, callback) => {
    const { host, forget } = hostAt(place);
    host.open += 1;
    connector(place, (...[error, socket]) => {
      if (error !== null) {
        forget();
        return callback(error, null);
      }
      socket.once('close', () => {
        host.ready.delete(socket);
        forget();
      });
      callback(null, socket);
    });
  };
  let isClosed = false;
  const keep = (host: Host, socket: Socket) => {
    if (isClosed) return void socket.destroy();
    host.ready.add(socket);
    socket.on('error', () => undefined);
    const tooLong = setTimeout(() => host.ready.has(socket) && socket.destroy(), keptMs);
    socket.once('close', () => clearTimeout(tooLong));
  };
  const openFor = (host: Host, place: Place) => {
    host.onTheWay += 1;
    open(place, (...answer) => {
      host.onTheWay -= 1;
      const asked = host.waiting.shift();
      if (asked !== undefined) asked(...answer);
      else if (answer[0] === null) keep(host, answer[1]);
    });
  };
  return {
    connect(place, callback) {
      const host = hosts.get(keyOf(place));
      const ready = takeReady(host);
      // Not at once: the pool does not expect its answer before it has asked.
      if (ready !== undefined) queueMicrotask(() => callback(null, ready));
      else if (host !== undefined && host.waiting.length < host.onTheWay) host.waiting.push(callback);
      else open(place, callback);
    },
    openAhead(url, count) {
      const { protocol, host: name, port } = url;
      const place = { protocol, host: name, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
      const { host } = hostAt(place);
      const wanted = Math.min(count, placesPerHost - host.open);
      for (let opened = 0; opened < wanted; opened++) openFor(host, place);
    },
    close() {
      isClosed = true;
      for (const { ready } of hosts.values()) for (const socket of ready) socket.destroy();
    },
  };
}

function keyOf({ protocol, hostname, port }: Place): string {
  return `${protocol}//${hostname}:${port}`;
}

/** One that the other side has neither closed nor spoken on. */
function takeReady(host: Host | undefined): Socket | undefined {
  for (const socket of host?.ready ?? []) {
    host?.ready.delete(socket);
    if (socket.writable && !socket.readableEnded && socket.readableLength === 0) return socket;
    socket.destroy();
  }
  return undefined;
}
