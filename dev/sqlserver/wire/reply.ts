import type { Duplex } from 'node:stream';

const HEADER_BYTES = 8;
const TABULAR_RESULT = 0x04;
const LAST_PACKET = 0x01;

/** One answer, cut into packets. It waits whenever the client reads more slowly than it is made. */
export class Reply {
  readonly #stream: Duplex;
  readonly #packet: Buffer;
  #filled = HEADER_BYTES;
  #packetId = 1;

  /** `packetSize` counts the header. */
  constructor(stream: Duplex, packetSize: number) {
    this.#stream = stream;
    this.#packet = Buffer.allocUnsafe(packetSize);
  }

  async write(bytes: Buffer): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#filled === this.#packet.length) await this.#send(0);
      const copied = bytes.copy(this.#packet, this.#filled, offset);
      this.#filled += copied;
      offset += copied;
    }
  }

  async end(): Promise<void> {
    await this.#send(LAST_PACKET);
  }

  async #send(status: number): Promise<void> {
    const packet = Buffer.from(this.#packet.subarray(0, this.#filled));
    packet.writeUInt8(TABULAR_RESULT, 0);
    packet.writeUInt8(status, 1);
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt16BE(0, 4);
    packet.writeUInt8(this.#packetId, 6);
    packet.writeUInt8(0, 7);
    this.#packetId = (this.#packetId + 1) % 256;
    this.#filled = HEADER_BYTES;
    await written(this.#stream, packet);
  }
}

/**
 * Resolves when the packet is on its way, or the client has gone. One packet at a time: a slow client holds the answer
 * back, and under TLS no record holds parts of two packets, which Microsoft's client cannot read.
 */
function written(stream: Duplex, packet: Buffer): Promise<void> {
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
