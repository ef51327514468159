import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { ProtocolFault } from './bytes.ts';
import { MessageInbox, messageType } from './message-inbox.ts';
import { HEADER_BYTES, packetOf, send } from './packet.ts';
import type { Certificate } from './self-signed-certificate.ts';
import { serverVersion } from './tokens.ts';

/** What LOGIN7 and all that follows travel on. */
export interface Transport {
  stream: Duplex;
  inbox: MessageInbox;
  maxPacketBytes: number;
  /** The client has been told to say in LOGIN7 that it knows of access tokens. */
  offersAccessToken: boolean;
}

/** The options of [MS-TDS] 2.2.6.5 that are read or sent. */
const option = { version: 0, encryption: 1, instance: 2, threadId: 3, mars: 4, accessToken: 6 } as const;
const END = 0xff;
const encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;
/** As SQL Server: under TLS a packet fits into one record. */
const MAX_PACKET_BYTES = { plain: 32_767, encrypted: 16_383 } as const;
const TLS_HANDSHAKE = 0x16;

/** What TLS needs, from the first byte and inside PRELOGIN; parsed once for all connections. */
export function secureContexts({ key, certificate }: Certificate) {
  const identity = { key, cert: certificate };
  // SQL Server offers nothing newer in the tunnel: tickets sent after the handshake would not fit into PRELOGIN messages.
  return {
    strict: createSecureContext(identity),
    tunnelled: createSecureContext({ ...identity, maxVersion: 'TLSv1.2' }),
  };
}

export type SecureContexts = ReturnType<typeof secureContexts>;

/** Settles encryption with a new client: none, TLS inside PRELOGIN, or TLS from the first byte (TDS 8). Nothing = it left. */
export async function openTransport(
  socket: Socket,
  contexts: SecureContexts,
): Promise<Transport | undefined> {
  const first = await peek(socket);
  if (first === undefined) return undefined;
  const isStrict = first === TLS_HANDSHAKE;
  const stream = isStrict ? await secured(socket, contexts.strict) : socket;
  const inbox = new MessageInbox(stream);
  const message = await inbox.next();
  if (message === undefined) return undefined;
  if (message.type !== messageType.prelogin) throw new ProtocolFault('First message is not PRELOGIN');
  const { asksForEncryption, offersAccessToken } = readPrelogin(message.payload);
  const encrypts = asksForEncryption && !isStrict;
  await send(stream, packetOf(preloginReply(encrypts, offersAccessToken)));
  const maxPacketBytes = MAX_PACKET_BYTES[encrypts || isStrict ? 'encrypted' : 'plain'];
  if (!encrypts) return { stream, inbox, maxPacketBytes, offersAccessToken };
  inbox.detach();
  const secure = await secured(preloginTunnel(socket), contexts.tunnelled);
  return { stream: secure, inbox: new MessageInbox(secure), maxPacketBytes, offersAccessToken };
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

export function readPrelogin(payload: Buffer): { asksForEncryption: boolean; offersAccessToken: boolean } {
  const options = new Map<number, number | undefined>();
  for (let at = 0; payload[at] !== END; at += 5) {
    if (at + 5 > payload.length) throw new ProtocolFault('PRELOGIN has no end');
    const [start, length] = [payload.readUInt16BE(at + 1), payload.readUInt16BE(at + 3)];
    if (start + length > payload.length) throw new ProtocolFault('PRELOGIN option lies outside its message');
    options.set(payload.readUInt8(at), length === 0 ? undefined : payload[start]);
  }
  const asked = options.get(option.encryption);
  return {
    asksForEncryption: asked === encryption.on || asked === encryption.required,
    offersAccessToken: options.get(option.accessToken) === 1,
  };
}

/**
 * The server's PRELOGIN. A client that merely allows encryption gets none: the variant that encrypts the login alone is
 * left out, and clients accept that.
 */
function preloginReply(encrypts: boolean, offersAccessToken: boolean): Buffer {
  const options: [id: number, data: number[]][] = [
    [option.version, [...serverVersion, 0, 0]],
    [option.encryption, [encrypts ? encryption.on : encryption.notSupported]],
    [option.instance, [0]],
    [option.threadId, []],
    [option.mars, [0]],
  ];
  if (offersAccessToken) options.push([option.accessToken, [1]]);
  let start = options.length * 5 + 1;
  const table = options.flatMap(([id, { length }]) => {
    start += length;
    return [id, 0, start - length, 0, length];
  });
  return Buffer.from([...table, END, ...options.flatMap(([, data]) => data)]);
}

async function secured(stream: Duplex, secureContext: SecureContext): Promise<Duplex> {
  const tls = new TLSSocket(stream, { isServer: true, secureContext, ALPNProtocols: ['tds/8.0'] });
  const left = new AbortController();
  tls.once('close', () => left.abort());
  await once(tls, 'secure', { signal: left.signal });
  return tls;
}

/**
 * The stream that TLS sees when it is negotiated inside PRELOGIN messages ([MS-TDS] 3.3.5.3): unwraps and wraps the
 * handshake, then hands bytes through from the client's first bare TLS record on.
 */
function preloginTunnel(socket: Socket): Duplex {
  let isBare = false;
  let received: Buffer = Buffer.alloc(0);
  let flight: Buffer[] = [];
  const sendFlight = (): void => {
    socket.write(packetOf(Buffer.concat(flight.splice(0)), { type: messageType.prelogin }));
  };
  const tunnel = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (isBare) return socket.write(chunk, done);
      // A client expects one message per flight, and TLS writes a flight in pieces.
      if (flight.push(chunk) === 1) setImmediate(sendFlight);
      return done();
    },
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  const deliver = (bytes: Buffer): void => {
    if (!tunnel.push(bytes)) socket.pause();
  };
  socket.on('data', (chunk: Buffer) => {
    if (isBare) return deliver(chunk);
    received = Buffer.concat([received, chunk]);
    while (received.length >= HEADER_BYTES && received[0] === messageType.prelogin) {
      const length = received.readUInt16BE(2);
      if (length < HEADER_BYTES) return tunnel.destroy();
      if (length > received.length) return;
      deliver(received.subarray(HEADER_BYTES, length));
      received = received.subarray(length);
    }
    isBare = received.length > 0 && received[0] !== messageType.prelogin;
    if (isBare) deliver(received);
  });
  socket.on('end', () => tunnel.push(null));
  socket.on('close', () => tunnel.destroy());
  return tunnel;
}
