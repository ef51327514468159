import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { MessageInbox, messageType } from './message-inbox.ts';
import { asksForEncryption, preloginReply } from './prelogin.ts';
import { PreloginTunnel } from './prelogin-tunnel.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { Reply } from './reply.ts';
import type { Certificate } from './self-signed-certificate.ts';

/** The packet size until the login has settled another. */
export const INITIAL_PACKET_BYTES = 4_096;

/** As SQL Server: under TLS a packet fits into one record. */
const MAX_PACKET_BYTES = { plain: 32_767, encrypted: 16_383 } as const;

const TLS_HANDSHAKE = 0x16;

/** What LOGIN7 and all that follows travel on. */
export interface Transport {
  stream: Duplex;
  inbox: MessageInbox;
  maxPacketBytes: number;
}

/** Settles encryption with a new client: none, TLS inside PRELOGIN, or TLS from the first byte (TDS 8). Nothing = it left. */
export async function openTransport(socket: Socket, identity: Certificate): Promise<Transport | undefined> {
  const first = await peek(socket);
  if (first === undefined) return undefined;
  const isStrict = first === TLS_HANDSHAKE;
  const stream = isStrict ? await secured(socket, identity, { ALPNProtocols: ['tds/8.0'] }) : socket;
  const inbox = new MessageInbox(stream);
  const prelogin = await inbox.next();
  if (prelogin === undefined) return undefined;
  if (prelogin.type !== messageType.prelogin) throw new ProtocolFault('First message is not PRELOGIN');
  const encrypt = asksForEncryption(prelogin.payload) && !isStrict;
  const reply = new Reply(stream, INITIAL_PACKET_BYTES);
  await reply.write(preloginReply(encrypt));
  await reply.end();
  const maxPacketBytes = MAX_PACKET_BYTES[encrypt || isStrict ? 'encrypted' : 'plain'];
  if (!encrypt) return { stream, inbox, maxPacketBytes };
  inbox.detach();
  // SQL Server offers nothing newer here: tickets sent after the handshake would not fit into PRELOGIN messages.
  const tunnel = await secured(new PreloginTunnel(socket), identity, { maxVersion: 'TLSv1.2' });
  return { stream: tunnel, inbox: new MessageInbox(tunnel), maxPacketBytes };
}

/** The first byte, left where it is. */
async function peek(socket: Socket): Promise<number | undefined> {
  const chunk = await new Promise<Buffer | undefined>((resolve) => {
    socket.once('data', resolve);
    socket.once('close', () => resolve(undefined));
  });
  if (chunk === undefined) return undefined;
  socket.pause();
  socket.unshift(chunk);
  return chunk[0];
}

async function secured(
  stream: Duplex,
  { key, certificate }: Certificate,
  options: { ALPNProtocols: string[] } | { maxVersion: 'TLSv1.2' },
): Promise<Duplex> {
  const tls = new TLSSocket(stream, { isServer: true, key, cert: certificate, ...options });
  const left = new AbortController();
  tls.once('close', () => left.abort());
  await once(tls, 'secure', { signal: left.signal });
  return tls;
}
