import type { Duplex } from 'node:stream';

export const HEADER_BYTES = 8;
/** The packet size until the login has settled another. */
export const INITIAL_PACKET_BYTES = 4_096;

/** A packet of [MS-TDS] 2.2.3; the type of an answer is 4. */
export function packetOf(body: Uint8Array, { isLast = true, id = 1, type = 0x04 } = {}): Buffer {
  const length = HEADER_BYTES + body.length;
  return Buffer.concat([Buffer.of(type, isLast ? 1 : 0, length >> 8, length & 0xff, 0, 0, id, 0), body]);
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
