import { executeDefinition, isDefinition } from '../catalogue/execute-definition.ts';
import type { Definition } from '../catalogue/execute-definition.ts';
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
  VariableDeclaration,
  VariableReference,
} from '../parser/syntax.ts';
import {
  compiled,
  isDataStatement,
  translateData,
  translateTest,
  translateValue,
} from '../translation/compile.ts';
import type { DataStatement } from '../translation/compile.ts';
import type { Environment, Translated } from '../translation/translation.ts';
import { callProcedure } from './call-procedure.ts';
import { executeStatement, sendSteps } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';
import { applySetting } from './settings.ts';
import type { Variables } from './variables.ts';

/** How a statement leaves: on to the next, out of its batch (or sp_executesql's text), or out of all that runs. */
export type Flow = 'next' | 'endOfScope' | 'endOfBatch';

type Control = Exclude<
  Statement,
  Definition | DataStatement | { kind: 'block' | 'declare' | 'execute' | 'if' }
>;

type Compiling = Translated | Promise<Translated>;

const MAX_PARSED = 250;
const MAX_KEPT_TEXT = 32_768;

/** Parsed batches by their text, for all sessions: those met of late, and those met before them. */
let parsed = new Map<string, Batch>();
let parsedBefore = parsed;

/** Very long texts are hardly ever met twice, and not kept. */
export function parse(text: string): Batch {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const batch = parsedBefore.get(text) ?? parseBatch(text);
  if (text.length <= MAX_KEPT_TEXT) parsed.set(text, batch);
  if (parsed.size > MAX_PARSED) [parsedBefore, parsed] = [parsed, new Map()];
  return batch;
}

/** Runs the statements of one batch, or of the text given to sp_executesql, which has variables of its own. */
export class BatchRun {
  readonly context: SessionContext;
  readonly variables: Variables;
  /** The statement being compiled or run. */
  #at: Statement | undefined;
  #hasMoved = false;

  constructor(context: SessionContext, variables: Variables) {
    this.context = context;
    this.variables = variables;
  }

  run({ statements }: Batch): Promise<Flow> {
    const [only] = statements;
    const isAlone = only !== undefined && statements.length === 1 && isDataStatement(only);
    // A statement alone is compiled when it runs.
    return isAlone ? this.#one(only) : this.#compileAndRun(statements);
  }

  async #compileAndRun(statements: readonly Statement[]): Promise<Flow> {
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
   * batch, even where an earlier statement of it would add the column.
   */
  async #compile(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      this.#at = statement;
      if (isDataStatement(statement)) {
        await this.#ahead(this.#data(statement));
      } else if (statement.kind === 'setVariable') {
        await this.#ahead(this.#typed(statement.value, this.variables.typeOf(statement.variable)));
      } else if (statement.kind === 'declare') {
        // A variable is not known in the statement that declares it.
        for (const { type, value } of statement.variables)
          if (value) await this.#ahead(this.#typed(value, type));
        for (const { variable, type } of statement.variables) this.variables.declare(variable, type);
      } else if (statement.kind === 'if') {
        await this.#ahead(this.#test(statement.condition));
        await this.#compile([statement.whenTrue]);
        if (statement.whenFalse) await this.#compile([statement.whenFalse]);
      } else if (statement.kind === 'block') {
        await this.#compile(statement.statements);
      }
      this.#hasMoved ||= statement.kind === 'use';
    }
  }

  /** A table may yet be made by the batch; after USE all names are those of another database. */
  async #ahead(compiling: Compiling): Promise<void> {
    try {
      await compiling;
    } catch (error) {
      const isDeferred =
        error instanceof SqlFault && (error.number === 208 || (this.#hasMoved && error.number > 200));
      if (!isDeferred) throw error;
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
      if (statement.kind === 'block') return await this.#all(statement.statements);
      if (statement.kind === 'execute') return await callProcedure(statement, this);
      if (statement.kind === 'if') {
        const isTrue = (await this.#only(await this.#test(statement.condition))) === true;
        const branch = isTrue ? statement.whenTrue : statement.whenFalse;
        return branch === undefined ? 'next' : await this.#one(branch);
      }
      if (isDataStatement(statement)) await this.#runData(statement);
      else if (statement.kind === 'declare') await this.#declare(statement.variables);
      else this.done(await this.#control(statement));
      context.lastError = 0;
      return 'next';
    } catch (error) {
      return this.#fault(error);
    }
  }

  async #declare(declarations: readonly VariableDeclaration[]): Promise<void> {
    for (const { variable, value } of declarations) {
      if (value === undefined) continue;
      await this.#assign(variable, value);
      this.context.rowCount = 1;
    }
  }

  /** Gives @@ROWCOUNT. */
  async #control(statement: Control | Definition): Promise<0 | 1> {
    const { context } = this;
    const { transaction } = context;
    if (isDefinition(statement)) {
      await executeDefinition(statement, context);
      return 0;
    }
    switch (statement.kind) {
      case 'setVariable':
        await this.#assign(statement.variable, statement.value);
        return 1;
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
    }
    return 0;
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
    const done = { kind: 'done', failed: false, isSelect } as const;
    context.tell(context.settings.noCount ? done : { ...done, rowCount });
  }

  #data(statement: DataStatement): Compiling {
    return this.#kept(statement, (environment) => translateData(statement, environment));
  }

  #test(condition: Condition): Compiling {
    return this.#kept(condition, (environment) => translateTest(condition, environment));
  }

  #typed(value: Expression, type: SqlType): Compiling {
    return this.#kept(value, (environment) => translateValue(value, environment, type));
  }

  #kept(node: object, translate: (environment: Environment) => Translated): Compiling {
    return compiled(node, this.context, this.variables, translate);
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
    const text = String(await this.value(delay, { name: 'nvarchar', length: 40 })).trim();
    if (!/^([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d(\.\d+)?)?$/.test(text)) throw sqlError(148, [text]);
    await sendSteps([{ text: `SELECT pg_sleep_for('${text}')` }], 0, this.context);
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
