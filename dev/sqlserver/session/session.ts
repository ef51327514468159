import type { Listener, Parameter, SqlSession } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import { Cancelled } from './flight.ts';
import { BatchRun, parse } from './run-batch.ts';
import type { SessionContext } from './session-context.ts';
import { Variables } from './variables.ts';

const MAX_PARAMETERS = 2_100;

/** A client's session. See the contract. */
export class Session implements SqlSession {
  readonly #context: SessionContext;
  #cancelling: Promise<unknown> = Promise.resolve();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  run(listener: Listener, text: string, parameters?: readonly Parameter[]): Promise<void> {
    return this.#request(listener, async (context) => {
      const batch = new BatchRun(context, new Variables());
      if (parameters === undefined) return void (await batch.run(parse(text)));
      if (parameters.length > MAX_PARAMETERS) throw sqlError(8003);
      const variables = new Variables(parameters);
      await batch.runText(text, variables);
      for (const parameter of parameters.filter(({ output }) => output))
        context.tell({ kind: 'output', parameter: { ...parameter, value: variables.value(parameter.name) } });
    });
  }

  transaction(listener: Listener, request: Parameters<SqlSession['transaction']>[1]): Promise<void> {
    return this.#request(listener, async (context) => {
      const { transaction } = context;
      if (request.kind === 'begin') transaction.begin(request.name, request.isolation);
      else if (request.kind === 'commit') await transaction.commit();
      else if (request.kind === 'rollback') await transaction.rollback(request.name);
      else transaction.save(request.name);
      context.tell({ kind: 'done', failed: false, isSelect: false });
    });
  }

  /** Faults become messages; a cancelled request just ends. */
  async #request(listener: Listener, work: (context: SessionContext) => Promise<void>): Promise<void> {
    const context = this.#context;
    const request = { listener, isCancelled: false };
    context.request = request;
    try {
      await work(context);
    } catch (error) {
      if (error instanceof Cancelled && request.isCancelled) return;
      const fault = error instanceof Cancelled ? sqlError(3617) : error;
      if (!(fault instanceof SqlFault)) throw fault;
      context.lastError = fault.number;
      context.tell({ kind: 'message', message: messageOf(fault, 1) });
      context.tell({ kind: 'done', failed: true, isSelect: false });
    } finally {
      context.request = undefined;
      if (request.isCancelled) await this.#settle();
    }
  }

  /** After a cancelled request: no late cancel for the next one. */
  async #settle(): Promise<void> {
    await this.#cancelling;
    const { transaction, settings, query } = this.#context;
    await query('SELECT 1').catch(() => undefined);
    if (settings.xactAbort && transaction.count > 0) await transaction.rollback();
  }

  cancel(): void {
    const { request, server, processId } = this.#context;
    if (request === undefined || request.isCancelled) return;
    request.isCancelled = true;
    // A signal that comes late finds an idle connection and does nothing.
    this.#cancelling = server.control.query(`SELECT pg_cancel_backend(${processId})`).catch(() => undefined);
  }

  reset(keepTransaction: boolean): Promise<void> {
    return this.#context.reset(keepTransaction);
  }

  close(): Promise<void> {
    return this.#context.close();
  }
}
