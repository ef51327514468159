import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEvent, SqlMessage, SqlSession } from '../contract.ts';
import { messageOf } from '../errors.ts';
import { messageOfFault } from '../faults.ts';
import type { StatementFault } from '../faults.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import { Answer } from './answer.ts';
import type { Client } from './answer.ts';
import { readBatch, readCalls, readTransactionRequest } from './command.ts';
import { messageType } from './message-inbox.ts';
import type { Message, MessageInbox } from './message-inbox.ts';
import { Procedures } from './procedures.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { resetDone } from './tokens.ts';

/** One logged-in client: takes its messages in turn and answers each. */
export class Conversation {
  readonly #session: SqlSession;
  readonly #client: Client;
  readonly #faults: (text: string) => StatementFault | undefined;
  readonly #procedures: Procedures;
  #signal = new AbortController().signal;

  constructor(session: SqlSession, client: Client, faults: (text: string) => StatementFault | undefined) {
    this.#session = session;
    this.#client = client;
    this.#faults = faults;
    this.#procedures = new Procedures((text, parameters) =>
      this.#guard(text, () => session.run(text, parameters)),
    );
  }

  /** Returns when the client has left or has been told an error that ends its connection. */
  async hold(inbox: MessageInbox): Promise<void> {
    for (let message = await inbox.next(); message !== undefined; message = await inbox.next()) {
      const answer = new Answer(this.#client);
      const fault = await this.#attempt(message, answer);
      await answer.end();
      if (fault !== undefined) throw fault;
      if (answer.isFatal) return;
    }
  }

  /** A fault of ours or of the client's bytes is told, and handed back to end the connection. */
  async #attempt(message: Message, answer: Answer): Promise<Error | undefined> {
    try {
      await this.#answer(message, answer);
      return undefined;
    } catch (error) {
      const told = error instanceof SqlFault ? messageOf(error, 1) : fatal(error);
      await answer.message(told);
      await answer.hold({ of: 'done', failed: true });
      return error instanceof SqlFault ? undefined : asError(error);
    }
  }

  async #answer(message: Message, answer: Answer): Promise<void> {
    if (message.ignored) return answer.hold({ of: 'done', failed: true });
    if (message.type === messageType.attention) return answer.hold({ of: 'done', attention: true });
    this.#signal = message.signal;
    if (message.reset !== 'no') await this.#reset(message.reset === 'keep-transaction', answer);
    await this.#run(message, answer);
  }

  async #reset(keepTransaction: boolean, answer: Answer): Promise<void> {
    await this.#session.reset(keepTransaction);
    this.#procedures.forget();
    await answer.write(resetDone());
  }

  async #run({ type, payload }: Message, answer: Answer): Promise<void> {
    switch (type) {
      case messageType.batch: {
        const text = readBatch(payload);
        await answer.relay(
          this.#guard(text, () => this.#session.run(text)),
          'done',
        );
        return;
      }
      case messageType.rpc:
        for (const call of readCalls(payload)) {
          if (!this.#signal.aborted) await this.#procedures.answer(call, answer);
        }
        return;
      case messageType.transaction:
        return this.#transaction(payload, answer);
      case messageType.bulkLoad:
        throw notSupported('bulk load');
      default:
        throw new ProtocolFault(`Message type 0x${type.toString(16)} after the login`);
    }
  }

  async #transaction(payload: Buffer, answer: Answer): Promise<void> {
    const request = readTransactionRequest(payload);
    if (request.kind === 'unsupported') throw notSupported(`transaction request ${request.number}`);
    const text = `${request.kind.toUpperCase()} TRANSACTION`;
    await answer.relay(
      this.#guard(text, () => this.#session.transaction(request)),
      'done',
    );
  }

  /** Runs a statement with the fault that tests have asked for, and cancels it when the client takes it back or leaves. */
  async *#guard(text: string, run: () => AsyncIterable<RequestEvent>): AsyncGenerator<RequestEvent> {
    const fault = this.#faults(text);
    const { stream, disconnect } = this.#client;
    switch (fault?.kind) {
      case 'drop':
        if (fault.when === 'after') for await (const _ of this.#cancellable(run));
        disconnect();
        return;
      case 'silence':
        if (!stream.destroyed) await once(stream, 'close');
        return;
      case 'fail':
        if (fault.number === 1205) yield* this.#rollback();
        yield { kind: 'message', message: messageOfFault(fault) };
        yield { kind: 'done', failed: true, isSelect: false };
        return;
      case 'delay':
        await sleep(fault.milliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
        break;
      case undefined:
    }
    yield* this.#cancellable(run);
  }

  async *#cancellable(run: () => AsyncIterable<RequestEvent>): AsyncGenerator<RequestEvent> {
    const signal = this.#signal;
    if (signal.aborted) return;
    const cancel = (): void => this.#session.cancel();
    signal.addEventListener('abort', cancel);
    try {
      yield* run();
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** The end of the transaction, if there is one. */
  async *#rollback(): AsyncGenerator<RequestEvent> {
    for await (const event of this.#session.transaction({ kind: 'rollback' })) {
      if (event.kind === 'transaction') yield event;
    }
  }
}

function fatal(error: unknown): SqlMessage {
  const isProtocol = error instanceof ProtocolFault;
  const text = isProtocol
    ? 'The incoming tabular data stream (TDS) is incorrect'
    : 'The local SQL Server has failed';
  const message = `${text}: ${asError(error).message}`;
  return { number: isProtocol ? 4002 : 40998, severity: 20, state: 1, message, line: 1 };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
