import type { RequestEvent } from '../contract.ts';
import { messageOf, reachOf } from '../errors.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Statement } from '../parser/syntax.ts';
import { applySetting, isSetting } from './apply-setting.ts';
import type { Setting } from './apply-setting.ts';
import { callProcedure } from './call-procedure.ts';
import { compileAhead, isDataStatement } from '../translation/compile.ts';
import type { DataStatement } from '../translation/compile.ts';
import { endTransaction } from './end-transaction.ts';
import { Evaluation } from './evaluation.ts';
import { executeDefinition, isDefinition } from '../catalogue/execute-definition.ts';
import type { Definition } from '../catalogue/execute-definition.ts';
import { informational, raised, thrown } from './raise.ts';
import { selectInto } from '../translation/select-into.ts';
import type { SessionContext } from './session-context.ts';
import { switchDatabase } from './switch-database.ts';
import { declareTable, dropTableVariables } from '../catalogue/table-variables.ts';
import type { Variables } from './variables.ts';

/** How a statement leaves its batch: on to the next, out of a loop, or out of the batch. */
type Flow = 'next' | 'break' | 'continue' | 'return' | 'abort';
export type Run = AsyncGenerator<RequestEvent, Flow>;

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

const done: RequestEvent = { kind: 'done', failed: false, isSelect: false };

/** Runs the statements of one batch, or of the text given to sp_executesql, which has variables of its own. */
export class BatchRun {
  readonly #context: SessionContext;
  readonly #variables: Variables;
  readonly #isCancelled: () => boolean;
  readonly #evaluation: Evaluation;
  /** How many TRY blocks are around the statement. */
  #tries: number;
  readonly #tables: string[] = [];

  constructor(context: SessionContext, variables: Variables, isCancelled: () => boolean, tries = 0) {
    this.#context = context;
    this.#variables = variables;
    this.#isCancelled = isCancelled;
    this.#evaluation = new Evaluation(context, variables);
    this.#tries = tries;
  }

