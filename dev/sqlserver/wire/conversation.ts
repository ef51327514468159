import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEvent, SqlSession } from '../contract.ts';
import { messageOf } from '../errors.ts';
import { messageOfFault } from '../faults.ts';
import type { StatementFault } from '../faults.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import { Answer } from './answer.ts';
import type { Client, Outcome } from './answer.ts';
import { ProtocolFault } from './bytes.ts';
import { messageFlag, messageType } from './message-inbox.ts';
import type { Message, MessageInbox } from './message-inbox.ts';
import { Procedures } from './procedures.ts';
import { readBatch, readCalls, readTransactionRequest } from './read-request.ts';
import { resetDone } from './tokens.ts';

interface Relayed {
  run: () => AsyncIterable<RequestEvent>;
  of: 'statement' | 'inProcedure';
}

/** One logged-in client: takes its messages in turn and answers each. */
export class Conversation {
  readonly #session: SqlSession;
  readonly #client: Client;
  readonly #faultAt: (text: string) => StatementFault | undefined;
  readonly #procedures: Procedures;
  #signal = new AbortController().signal;

  constructor(session: SqlSession, client: Client, faultAt: (text: string) => StatementFault | undefined) {
    this.#session = session;
    this.#client = client;
    this.#faultAt = faultAt;
    this.#procedures = new Procedures((text, parameters, answer) =>
      this.#relay(text, { run: () => session.run(text, parameters), of: 'inProcedure' }, answer),
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
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const isRefusal = error instanceof SqlFault;
      await answer.message(messageOf(isRefusal ? error : fatal(error), 1));
      answer.hold({ of: 'statement', failed: true });
      return isRefusal ? undefined : error;
    }
  }

  async #answer({ type, flags, payload, signal }: Message, answer: Answer): Promise<void> {
    // The client took the message back before its end.
    if ((flags & messageFlag.ignore) !== 0) return answer.hold({ of: 'statement', failed: true });
    if (type === messageType.attention) return answer.hold({ of: 'statement', attention: true });
    this.#signal = signal;
    const keepsTransaction = (flags & messageFlag.resetKeepingTransaction) !== 0;
    if (keepsTransaction || (flags & messageFlag.reset) !== 0) {
      await this.#session.reset(keepsTransaction);
      this.#procedures.forget();
      await answer.write(resetDone);
    }
    switch (type) {
      case messageType.batch: {
        const text = readBatch(payload);
        await this.#relay(text, { run: () => this.#session.run(text), of: 'statement' }, answer);
        return;
      }
      case messageType.rpc:
        for (const call of readCalls(payload)) {
          await this.#procedures.answer(call, answer);
          if (signal.aborted) break;
        }
        return;
      case messageType.transaction: {
        const request = readTransactionRequest(payload);
        const text = `${request.kind.toUpperCase()} TRANSACTION`;
        await this.#relay(text, { run: () => this.#session.transaction(request), of: 'statement' }, answer);
        return;
      }
      case messageType.bulkLoad:
        throw notSupported('bulk load');
      default:
        throw new ProtocolFault(`Message type 0x${type.toString(16)} after the login`);
    }
  }

  /** Runs a statement with the fault that tests have asked for, and cancels it when the client takes it back or leaves. */
  async #relay(text: string, { run, of }: Relayed, answer: Answer): Promise<Outcome> {
    const fault = this.#faultAt(text);
    const { stream, disconnect } = this.#client;
    const signal = this.#signal;
    if (fault?.kind === 'fail') return answer.relay(this.#failure(fault), of);
    if (fault?.kind === 'delay')
      await sleep(fault.milliseconds, undefined, { signal }).catch(() => undefined);
    if (fault?.kind === 'silence' && !stream.destroyed) await once(stream, 'close');
    if (fault?.kind === 'drop' && fault.when === 'before') disconnect();
    else if (!signal.aborted) {
      const cancel = (): void => this.#session.cancel();
      signal.addEventListener('abort', cancel);
      try {
        if (fault?.kind !== 'drop') return await answer.relay(run(), of);
        for await (const _ of run());
        disconnect();
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    }
    return { error: 0, outputs: [] };
  }

  async *#failure(fault: Extract<StatementFault, { kind: 'fail' }>): AsyncGenerator<RequestEvent> {
    if (fault.number === 1205) {
      for await (const event of this.#session.transaction({ kind: 'rollback' })) {
        if (event.kind === 'transaction') yield event;
      }
    }
    yield { kind: 'message', message: messageOfFault(fault) };
    yield { kind: 'done', failed: true, isSelect: false };
  }
}

function fatal({ message, name }: Error): SqlFault {
  if (name !== 'ProtocolFault') return new SqlFault(40998, 20, `The local SQL Server has failed: ${message}`);
  return new SqlFault(4002, 20, `The incoming tabular data stream (TDS) is incorrect: ${message}`);
}
