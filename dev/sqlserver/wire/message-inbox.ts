import type { Duplex } from 'node:stream';
import { ProtocolFault } from './bytes.ts';

/** The message types of [MS-TDS] 2.2.3.1.1 that a client may send. */
export const messageType = {
  batch: 0x01,
  rpc: 0x03,
  attention: 0x06,
  bulkLoad: 0x07,
  accessToken: 0x08,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
} as const;
const known: ReadonlySet<number> = new Set(Object.values(messageType));

/** The status bits of [MS-TDS] 2.2.3.1.2: how a message ends, and how its session is to be reset before it. */
export const messageFlag = { end: 0x01, ignore: 0x02, reset: 0x08, resetKeepingTransaction: 0x10 } as const;

const HEADER_BYTES = 8;
const MAX_PACKET_BYTES = 32_768;
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** A client waits for its answer before it sends more: whoever runs ahead of this is made to wait. */
const MAX_QUEUED = 4;

export interface Message {
  type: number;
  /** All that were set in its packets. */
  flags: number;
  payload: Buffer;
  /** By the client's attention, or by the end of its connection. */
  isTakenBack: boolean;
  /** Called then. */
  onTakenBack: () => void;
}

/**
 * Turns the packets of a stream into messages. It keeps reading while a message is being answered, because an attention
 * arrives then: it takes back the message before it and is queued itself, to be answered in its turn.
 */
export class MessageInbox {
  readonly #stream: Duplex;
  readonly #queue: Message[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #partBytes = 0;
  #begun: { type: number; flags: number } | undefined;
  #latest: Message | undefined;
  #wake = (): void => undefined;
  /** Set when nothing more is to come. */
  #end: ProtocolFault | 'left' | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream.on('data', this.#receive).on('end', this.#leave).on('close', this.#leave).resume();
    stream.on('error', this.#leave);
  }

  /** The next message; undefined when the client has gone. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const message = this.#queue.shift();
      if (this.#queue.length < MAX_QUEUED && this.#stream.isPaused()) this.#stream.resume();
      if (message !== undefined) return message;
      if (this.#end instanceof ProtocolFault) throw this.#end;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Whether the client stopped in the middle of a message. */
  get isMidMessage(): boolean {
    return this.#begun !== undefined || this.#bytes.length > 0;
  }

  /** Leaves the stream to another reader. */
  detach(): void {
    if (this.isMidMessage || this.#queue.length > 0) throw new ProtocolFault('Client ran ahead of PRELOGIN');
    this.#stream.off('data', this.#receive).off('end', this.#leave).off('close', this.#leave).pause();
  }

  #receive = (chunk: Buffer): void => {
    if (this.#end !== undefined) return;
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    try {
      while (this.#takePacket());
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error;
      this.#finish(error);
    }
    if (this.#queue.length >= MAX_QUEUED) this.#stream.pause();
    this.#wake();
  };

  #leave = (): void => this.#finish('left');

  #finish(end: ProtocolFault | 'left'): void {
    this.#end ??= end;
    this.#takeBack();
    this.#wake();
  }

  #takeBack(): void {
    if (this.#latest === undefined || this.#latest.isTakenBack) return;
    this.#latest.isTakenBack = true;
    this.#latest.onTakenBack();
  }

  #takePacket(): boolean {
    if (this.#bytes.length < HEADER_BYTES) return false;
    const [type = 0, flags = 0] = this.#bytes;
    const length = this.#bytes.readUInt16BE(2);
    if (!known.has(type)) throw new ProtocolFault(`Unknown message type 0x${type.toString(16)}`);
    if (length < HEADER_BYTES || length > MAX_PACKET_BYTES)
      throw new ProtocolFault(`Packet length ${length}`);
    if (this.#bytes.length < length) return false;
    this.#begun ??= { type, flags: 0 };
    if (this.#begun.type !== type) throw new ProtocolFault('Message changes its type between two packets');
    this.#begun.flags |= flags;
    this.#partBytes += length - HEADER_BYTES;
    if (this.#partBytes > MAX_MESSAGE_BYTES) throw new ProtocolFault('Message is too long');
    this.#parts.push(this.#bytes.subarray(HEADER_BYTES, length));
    this.#bytes = this.#bytes.subarray(length);
    if ((flags & messageFlag.end) !== 0) this.#complete(this.#begun);
    return true;
  }

  #complete({ type, flags }: { type: number; flags: number }): void {
    const [first] = this.#parts;
    const payload = first !== undefined && this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partBytes = 0;
    this.#begun = undefined;
    const message = { type, flags, payload, isTakenBack: false, onTakenBack: () => undefined };
    if (type === messageType.attention) this.#takeBack();
    else this.#latest = message;
    this.#queue.push(message);
  }
}