  async *run(statements: readonly Statement[]): Run {
    try {
      await compileAhead(statements, this.#context, this.#variables);
    } catch (error) {
      return yield* this.#fault(error, statements[0]);
    }
    const flow = yield* this.#all(statements);
    await dropTableVariables(this.#tables, this.#context);
    return flow;
  }

  async *#all(statements: readonly Statement[]): Run {
    for (const statement of statements) {
      const flow = yield* this.#one(statement);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  async *#one(statement: Statement): Run {
    if (this.#isCancelled()) return 'abort';
    try {
      const flow = yield* this.#statement(statement);
      if (statement.kind !== 'if') this.#context.lastError = 0;
      return flow;
    } catch (error) {
      return yield* this.#fault(error, statement);
    }
  }

  async *#statement(statement: Statement): Run {
    if (isDataStatement(statement)) {
      const isInto =
        statement.kind === 'select' &&
        statement.query.body.kind === 'select' &&
        statement.query.body.into !== undefined;
      yield* isInto
        ? selectInto(statement, this.#context, this.#variables)
        : this.#evaluation.data(statement);
    } else if (isDefinition(statement)) {
      await executeDefinition(statement, this.#context, this.#variables);
      this.#context.rowCount = 0;
      yield done;
    } else if (isSetting(statement)) {
      await applySetting(statement, this.#context, this.#evaluation);
      this.#context.rowCount = 0;
      yield done;
    } else {
      return yield* this.#control(statement);
    }
    return 'next';
  }

  async *#control(statement: Exclude<Statement, DataStatement | Definition | Setting>): Run {
    switch (statement.kind) {
      case 'if':
        if (await this.#evaluation.test(statement.condition)) return yield* this.#one(statement.whenTrue);
        return statement.whenFalse === undefined ? 'next' : yield* this.#one(statement.whenFalse);
      case 'while':
        return yield* this.#while(statement);
      case 'break':
      case 'continue':
      case 'return':
        return statement.kind;
      case 'block':
        return yield* this.#all(statement.statements);
      case 'tryCatch':
        return yield* this.#tryCatch(statement);
      case 'execute':
        return yield* callProcedure(statement, this.#context, this.#variables, {
          evaluation: this.#evaluation,
          runText: (statements, variables) => {
            const run = new BatchRun(this.#context, variables, this.#isCancelled, this.#tries).run(
              statements,
            );
            return this.#context.inOwnScope(run);
          },
        });
      case 'declare':
      case 'declareTable':
        await this.#declare(statement);
        return 'next';
      case 'print': {
        const text = await this.#evaluation.value(statement.value, { name: 'nvarchar', length: 4000 });
        this.#context.rowCount = 0;
        yield { kind: 'message', message: informational(0, String(text ?? ' '), statement.line) };
        return 'next';
      }
      case 'throw':
        throw await thrown(statement, this.#context, this.#evaluation);
      case 'raiserror': {
        const fault = await raised(statement, this.#evaluation);
        if (fault.severity > 10) throw fault;
        yield { kind: 'message', message: messageOf(fault, statement.line) };
        return 'next';
      }
      case 'setVariable':
      case 'beginTransaction':
      case 'commit':
      case 'rollback':
      case 'saveTransaction':
      case 'use':
      case 'waitFor':
        yield* await this.#simple(statement);
        this.#context.rowCount = statement.kind === 'setVariable' ? 1 : 0;
        yield done;
        return 'next';
    }
  }

  async #declare(statement: Of<'declare' | 'declareTable'>): Promise<void> {
    if (statement.kind === 'declareTable') {
      this.#tables.push(await declareTable(statement, this.#context));
      return;
    }
    for (const { variable, type, value } of statement.variables) {
      // A loop comes by more than once.
      if (!this.#variables.isDeclaredBy(variable)) this.#variables.declare(variable.name, type, variable);
      if (value !== undefined) await this.#evaluation.assign(variable, value);
    }
  }

  async #simple(
    statement: Of<
      'setVariable' | 'beginTransaction' | 'commit' | 'rollback' | 'saveTransaction' | 'use' | 'waitFor'
    >,
  ): Promise<RequestEvent[]> {
    const { transaction } = this.#context;
    switch (statement.kind) {
      case 'setVariable':
        await this.#evaluation.assign(statement.variable, statement.value);
        return [];
      case 'beginTransaction':
        return transaction.begin(this.#evaluation.name(statement.name));
      case 'commit':
        return endTransaction('commit', this.#context);
      case 'rollback':
        return endTransaction('rollback', this.#context, this.#evaluation.name(statement.name));
      case 'saveTransaction':
        await transaction.save(this.#evaluation.name(statement.name) ?? '');
        return [];
      case 'use':
        return switchDatabase(statement.database, this.#context);
      case 'waitFor':
        await this.#evaluation.wait(statement.delay);
        return [];
    }
  }

  async *#while({ condition, body }: Of<'while'>): Run {
    while (await this.#evaluation.test(condition)) {
      const flow = yield* this.#one(body);
      if (flow === 'break') break;
      if (flow === 'return' || flow === 'abort') return flow;
    }
    return 'next';
  }

  async *#tryCatch({ attempt, handler, line }: Of<'tryCatch'>): Run {
    this.#tries += 1;
    let caught: SqlFault;
    try {
      return yield* this.#all(attempt);
    } catch (error) {
      if (!(error instanceof SqlFault)) throw error;
      caught = error;
    } finally {
      this.#tries -= 1;
    }
    const outer = this.#context.caught;
    this.#context.caught = { fault: caught, line };
    try {
      return yield* this.#all(handler);
    } finally {
      this.#context.caught = outer;
    }
  }

  /** What a fault does to its statement, batch and transaction. Inside TRY it is thrown on to the CATCH block. */
  async *#fault(error: unknown, statement: Statement | undefined): Run {
    if (!(error instanceof SqlFault)) throw error;
    const { line = 1, kind } = statement ?? {};
    const { transaction, options } = this.#context;
    const reach = reachOf(error.number);
    this.#context.lastError = error.number;
    if (this.#tries > 0 && reach !== 'batch') {
      if (transaction.count > 0 && (reach === 'transaction' || options.xactAbort)) transaction.doomed = true;
      throw error.line > 0
        ? error
        : new SqlFault(error.number, error.severity, error.message, line, error.state);
    }
    yield { kind: 'message', message: messageOf(error, line) };
    // RAISERROR alone does not care for XACT_ABORT.
    const endsTransaction = reach === 'transaction' || (options.xactAbort && kind !== 'raiserror');
    const endsBatch = endsTransaction || reach === 'batch' || kind === 'throw';
    if (!endsBatch && (kind === 'insert' || kind === 'update' || kind === 'delete')) {
      yield { kind: 'message', message: informational(3621, 'The statement has been terminated.', line) };
    }
    if (endsTransaction && transaction.count > 0) yield* await endTransaction('rollback', this.#context);
    this.#context.rowCount = 0;
    yield { kind: 'done', failed: true, isSelect: false };
    return endsBatch ? 'abort' : 'next';
  }
}
