import type { Duplex } from 'node:stream';
import type { Parameter, RequestEvent, SqlMessage } from '../contract.ts';
import { ByteWriter } from './bytes.ts';
import { codecOf } from './codecs.ts';
import type { Codec } from './codecs.ts';
import { HEADER_BYTES, packetOf, send } from './packet.ts';
import {
  columnsToken,
  databaseChange,
  doneToken,
  messageToken,
  rowToken,
  transactionChange,
} from './tokens.ts';
import type { Done, Token } from './tokens.ts';

/** What is known of the client while its requests are answered. */
export interface Client {
  stream: Duplex;
  /** Breaks the connection at once. */
  disconnect: () => void;
  packetSize: number;
}

/** How a relayed run of statements ended. */
export interface Outcome {
  /** The number of its last error; 0 = none. */
  error: number;
  outputs: readonly Parameter[];
}

/**
 * The answer to one request, sent in packets as it grows. The end of each statement is held back until it is known
 * whether more follows, because every DONE but the last says so.
 */
export class Answer {
  readonly #stream: Duplex;
  readonly #bodyBytes: number;
  #pending = new ByteWriter();
  #packetId = 0;
  #codecs: readonly Codec[] = [];
  #held: Done | undefined;
  /** An error of severity 20 or above has been told: the connection is to end with this answer. */
  isFatal = false;

  constructor({ stream, packetSize }: Client) {
    this.#stream = stream;
    this.#bodyBytes = packetSize - HEADER_BYTES;
  }

  async write(token: Token): Promise<void> {
    this.#release(true);
    const { length } = this.#pending;
    try {
      token(this.#pending);
    } catch (error) {
      this.#pending.cut(length);
      throw error;
    }
    if (this.#pending.length > this.#bodyBytes) await this.#send(false);
  }

  hold(done: Done): void {
    this.#release(true);
    this.#held = done;
  }

  message(message: SqlMessage): Promise<void> {
    this.isFatal ||= message.severity >= 20;
    return this.write(messageToken(message));
  }

  async database(name: string, previous: string): Promise<void> {
    await this.write(databaseChange(name, previous));
    await this.inform(5701, 2, `Changed database context to '${name}'.`);
  }

  inform(number: number, state: number, message: string): Promise<void> {
    return this.message({ number, severity: 0, state, message, line: 1 });
  }

  /** Passes on what a request tells; within a procedure call the end of the call is still to come. */
  async relay(events: AsyncIterable<RequestEvent>, of: 'statement' | 'inProcedure'): Promise<Outcome> {
    const outputs: Parameter[] = [];
    let error = 0;
    for await (const event of events) {
      switch (event.kind) {
        case 'columns':
          this.#codecs = event.columns.map(({ type }) => codecOf(type));
          await this.write(columnsToken(event.columns));
          break;
        case 'row':
          await this.write(rowToken(this.#codecs, event.values));
          break;
        case 'done':
          this.hold({ of, ...event });
          break;
        case 'message':
          if (event.message.severity > 10) error = event.message.number;
          await this.message(event.message);
          break;
        case 'database':
          await this.database(event.name, event.previous);
          break;
        case 'transaction':
          await this.write(transactionChange[event.change](event.descriptor));
          break;
        case 'output':
          outputs.push(event.parameter);
      }
    }
    return { error, outputs };
  }

  /** Ends the answer; one without any statement says so. */
  end(): Promise<void> {
    this.#held ??= { of: 'statement' };
    this.#release(false);
    return this.#send(true);
  }

  #release(more: boolean): void {
    if (this.#held !== undefined) doneToken({ ...this.#held, more, fatal: this.isFatal })(this.#pending);
    this.#held = undefined;
  }

  /** Sends all full packets, and of the whole answer the rest as well. */
  async #send(isLast: boolean): Promise<void> {
    const { written } = this.#pending;
    let start = 0;
    while (isLast ? start < written.length : written.length - start > this.#bodyBytes) {
      const body = written.subarray(start, start + this.#bodyBytes);
      start += body.length;
      this.#packetId = (this.#packetId + 1) % 256;
      const packet = packetOf(body, { isLast: isLast && start === written.length, id: this.#packetId });
      await send(this.#stream, packet);
    }
    this.#pending = new ByteWriter().bytes(written.subarray(start));
  }
}
