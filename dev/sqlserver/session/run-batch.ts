import { executeDefinition } from '../catalogue/execute-definition.ts';
import type { SqlType, SqlValue } from '../contract.ts';
import { messageOf, reachOf, sqlError } from '../errors.ts';
import { parseBatch } from '../parser/parse-batch.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type {
  Batch,
  Condition,
  Expression,
  Statement,
  TransactionName,
  VariableReference,
} from '../parser/syntax.ts';
import { compiled, translateData, translateTest, translateValue } from '../translation/compile.ts';
import type { DataStatement } from '../translation/compile.ts';
import type { Translated } from '../translation/translation.ts';
import { callProcedure } from './call-procedure.ts';
import { executeStatement, sendSteps } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';
import { applySetting } from './settings.ts';
import type { Variables } from './variables.ts';

/** How a statement leaves: on to the next, out of its batch (or sp_executesql's text), or out of all that runs. */
export type Flow = 'next' | 'endOfScope' | 'endOfBatch';

const MAX_PARSED = 500;
const MAX_KEPT_TEXT = 32_768;

/** Parsed batches by their text, for all sessions; the one that was longest unused comes first. */
const parsed = new Map<string, Batch>();

export function parse(text: string): Batch {
  const batch = parsed.get(text) ?? parseBatch(text);
  // Very long texts are hardly ever met twice.
  if (text.length > MAX_KEPT_TEXT) return batch;
  parsed.delete(text);
  parsed.set(text, batch);
  const [oldest] = parsed.size > MAX_PARSED ? parsed.keys() : [];
  if (oldest !== undefined) parsed.delete(oldest);
  return batch;
}

/** Runs the statements of one batch, or of the text given to sp_executesql, which has variables of its own. */
export class BatchRun {
  readonly context: SessionContext;
  readonly variables: Variables;
  /** The statement being compiled or run. */
  #at: Statement | undefined;

  constructor(context: SessionContext, variables: Variables) {
    this.context = context;
    this.variables = variables;
  }

  async run({ statements }: Batch): Promise<Flow> {
    try {
      await this.#compile(statements);
    } catch (error) {
      return this.#fault(error);
    }
    return this.#all(statements);
  }

  /** Runs a text as sp_executesql does. */
  async runText(text: string, variables: Variables): Promise<Flow> {
    const { context } = this;
    const { transaction } = context;
    const before = transaction.count;
    let batch: Batch;
    try {
      batch = parse(text);
    } catch (error) {
      return this.#fault(error, 'statement');
    }
    const flow = await context.inOwnScope(() => new BatchRun(context, variables).run(batch));
    if (flow === 'endOfBatch' || transaction.count === before) return flow;
    return this.#fault(sqlError(266, [before, transaction.count]), 'statement');
  }

  /** An expression's value, in the type wanted or in its own. */
  async value(expression: Expression, type?: SqlType): Promise<SqlValue> {
    return this.#only(translateValue(expression, await this.context.environment(this.variables.types), type));
  }

