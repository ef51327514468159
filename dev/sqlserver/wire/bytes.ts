/** Bytes that are not TDS: the connection that sent them ends, and no other. */
export class ProtocolFault extends Error {
  override name = 'ProtocolFault';
}

/** Reads a received message from front to back, little endian. Never past its end. */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  #take(count: number): number {
    if (count > this.remaining) throw new ProtocolFault(`Message ends ${count - this.remaining} bytes early`);
    this.#offset += count;
    return this.#offset - count;
  }

  /** Of 1 to 6 bytes. */
  uint(size: number): number {
    return this.#bytes.readUIntLE(this.#take(size), size);
  }

  /** Of 1 to 6 bytes. */
  int(size: number): number {
    return this.#bytes.readIntLE(this.#take(size), size);
  }

  long(): bigint {
    return this.#bytes.readBigInt64LE(this.#take(8));
  }

  /** Of 4 or 8 bytes. */
  float(size: number): number {
    const at = this.#take(size);
    return size === 4 ? this.#bytes.readFloatLE(at) : this.#bytes.readDoubleLE(at);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** UTF-16 text that takes so many bytes. */
  text(count: number): string {
    if (count % 2 === 1) throw new ProtocolFault('Text ends in half a character');
    return this.bytes(count).toString('utf16le');
  }

  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }
}

/** Builds what is to be sent, little endian. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Takes back what was written after this length. */
  cut(length: number): void {
    this.#length = length;
  }

  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }

  /** Of 1 to 6 bytes. */
  uint(value: number, size: number): this {
    const at = this.#grow(size);
    this.#bytes.writeUIntLE(value, at, size);
    return this;
  }

  /** Of 1 to 6 bytes. */
  int(value: number, size: number): this {
    const at = this.#grow(size);
    this.#bytes.writeIntLE(value, at, size);
    return this;
  }

  long(value: bigint): this {
    const at = this.#grow(8);
    this.#bytes.writeBigInt64LE(value, at);
    return this;
  }

  /** Of 4 or 8 bytes. */
  float(value: number, size: number): this {
    const at = this.#grow(size);
    if (size === 4) this.#bytes.writeFloatLE(value, at);
    else this.#bytes.writeDoubleLE(value, at);
    return this;
  }

  bytes(value: Uint8Array | readonly number[]): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** UTF-16 text behind its count of units in `size` bytes; what does not fit is cut off. */
  text(value: string, size: 1 | 2): this {
    const kept = value.slice(0, size === 1 ? 255 : 4_000);
    return this.uint(kept.length, size).bytes(Buffer.from(kept, 'utf16le'));
  }

  /** What `write` adds, behind its length in `size` bytes. */
  sized(size: number, write: () => void): this {
    const at = this.#grow(size);
    write();
    this.#bytes.writeUIntLE(this.#length - at - size, at, size);
    return this;
  }
}
