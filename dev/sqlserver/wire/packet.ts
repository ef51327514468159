import type { Duplex } from 'node:stream';

export const HEADER_BYTES = 8;
/** The packet size until the login has settled another. */
export const INITIAL_PACKET_BYTES = 4_096;

/** A packet of [MS-TDS] 2.2.3; the type of an answer is 4. */
export function packetOf(body: Uint8Array, { isLast = true, id = 1, type = 0x04 } = {}): Buffer {
  const packet = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  packet.writeUInt16BE(type * 256 + (isLast ? 1 : 0), 0);
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt32BE(id * 256, 4);
  packet.set(body, HEADER_BYTES);
  return packet;
}

/**
 * Nothing when the packet is on its way, or the client has gone; else resolves when that is so. One packet at a time: a slow client holds the answer
 * back, and under TLS no record holds parts of two packets, which Microsoft's client cannot read.
 */
export function send(stream: Duplex, packet: Buffer): Promise<void> | undefined {
  if (!stream.writable) return undefined;
  let finish = (): void => undefined;
  stream.write(packet, () => finish());
  if (stream.writableLength === 0) return undefined;
  return new Promise((resolve) => {
    finish = () => {
      stream.off('close', finish);
      resolve();
    };
    stream.once('close', finish);
  });
}
