import { once } from 'node:events';
import type { Listener, SqlSession } from '../contract.ts';
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

type Run = (listener: Listener) => Promise<void>;

/** One logged-in client: takes its messages in turn and answers each. */
export class Conversation {
  readonly #session: SqlSession;
  readonly #client: Client;
  readonly #faultAt: (text: string) => StatementFault | undefined;
  readonly #procedures: Procedures;
  /** The one being answered. */
  #message: Pick<Message, 'isTakenBack' | 'onTakenBack'> | undefined;

  constructor(session: SqlSession, client: Client, faultAt: (text: string) => StatementFault | undefined) {
    this.#session = session;
    this.#client = client;
    this.#faultAt = faultAt;
    this.#procedures = new Procedures((text, parameters, answer) =>
      this.#relay(text, 'inProcedure', (listener) => session.run(listener, text, parameters), answer),
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
      answer.message(messageOf(isRefusal ? error : fatal(error), 1));
      answer.hold({ of: 'statement', failed: true });
      return isRefusal ? undefined : error;
    }
  }

  async #answer(message: Message, answer: Answer): Promise<void> {
    const { type, flags, payload } = message;
    // The client took the message back before its end.
    if ((flags & messageFlag.ignore) !== 0) return answer.hold({ of: 'statement', failed: true });
    if (type === messageType.attention) return answer.hold({ of: 'statement', attention: true });
    this.#message = message;
    const keepsTransaction = (flags & messageFlag.resetKeepingTransaction) !== 0;
    if (keepsTransaction || (flags & messageFlag.reset) !== 0) {
      await this.#session.reset(keepsTransaction);
      this.#procedures.forget();
      answer.write(resetDone);
    }
    switch (type) {
      case messageType.batch: {
        const text = readBatch(payload);
        await this.#relay(text, 'statement', (listener) => this.#session.run(listener, text), answer);
        return;
      }
      case messageType.rpc:
        for (const call of readCalls(payload)) {
          await this.#procedures.answer(call, answer);
          if (message.isTakenBack) break;
        }
        return;
      case messageType.transaction: {
        const request = readTransactionRequest(payload);
        const text = `${request.kind.toUpperCase()} TRANSACTION`;
        const run: Run = (listener) => this.#session.transaction(listener, request);
        await this.#relay(text, 'statement', run, answer);
        return;
      }
      case messageType.bulkLoad:
        throw notSupported('bulk load');
      default:
        throw new ProtocolFault(`Message type 0x${type.toString(16)} after the login`);
    }
  }

  /** Runs a statement with the fault that tests have asked for, and cancels it when the client takes it back or leaves. */
  async #relay(text: string, of: 'statement' | 'inProcedure', run: Run, answer: Answer): Promise<Outcome> {
    const outcome = answer.begin(of);
    const message = this.#message;
    const { stream, disconnect } = this.#client;
    const fault = this.#faultAt(text);
    if (fault?.kind === 'fail') await this.#fail(fault, answer);
    if (fault?.kind === 'delay') await this.#untilTakenBack(fault.milliseconds);
    if (fault?.kind === 'silence' && !stream.destroyed) await once(stream, 'close');
    if (fault?.kind === 'drop' && fault.when === 'before') disconnect();
    else if (fault?.kind !== 'fail' && message?.isTakenBack === false) {
      message.onTakenBack = () => this.#session.cancel();
      await run(fault?.kind === 'drop' ? deaf : answer);
      message.onTakenBack = () => undefined;
      if (fault?.kind === 'drop') disconnect();
    }
    return outcome;
  }

  /** 1205 also rolls the transaction back. */
  async #fail(fault: Extract<StatementFault, { kind: 'fail' }>, answer: Answer): Promise<void> {
    const tell: Listener['tell'] = (event) => event.kind === 'transaction' && answer.tell(event);
    if (fault.number === 1205) await this.#session.transaction({ ...deaf, tell }, { kind: 'rollback' });
    answer.tell({ kind: 'message', message: messageOfFault(fault) });
    answer.tell({ kind: 'done', failed: true, isSelect: false });
  }

  async #untilTakenBack(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    if (this.#message) this.#message.onTakenBack = resolve;
    await promise;
    clearTimeout(timer);
  }
}

const deaf: Listener = { tell: () => undefined, room: () => undefined };

function fatal({ message, name }: Error): SqlFault {
  if (name !== 'ProtocolFault') return new SqlFault(40998, 20, `The local SQL Server has failed: ${message}`);
  return new SqlFault(4002, 20, `The incoming tabular data stream (TDS) is incorrect: ${message}`);
}
