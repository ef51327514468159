import type { Duplex } from 'node:stream';
import type { Column, Parameter, RequestEvent, SqlMessage } from '../contract.ts';
import { Reply } from './reply.ts';
import { columnsToken, databaseChange, doneOf, messageToken, transactionChange } from './tokens.ts';
import type { Done } from './tokens.ts';
import { rowToken } from './write-value.ts';

/** What is known of the client while its requests are answered. */
export interface Client {
  stream: Duplex;
  /** Breaks the connection at once. */
  disconnect: () => void;
  packetSize: number;
  /** The client reads NBCROW (TDS 7.3B and later). */
  knowsNullCompression: boolean;
}

/** How a relayed run of statements ended. */
export interface Outcome {
  /** The number of its last error; 0 = none. */
  error: number;
  outputs: readonly Parameter[];
}

/**
 * The answer to one request. The end of each statement is held back until it is known whether more follows, because
 * every DONE but the last says so.
 */
export class Answer {
  readonly #reply: Reply;
  readonly #compressNulls: boolean;
  #columns: readonly Column[] = [];
  #held: Done | undefined;
  #isFatal = false;

  constructor(client: Client) {
    this.#reply = new Reply(client.stream, client.packetSize);
    this.#compressNulls = client.knowsNullCompression;
  }

  /** An error of severity 20 or above has been told: the connection is to end with this answer. */
  get isFatal(): boolean {
    return this.#isFatal;
  }

  async write(token: Buffer): Promise<void> {
    await this.#release(true);
    await this.#reply.write(token);
  }

  async hold(done: Done): Promise<void> {
    await this.#release(true);
    this.#held = done;
  }

  async message(message: SqlMessage): Promise<void> {
    this.#isFatal ||= message.severity >= 20;
    await this.write(messageToken(message));
  }

  /** Passes on what a request tells; with `done` = 'inProcedure' the end of the call is still to come. */
  async relay(events: AsyncIterable<RequestEvent>, done: 'done' | 'inProcedure'): Promise<Outcome> {
    const outputs: Parameter[] = [];
    let error = 0;
    for await (const event of events) {
      if (event.kind === 'output') outputs.push(event.parameter);
      else if (event.kind === 'done') await this.hold({ of: done, ...event });
      else await this.#pass(event);
      if (event.kind === 'message' && event.message.severity > 10) error = event.message.number;
    }
    return { error, outputs };
  }

  async #pass(event: Exclude<RequestEvent, { kind: 'output' | 'done' }>): Promise<void> {
    switch (event.kind) {
      case 'columns':
        this.#columns = event.columns;
        return this.write(columnsToken(event.columns));
      case 'row':
        return this.write(rowToken(this.#columns, event.values, this.#compressNulls));
      case 'message':
        return this.message(event.message);
      case 'database':
        await this.write(databaseChange(event.name, event.previous));
        return this.message(informational(5701, 2, `Changed database context to '${event.name}'.`));
      case 'transaction':
        return this.write(transactionChange(event.change, event.descriptor));
    }
  }

  /** Ends the answer; one without any statement says so. */
  async end(): Promise<void> {
    this.#held ??= { of: 'done' };
    await this.#release(false);
    await this.#reply.end();
  }

  async #release(more: boolean): Promise<void> {
    if (this.#held === undefined) return;
    const token = doneOf({ ...this.#held, more, fatal: this.#isFatal });
    this.#held = undefined;
    await this.#reply.write(token);
  }
}

export function informational(number: number, state: number, message: string): SqlMessage {
  return { number, severity: 0, state, message, line: 1 };
}
