/** Builds what is to be sent; little endian unless the name says otherwise. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

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

  u8(value: number): this {
    const at = this.#grow(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    return this.uint(value, 2);
  }

  u32(value: number): this {
    return this.uint(value, 4);
  }

  /** An unsigned integer of 1 to 6 bytes. */
  uint(value: number, size: number): this {
    const at = this.#grow(size);
    this.#bytes.writeUIntLE(value, at, size);
    return this;
  }

  /** A signed integer of 1 to 6 bytes. */
  int(value: number, size: number): this {
    const at = this.#grow(size);
    this.#bytes.writeIntLE(value, at, size);
    return this;
  }

  u16be(value: number): this {
    const at = this.#grow(2);
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  u32be(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#grow(8);
    this.#bytes.writeBigUInt64LE(value, at);
    return this;
  }

  i64(value: bigint): this {
    const at = this.#grow(8);
    this.#bytes.writeBigInt64LE(value, at);
    return this;
  }

  f32(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeFloatLE(value, at);
    return this;
  }

  f64(value: number): this {
    const at = this.#grow(8);
    this.#bytes.writeDoubleLE(value, at);
    return this;
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  text(value: string): this {
    const at = this.#grow(value.length * 2);
    this.#bytes.write(value, at, 'utf16le');
    return this;
  }

  /** Text behind a one-byte count of UTF-16 units (B_VARCHAR); what does not fit is cut off. */
  shortText(value: string): this {
    const kept = value.slice(0, 255);
    return this.u8(kept.length).text(kept);
  }

  /** Text behind a two-byte count of UTF-16 units (US_VARCHAR); what does not fit is cut off. */
  longText(value: string): this {
    const kept = value.slice(0, 4000);
    return this.u16(kept.length).text(kept);
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
