/** Bytes that are not TDS: the connection that sent them ends, and no other. */
export class ProtocolFault extends Error {
  override name = 'ProtocolFault';
}

/** Reads a received message from front to back, little endian. Never past its end. Integers have 1 to 6 bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Goes on by so many bytes, and gives where they begin. */
  #pass(count: number): number {
    if (count > this.remaining) throw new ProtocolFault(`Message ends ${count - this.remaining} bytes early`);
    this.#offset += count;
    return this.#offset - count;
  }

  bytes(count: number): Buffer {
    const start = this.#pass(count);
    return this.#bytes.subarray(start, start + count);
  }

  uint(size: number): number {
    return this.#bytes.readUIntLE(this.#pass(size), size);
  }

  int(size: number): number {
    return this.#bytes.readIntLE(this.#pass(size), size);
  }

  long(): bigint {
    return this.#bytes.readBigInt64LE(this.#pass(8));
  }

  /** UTF-16 text that takes so many bytes. */
  text(count: number): string {
    if (count % 2 === 1) throw new ProtocolFault('Text ends in half a character');
    const start = this.#pass(count);
    return this.#bytes.toString('utf16le', start, start + count);
  }

  /** Reads one of these bytes, if it is the next one. */
  accept(wanted: readonly number[]): boolean {
    const isNext = wanted.includes(this.#bytes[this.#offset] ?? NaN);
    if (isNext) this.#offset += 1;
    return isNext;
  }
}

/** Builds what is to be sent, little endian. Integers have 1 to 6 bytes. */
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

  /** Forgets the first bytes, which have been sent. */
  drop(count: number): void {
    if (count < this.#length) this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** The buffer, with room for so many bytes more. */
  #roomFor(count: number): Buffer {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, needed));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  uint(value: number, size: number): this {
    this.#length = this.#roomFor(size).writeUIntLE(value, this.#length, size);
    return this;
  }

  int(value: number, size: number): this {
    this.#length = this.#roomFor(size).writeIntLE(value, this.#length, size);
    return this;
  }

  long(value: bigint): this {
    this.#length = this.#roomFor(8).writeBigInt64LE(value, this.#length);
    return this;
  }

  bytes(value: Uint8Array | readonly number[]): this {
    this.#roomFor(value.length).set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** UTF-16 text behind its count of units in `size` bytes; what does not fit is cut off. */
  text(value: string, size: 1 | 2): this {
    const kept = value.slice(0, size === 1 ? 255 : 4_000);
    this.uint(kept.length, size)
      .#roomFor(kept.length * 2)
      .write(kept, this.#length, 'utf16le');
    this.#length += kept.length * 2;
    return this;
  }

  /** What `write` adds, behind its length in `size` bytes. */
  sized(size: number, write: () => void): this {
    const start = this.uint(0, size).length;
    write();
    this.#bytes.writeUIntLE(this.#length - start, start - size, size);
    return this;
  }
}
