import { Duplex } from 'node:stream';
import { messageType } from './message-inbox.ts';
import { ProtocolFault } from './protocol-fault.ts';

const HEADER_BYTES = 8;
const LAST_PACKET = 0x01;

/**
 * The stream that TLS sees when it is negotiated inside PRELOGIN messages ([MS-TDS] 3.3.5.3): unwraps and wraps the
 * handshake, then hands bytes through from the client's first bare TLS record on.
 */
export class PreloginTunnel extends Duplex {
  readonly #socket: Duplex;
  #bytes: Buffer = Buffer.alloc(0);
  #bare = false;
  #flight: Buffer[] = [];

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
    socket.on('error', (error: Error) => this.destroy(error));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#bare) {
      this.#socket.write(chunk, done);
      return;
    }
    // A client expects one message per flight, and TLS writes a flight in pieces.
    if (this.#flight.push(chunk) === 1) setImmediate(() => this.#sendFlight());
    done();
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    while (this.#takePacket());
  }

  #takePacket(): boolean {
    if (this.#bytes.length === 0) return false;
    this.#bare ||= this.#bytes[0] !== messageType.prelogin;
    if (this.#bare) {
      this.#deliver(this.#bytes.length, 0);
      return false;
    }
    if (this.#bytes.length < HEADER_BYTES) return false;
    const length = this.#bytes.readUInt16BE(2);
    if (length < HEADER_BYTES) {
      this.destroy(new ProtocolFault(`PRELOGIN packet length ${length}`));
      return false;
    }
    if (this.#bytes.length < length) return false;
    this.#deliver(length, HEADER_BYTES);
    return true;
  }

  #deliver(length: number, skipped: number): void {
    const part = this.#bytes.subarray(skipped, length);
    this.#bytes = this.#bytes.subarray(length);
    if (!this.push(part)) this.#socket.pause();
  }

  #sendFlight(): void {
    const flight = Buffer.concat(this.#flight);
    this.#flight = [];
    const header = Buffer.from([messageType.prelogin, LAST_PACKET, 0, 0, 0, 0, 1, 0]);
    header.writeUInt16BE(HEADER_BYTES + flight.length, 2);
    if (this.#socket.writable) this.#socket.write(Buffer.concat([header, flight]));
  }
}
