import type { Duplex } from 'node:stream';

export const HEADER_BYTES = 8;
/** The packet size until the login has settled another. */
export const INITIAL_PACKET_BYTES = 4_096;

/** A packet of [MS-TDS] 2.2.3; the type of an answer is 4. */
export function packetOf(body: Uint8Array, { isLast = true, id = 1, type = 0x04 } = {}): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + body.length);
  packet[0] = type;
  packet[1] = isLast ? 1 : 0;
  packet.writeUInt16BE(packet.length, 2);
  packet[6] = id;
  packet.set(body, HEADER_BYTES);
  return packet;
}

/**
 * Resolves when the packet is on its way, or the client has gone. One packet at a time: a slow client holds the answer
 * back, and under TLS no record holds parts of two packets, which Microsoft's client cannot read.
 */
export function send(stream: Duplex, packet: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writable) {
      resolve();
      return;
    }
    const finish = (): void => {
      stream.off('close', finish);
      resolve();
    };
    stream.once('close', finish);
    stream.write(packet, finish);
  });
}
