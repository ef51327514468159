import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = buildConnector.connector;
type Place = Parameters<Connector>[0];

/** Connections of one agent, of which some were opened before anybody asked for them. */
export interface AheadConnections {
  /** For the agent: one that was opened ahead, else a new one. */
  connect: Connector;
  /** Opens as many as the host has places left for. Who cannot connect is told when calling, not here. */
  openAhead(url: URL, count: number): void;
  /** Closes what nobody has asked for. */
  close(): void;
}

interface Host {
  /** Opening, ready, and in use. */
  open: number;
  ready: Set<Socket>;
}

/** What nobody has used by then is closed: receivers close idle connections too, and a request must not meet that. */
const keptMs = 3_000;

/** `placesPerHost`: never more connections to a host, those opened ahead included. */
export function aheadConnections(connector: Connector, placesPerHost: number): AheadConnections {
  const hosts = new Map<string, Host>();
  const hostAt = (place: Place) => {
    const key = `${place.protocol}//${place.hostname}:${place.port}`;
    const host = hosts.get(key) ?? { open: 0, ready: new Set<Socket>() };
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
  const keep = (host: Host, socket: Socket) => {
    host.ready.add(socket);
    socket.on('error', () => undefined);
    const tooLong = setTimeout(() => host.ready.has(socket) && socket.destroy(), keptMs);
    socket.once('close', () => clearTimeout(tooLong));
  };
  return {
    connect(place, callback) {
      const ready = takeReady(hosts.get(`${place.protocol}//${place.hostname}:${place.port}`));
      // Not at once: the agent does not expect its answer before it has asked.
      if (ready !== undefined) queueMicrotask(() => callback(null, ready));
      else open(place, callback);
    },
    openAhead(url, count) {
      const { protocol, host: name, port } = url;
      const place = { protocol, host: name, hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
      const { host } = hostAt(place);
      const wanted = Math.min(count, placesPerHost - host.open);
      for (let opened = 0; opened < wanted; opened++)
        open(place, (...[error, socket]) => error === null && keep(host, socket));
    },
    close() {
      for (const { ready } of hosts.values()) for (const socket of ready) socket.destroy();
    },
  };
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
