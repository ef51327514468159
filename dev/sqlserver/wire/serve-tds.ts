import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine } from '../contract.ts';
import type { Faults } from '../faults.ts';
import { Conversation } from './conversation.ts';
import { answerLogin } from './login.ts';
import type { Certificate } from './self-signed-certificate.ts';
import { openTransport, secureContexts } from './open-transport.ts';
import type { SecureContexts } from './open-transport.ts';

export interface TdsServer {
  port: number;
  /** Ends every connection and its session. */
  close(): Promise<void>;
}

interface TdsOptions {
  engine: Engine;
  faults: Faults;
  identity: Certificate;
  /** On 127.0.0.1; 0 = any free one. */
  port: number;
  /** Told of connections that ended in a fault. */
  report: (fault: Error) => void;
  /** A client must have logged in by then, and may not pause longer in the middle of a message. */
  patienceMs?: number;
}

const PATIENCE_MS = 15_000;
/** How long the last answer may take to reach a client that is to be disconnected. */
const FAREWELL_MS = 2_000;

/** Serves the engine to SQL Server clients. A fault on one connection ends that one alone. */
export async function serveTds(options: TdsOptions): Promise<TdsServer> {
  const contexts = secureContexts(options.identity);
  const open = new Map<Socket, Promise<void>>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const served = serve(socket, options, contexts).finally(() => open.delete(socket));
    open.set(socket, served);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server.close(), 'close');
      for (const socket of open.keys()) socket.destroy();
      await Promise.all([closed, ...open.values()]);
    },
  };
}

async function serve(socket: Socket, options: TdsOptions, contexts: SecureContexts): Promise<void> {
  const { engine, faults, report, patienceMs = PATIENCE_MS } = options;
  const disconnect = (): void => void socket.destroy();
  // What goes wrong on a socket also closes it, and that is where it is dealt with.
  socket.on('error', () => undefined);
  if (faults.atConnection()) {
    await once(socket.resume(), 'close');
    return;
  }
  const deadline = setTimeout(disconnect, patienceMs);
  try {
    const transport = await openTransport(socket, contexts);
    if (transport === undefined) return;
    const { inbox, stream } = transport;
    const login = await answerLogin(transport, { engine, faults, disconnect });
    clearTimeout(deadline);
    socket.setTimeout(patienceMs, () => inbox.isMidMessage && disconnect());
    try {
      if (login === undefined) return;
      const faultAt = (text: string) => faults.atStatement(text, login.database);
      await new Conversation(login.session, login.client, faultAt).hold(inbox);
    } finally {
      await login?.session.close();
      await farewell(stream, socket);
    }
  } catch (error) {
    if (!hasLeft(error)) report(error instanceof Error ? error : new Error(String(error)));
  } finally {
    clearTimeout(deadline);
    disconnect();
  }
}

/** Lets the last answer reach the client, then disconnects. */
async function farewell(stream: Duplex, socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), FAREWELL_MS);
  stream.end();
  await once(socket, 'close');
  clearTimeout(timer);
}

/** A client that goes away at any point is no fault. */
function hasLeft(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return error.name === 'AbortError' || code === 'ECONNRESET' || code === 'EPIPE';
}