  /**
   * SQL Server compiles a batch before it runs it: a column that an existing table does not have is an error of the whole
   * batch, even where an earlier statement of it would add the column. A table may yet be made by the batch.
   */
  async #compile(statements: readonly Statement[]): Promise<void> {
    let hasMoved = false;
    for (const statement of statements) {
      hasMoved ||= statement.kind === 'use';
      this.#at = statement;
      try {
        await this.#compileOne(statement);
      } catch (error) {
        // Names after USE are another database's.
        const isDeferred =
          error instanceof SqlFault && (error.number === 208 || (hasMoved && error.number > 200));
        if (!isDeferred) throw error;
      }
      if (statement.kind === 'block') await this.#compile(statement.statements);
      if (statement.kind !== 'if') continue;
      await this.#compile([statement.whenTrue, ...(statement.whenFalse ? [statement.whenFalse] : [])]);
    }
  }

  async #compileOne(statement: Statement): Promise<void> {
    switch (statement.kind) {
      case 'select':
      case 'insert':
      case 'update':
      case 'delete':
        await this.#data(statement);
        return;
      case 'if':
        await this.#test(statement.condition);
        return;
      case 'setVariable':
        await this.#typed(statement.value, this.variables.typeOf(statement.variable));
        return;
      case 'declare':
        // A variable is not known in the statement that declares it.
        try {
          for (const { type, value } of statement.variables) if (value) await this.#typed(value, type);
        } finally {
          for (const { variable, type } of statement.variables) this.variables.declare(variable, type);
        }
        return;
      default:
    }
  }

  async #all(statements: readonly Statement[]): Promise<Flow> {
    for (const statement of statements) {
      const flow = await this.#one(statement);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  async #one(statement: Statement): Promise<Flow> {
    const { context } = this;
    if (context.request?.isCancelled) return 'endOfBatch';
    this.#at = statement;
    try {
      switch (statement.kind) {
        case 'block':
          return await this.#all(statement.statements);
        case 'if': {
          const isTrue = (await this.#only(await this.#test(statement.condition))) === true;
          const branch = isTrue ? statement.whenTrue : statement.whenFalse;
          return branch === undefined ? 'next' : await this.#one(branch);
        }
        case 'execute':
          return await callProcedure(statement, this);
        default:
          await this.#simple(statement);
          context.lastError = 0;
          return 'next';
      }
    } catch (error) {
      return this.#fault(error);
    }
  }

  async #simple(statement: Exclude<Statement, { kind: 'block' | 'if' | 'execute' }>): Promise<void> {
    const { context } = this;
    const { transaction } = context;
    switch (statement.kind) {
      case 'select':
      case 'insert':
      case 'update':
      case 'delete':
        return this.#runData(statement);
      case 'declare':
        for (const { variable, value } of statement.variables)
          if (value !== undefined) await this.#assign(variable, value);
        return;
      case 'setVariable':
        await this.#assign(statement.variable, statement.value);
        return this.done(1);
      case 'setSwitch':
      case 'setIsolation':
      case 'setLockTimeout':
      case 'setDeadlockPriority':
      case 'setDefault':
        applySetting(statement, context);
        break;
      case 'beginTransaction':
        transaction.begin(this.#name(statement.name));
        break;
      case 'commit':
        await transaction.commit();
        break;
      case 'rollback':
        await transaction.rollback(this.#name(statement.name));
        break;
      case 'saveTransaction':
        transaction.save(this.#name(statement.name) ?? '');
        break;
      case 'use':
        await context.use(statement.database);
        break;
      case 'waitFor':
        await this.#wait(statement.delay);
        break;
      default:
        // Until the parser reads the drivers' settings as setDefault.
        if (statement.kind.startsWith('set')) break;
        await executeDefinition(statement, context);
    }
    this.done(0);
  }

  /** The end of a statement without rows. */
  done(rowCount: number): void {
    this.context.rowCount = rowCount;
    this.context.tell({ kind: 'done', failed: false, isSelect: false });
  }

  /** SELECT, INSERT, UPDATE and DELETE: result, variables and row count. */
  async #runData(statement: DataStatement): Promise<void> {
    const { context, variables } = this;
    const translated = await this.#data(statement);
    const { rowCount, last } = await executeStatement(translated, context, variables);
    if (last !== undefined) {
      for (const { variable, place } of translated.assignments)
        variables.assign(variable, last[place] ?? null);
      if (translated.identityPlace !== undefined)
        context.lastIdentity = context.scopeIdentity = last[translated.identityPlace] ?? null;
    }
    context.rowCount = rowCount;
    const isSelect = translated.columns !== undefined || statement.kind === 'select';
    context.tell({
      kind: 'done',
      failed: false,
      isSelect,
      ...(!context.settings.noCount && { rowCount }),
    });
  }

  #data(statement: DataStatement): Promise<Translated> {
    return compiled(statement, this.context, this.variables, (environment) =>
      translateData(statement, environment),
    );
  }

  #test(condition: Condition): Promise<Translated> {
    return compiled(condition, this.context, this.variables, (environment) =>
      translateTest(condition, environment),
    );
  }

  #typed(value: Expression, type: SqlType): Promise<Translated> {
    return compiled(value, this.context, this.variables, (environment) =>
      translateValue(value, environment, type),
    );
  }

  async #assign(variable: VariableReference, value: Expression): Promise<void> {
    const translated = await this.#typed(value, this.variables.typeOf(variable));
    this.variables.assign(variable.name, await this.#only(translated));
  }

  /** Runs what gives no result to the client, and leaves @@ROWCOUNT alone. */
  async #only(translated: Translated): Promise<SqlValue> {
    const { last } = await executeStatement(translated, this.context, this.variables);
    return last?.[0] ?? null;
  }

  /** The name of a transaction or savepoint, which a variable may hold. */
  #name(name: TransactionName | undefined): string | undefined {
    if (name === undefined || typeof name === 'string') return name;
    return String(this.variables.value(name.name) ?? '');
  }

  /** WAITFOR DELAY. Waits in PostgreSQL, so that a cancel reaches it. */
  async #wait(delay: Expression): Promise<void> {
    const text = String(await this.value(delay, { name: 'nvarchar', length: 40 }));
    const parts = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?\s*$/.exec(text);
    if (parts === null) throw sqlError(148, [text]);
    const [, hours, minutes, seconds = '0'] = parts;
    const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    await sendSteps([{ text: `SELECT pg_sleep(${total})` }], 0, this.context);
  }

  /** What a fault does to its statement, batch and transaction; XACT_ABORT does not care for one that ends a `statement` as told. */
  async #fault(error: unknown, told?: 'statement'): Promise<Flow> {
    if (!(error instanceof SqlFault)) throw error;
    const { context } = this;
    const { transaction, settings } = context;
    const { line = 1, kind } = this.#at ?? {};
    const reach = told ?? reachOf(error.number);
    context.tell({ kind: 'message', message: messageOf(error, line) });
    const endsAll = reach === 'transaction' || (settings.xactAbort && told === undefined);
    if (!endsAll && reach === 'statement' && (kind === 'insert' || kind === 'update' || kind === 'delete'))
      context.tell({ kind: 'message', message: messageOf(sqlError(3621), line) });
    if (endsAll && transaction.count > 0) await transaction.rollback();
    context.lastError = error.number;
    context.rowCount = 0;
    context.tell({ kind: 'done', failed: true, isSelect: false });
    if (endsAll) return 'endOfBatch';
    return reach === 'batch' ? 'endOfScope' : 'next';
  }
}
