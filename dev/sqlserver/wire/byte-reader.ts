import { ProtocolFault } from './protocol-fault.ts';

/** Reads a received message from front to back; little endian unless the name says otherwise. Never reads past the end. */
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
    if (count < 0 || count > this.remaining) {
      throw new ProtocolFault(`Message ends ${count - this.remaining} bytes early (at byte ${this.#offset})`);
    }
    const at = this.#offset;
    this.#offset += count;
    return at;
  }

  u8 = (): number => this.#bytes.readUInt8(this.#take(1));
  u16 = (): number => this.#bytes.readUInt16LE(this.#take(2));
  u16be = (): number => this.#bytes.readUInt16BE(this.#take(2));
  i16 = (): number => this.#bytes.readInt16LE(this.#take(2));
  u32 = (): number => this.#bytes.readUInt32LE(this.#take(4));
  i32 = (): number => this.#bytes.readInt32LE(this.#take(4));
  i64 = (): bigint => this.#bytes.readBigInt64LE(this.#take(8));
  u64 = (): bigint => this.#bytes.readBigUInt64LE(this.#take(8));
  f32 = (): number => this.#bytes.readFloatLE(this.#take(4));
  f64 = (): number => this.#bytes.readDoubleLE(this.#take(8));

  /** An unsigned integer of 1 to 6 bytes. */
  uint(size: number): number {
    return this.#bytes.readUIntLE(this.#take(size), size);
  }

  bytes(count: number): Buffer {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** UTF-16 text of `units` code units. */
  text(units: number): string {
    return this.bytes(units * 2).toString('utf16le');
  }

  /** Text behind a one-byte count of UTF-16 units (B_VARCHAR). */
  shortText(): string {
    return this.text(this.u8());
  }
}
