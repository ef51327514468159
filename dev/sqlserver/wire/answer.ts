import type { Duplex } from 'node:stream';
import type { Listener, Parameter, RequestEvent, SqlMessage } from '../contract.ts';
import { ByteWriter } from './bytes.ts';
import type { Codec } from './codecs.ts';
import { HEADER_BYTES, packetOf, send } from './packet.ts';
import { databaseChange, describe, doneToken, messageToken, rowToken, transactionChange } from './tokens.ts';
import type { Done, Token } from './tokens.ts';

/** What is known of the client while its requests are answered. */
export interface Client {
  stream: Duplex;
  /** Breaks the connection at once. */
  disconnect: () => void;
  packetSize: number;
}

/** How a run of statements ended. */
export interface Outcome {
  /** The number of its last error; 0 = none. */
  error: number;
  outputs: Parameter[];
}

/**
 * The answer to one request, sent in packets as it grows. The end of each statement is held back until it is known
 * whether more follows, because every DONE but the last says so.
 */
export class Answer implements Listener {
  readonly #stream: Duplex;
  readonly #bodyBytes: number;
  readonly #pending = new ByteWriter();
  #packetId = 0;
  #codecs: readonly Codec[] = [];
  #held: Done | undefined;
  #of: 'statement' | 'inProcedure' = 'statement';
  #outcome: Outcome = { error: 0, outputs: [] };
  /** An error of severity 20 or above has been told: the connection is to end with this answer. */
  isFatal = false;

  constructor({ stream, packetSize }: Client) {
    this.#stream = stream;
    this.#bodyBytes = packetSize - HEADER_BYTES;
  }

  write(token: Token): void {
    this.#release(true);
    const { length } = this.#pending;
    try {
      token(this.#pending);
    } catch (error) {
      this.#pending.cut(length);
      throw error;
    }
  }

  hold(done: Done): void {
    this.#release(true);
    this.#held = done;
  }

  message(message: SqlMessage): void {
    this.isFatal ||= message.severity >= 20;
    this.write(messageToken(message));
  }

  database(name: string, previous: string): void {
    this.write(databaseChange(name, previous));
    this.inform(5701, 2, `Changed database context to '${name}'.`);
  }

  inform(number: number, state: number, message: string): void {
    this.message({ number, severity: 0, state, message, line: 1 });
  }

  /** What is told from now on is of a run of statements; within a procedure call the end of the call is still to come. */
  begin(of: 'statement' | 'inProcedure'): Outcome {
    this.#of = of;
    this.#outcome = { error: 0, outputs: [] };
    return this.#outcome;
  }

  tell(event: RequestEvent): void {
    switch (event.kind) {
      case 'columns': {
        const { codecs, token } = describe(event.columns);
        this.#codecs = codecs;
        return this.write((writer) => writer.bytes(token));
      }
      case 'row':
        return this.write(rowToken(this.#codecs, event.values));
      case 'done':
        return this.hold({ ...event, of: this.#of });
      case 'message':
        if (event.message.severity > 10) this.#outcome.error = event.message.number;
        return this.message(event.message);
      case 'database':
        return this.database(event.name, event.previous);
      case 'transaction':
        return this.write(transactionChange[event.change](event.descriptor));
      case 'output':
        this.#outcome.outputs.push(event.parameter);
    }
  }

  room(): Promise<void> | undefined {
    return this.#pending.length > this.#bodyBytes ? this.#send(false) : undefined;
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
      const sent = send(this.#stream, packet);
      if (sent !== undefined) await sent;
    }
    this.#pending.drop(start);
  }
}
