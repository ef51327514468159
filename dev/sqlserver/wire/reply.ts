import type { Duplex } from 'node:stream';

const HEADER_BYTES = 8;
const TABULAR_RESULT = 0x04;
const LAST_PACKET = 0x01;

/** One answer, cut into packets. It waits whenever the client reads more slowly than the answer is made. */
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
    if (!this.#stream.writable || this.#stream.write(packet)) return;
    await drained(this.#stream);
  }
}

/** Resolves when the client has read on, or has gone: then the rest of the answer is for nobody. */
function drained(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stream.off('drain', finish);
      stream.off('close', finish);
      resolve();
    };
    stream.on('drain', finish);
    stream.on('close', finish);
  });
}
