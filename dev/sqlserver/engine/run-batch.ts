import type { RequestEvent, SqlType, SqlValue } from '../contract.ts';
import { messageOf, reachOf, sqlError } from '../errors.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Expression, Statement, TransactionName } from '../parser/syntax.ts';
import {
  compiled,
  compileAhead,
  isDataStatement,
  translateData,
  translateTest,
  translateValue,
} from './compile.ts';
import { applySetting, isSetting } from './apply-setting.ts';
import { executeDefinition, isDefinition } from './execute-definition.ts';
import { executeScript, executeStatement } from './execute-statement.ts';
import type { Outcome } from './execute-statement.ts';
import { callProcedure } from './call-procedure.ts';
import { informational, raised, thrown } from './raise.ts';
import type { SessionContext } from './session-context.ts';
import { createTable } from './translate-table.ts';
import type { Translated } from './translated.ts';
import type { Variables } from './variables.ts';

/** How a statement leaves its batch: on to the next, out of a loop, or out of the batch. */
type Flow = 'next' | 'break' | 'continue' | 'return' | 'abort';
type Run = AsyncGenerator<RequestEvent, Flow>;

const done = (rowCount?: number, isSelect = false): RequestEvent => ({
  kind: 'done',
  failed: false,
  isSelect,
  ...(rowCount !== undefined && { rowCount }),
});

/** Runs the statements of one batch, or of the text given to sp_executesql, which has variables of its own. */
export class BatchRun {
  readonly #context: SessionContext;
  readonly #variables: Variables;
  readonly #isCancelled: () => boolean;
  /** How many TRY blocks are around the statement. */
  #tries: number;
  #tables: string[] = [];

  constructor(context: SessionContext, variables: Variables, isCancelled: () => boolean, tries = 0) {
    this.#context = context;
    this.#variables = variables;
    this.#isCancelled = isCancelled;
    this.#tries = tries;
  }

  async *run(statements: readonly Statement[]): Run {
    try {
      await compileAhead(statements, this.#context, this.#variables);
    } catch (error) {
      return yield* this.#fault(error, statements[0]?.line ?? 1, 'SELECT');
    }
    const flow = yield* this.#all(statements);
    await this.#dropTableVariables();
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
      return yield* this.#fault(error, statement.line, verbOf(statement));
    }
  }

  async *#statement(statement: Statement): Run {
    if (isDataStatement(statement)) {
      const translated = await this.#compiled(statement, (environment) =>
        translateData(statement, environment),
      );
      if (statement.kind !== 'select' && this.#context.transaction.doomed) throw sqlError(3930);
      const { rowCount } = yield* this.#execute(translated);
      yield done(
        this.#context.options.noCount ? undefined : rowCount,
        translated.columns !== undefined || statement.kind === 'select',
      );
      return 'next';
    }
    if (isDefinition(statement)) {
      for (const event of await executeDefinition(statement, this.#context, this.#variables)) yield event;
      yield done();
      return 'next';
    }
    if (isSetting(statement)) {
      await applySetting(statement, this.#context, (expression) => this.#value(expression));
      yield done();
      return 'next';
    }
    return yield* this.#control(statement);
  }

  async *#control(statement: Exclude<Statement, { kind: 'select' | 'insert' | 'update' | 'delete' }>): Run {
    const { transaction } = this.#context;
    switch (statement.kind) {
      case 'declare':
        for (const { variable, type, value } of statement.variables) {
          if (!this.#variables.types.has(variable.name.toLowerCase()))
            this.#variables.declare(variable.name, type, variable.line);
          if (value !== undefined) this.#variables.assign(variable.name, await this.#value(value, type));
        }
        return 'next';
      case 'declareTable':
        return this.#declareTable(statement);
      case 'setVariable': {
        const type = this.#variables.types.get(statement.variable.name.toLowerCase());
        if (type === undefined) throw sqlError(137, [statement.variable.name], statement.line);
        this.#variables.assign(statement.variable.name, await this.#value(statement.value, type));
        this.#context.rowCount = 1;
        yield done();
        return 'next';
      }
      case 'if':
        if (await this.#test(statement)) return yield* this.#one(statement.whenTrue);
        return statement.whenFalse === undefined ? 'next' : yield* this.#one(statement.whenFalse);
      case 'while':
        while (await this.#test(statement)) {
          const flow = yield* this.#one(statement.body);
          if (flow === 'break') break;
          if (flow === 'return' || flow === 'abort') return flow;
          if (this.#isCancelled()) return 'abort';
        }
        return 'next';
      case 'break':
      case 'continue':
      case 'return':
        return statement.kind;
      case 'block':
        return yield* this.#all(statement.statements);
      case 'tryCatch':
        return yield* this.#tryCatch(statement);
      case 'print': {
        const text = await this.#value(statement.value, { name: 'nvarchar', length: 4000 });
        yield { kind: 'message', message: informational(0, String(text ?? ' '), statement.line) };
        return 'next';
      }
      case 'throw':
        throw await thrown(statement, this.#context, (expression, type) => this.#value(expression, type));
      case 'raiserror': {
        const fault = await raised(statement, (expression) => this.#value(expression));
        if (fault.severity > 10) throw fault;
        yield { kind: 'message', message: { ...messageOf(fault, statement.line), severity: fault.severity } };
        return 'next';
      }
      case 'beginTransaction':
        yield* await transaction.begin(this.#name(statement.name));
        yield done();
        return 'next';
      case 'commit':
        yield* await this.#ended('commit', () => transaction.commit());
        yield done();
        return 'next';
      case 'rollback':
        yield* await this.#ended('rollback', () => transaction.rollback(this.#name(statement.name)));
        yield done();
        return 'next';
      case 'saveTransaction':
        await transaction.save(this.#name(statement.name) ?? '');
        yield done();
        return 'next';
      case 'use':
        yield* await this.#use(statement.database);
        yield done();
        return 'next';
      case 'waitFor':
        await this.#wait(statement.delay);
        yield done();
        return 'next';
      case 'execute':
        return yield* callProcedure(statement, this.#context, this.#variables, {
          value: (expression, type) => this.#value(expression, type),
          isCancelled: this.#isCancelled,
          tries: this.#tries,
        });
      default:
        throw notSupported(statement.kind, statement.line);
    }
  }

  // -------------------------------------------------------------------------------------------------- values

  #compiled(node: object, translate: Parameters<typeof compiled>[3]): Promise<Translated> {
    return compiled(node, this.#context, this.#variables, translate);
  }

  async *#execute(translated: Translated): AsyncGenerator<RequestEvent, Outcome> {
    const outcome = yield* executeStatement(translated, this.#context, this.#variables);
    const { last, rowCount } = outcome;
    for (const { variable, place } of translated.assignments) {
      if (last !== undefined) this.#variables.assign(variable, last[place] ?? null);
    }
    if (translated.identityPlace !== undefined && last !== undefined) {
      this.#context.lastIdentity = last[translated.identityPlace] ?? null;
    }
    this.#context.rowCount = rowCount;
    return outcome;
  }

  async #value(expression: Expression, type?: SqlType): Promise<SqlValue> {
    const translated = await this.#compiled(expression, (environment) =>
      translateValue(expression, environment, type),
    );
    return (await this.#silently(translated))?.[0] ?? null;
  }

  async #test(statement: Extract<Statement, { kind: 'if' | 'while' }>): Promise<boolean> {
    const translated = await this.#compiled(statement.condition, (environment) =>
      translateTest(statement.condition, environment),
    );
    return (await this.#silently(translated))?.[0] === true;
  }

  /** Runs what gives no result to the client, and leaves @@ROWCOUNT alone. */
  async #silently(translated: Translated): Promise<readonly SqlValue[] | undefined> {
    const running = executeStatement(translated, this.#context, this.#variables);
    for (;;) {
      const step = await running.next();
      if (step.done) return step.value.last;
    }
  }

  #name(name: TransactionName | undefined): string | undefined {
    if (name === undefined || typeof name === 'string') return name;
    return String(this.#variables.value(name.name) ?? '');
  }

  async #declareTable({
    variable,
    elements,
    line,
  }: Extract<Statement, { kind: 'declareTable' }>): Promise<Flow> {
    const { catalogue } = await this.#context.names();
    const environment = {
      catalogue,
      temporaryTables: this.#context.temporaryTables,
      variables: new Map(),
      identityInsert: undefined,
    };
    const table = { name: variable.name };
    const texts = createTable({ kind: 'createTable', table, elements, line }, environment);
    await executeScript(texts, this.#context, { verb: 'CREATE TABLE', target: variable.name });
    this.#tables.push(variable.name);
    await this.#context.defined(true);
    return 'next';
  }

  async #dropTableVariables(): Promise<void> {
    const texts = this.#tables.map((name) => `DROP TABLE IF EXISTS pg_temp."${name.replaceAll('"', '""')}"`);
    if (texts.length === 0) return;
    await executeScript(texts, this.#context, { verb: 'DROP TABLE', target: undefined });
    await this.#context.defined(true);
  }

  async #wait(delay: Expression): Promise<void> {
    const text = await this.#value(delay, { name: 'nvarchar', length: 40 });
    const [, hours = '0', minutes = '0', seconds = '0'] =
      /^(\d+):(\d+)(?::([\d.]+))?$/.exec(String(text)) ?? [];
    const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    const main = { text: `SELECT pg_sleep(${total}) IS NULL`, bindings: [], typeIds: [] };
    await this.#silently({
      before: [],
      main,
      after: [],
      types: [{ name: 'bit' }],
      assignments: [],
      verb: 'SELECT',
    });
  }

  // -------------------------------------------------------------------------- transactions, databases, faults

  async #ended(change: 'commit' | 'rollback', end: () => Promise<RequestEvent[]>): Promise<RequestEvent[]> {
    const events = await end();
    if (events.length > 0) await this.#context.transactionEnded(change);
    else if (change === 'rollback') await this.#context.rolledBackPartly();
    return events;
  }

  async #use(name: string): Promise<RequestEvent[]> {
    const { server, identity, database, transaction } = this.#context;
    const wanted = server.databases.find(name);
    if (wanted === undefined) throw sqlError(911, [name]);
    if (wanted === database) return [];
    const principal = await server.logins.principal(identity, wanted);
    if (principal === undefined) throw sqlError(916, [identity.name, wanted.name]);
    if (transaction.count > 0) throw notSupported('USE inside a transaction');
    const previous = database.name;
    await this.#context.use(wanted, principal);
    return [{ kind: 'database', name: wanted.name, previous }];
  }

  async *#tryCatch({ attempt, handler, line }: Extract<Statement, { kind: 'tryCatch' }>): Run {
    this.#tries += 1;
    let caught: SqlFault;
    try {
      const flow = yield* this.#all(attempt);
      this.#tries -= 1;
      return flow;
    } catch (error) {
      this.#tries -= 1;
      if (!(error instanceof SqlFault)) throw error;
      caught = error;
    }
    const outer = this.#context.caught;
    this.#context.caught = { fault: caught, line };
    const flow = yield* this.#all(handler);
    this.#context.caught = outer;
    return flow;
  }

  /** What a fault does to its statement, batch and transaction. Inside TRY it is thrown on to the CATCH block. */
  async *#fault(error: unknown, line: number, verb: string): Run {
    if (!(error instanceof SqlFault)) throw error;
    const { transaction, options } = this.#context;
    const reach = reachOf(error.number);
    const isRaised = error.number >= 50_000;
    this.#context.lastError = error.number;
    if (this.#tries > 0 && reach !== 'batch') {
      if (transaction.count > 0 && (reach === 'transaction' || options.xactAbort)) transaction.doomed = true;
      throw error.line > 0
        ? error
        : new SqlFault(error.number, error.severity, error.message, line, error.state);
    }
    yield { kind: 'message', message: messageOf(error, line) };
    const ends = reach === 'transaction' || (options.xactAbort && !(isRaised && verb === 'RAISERROR'));
    if (['INSERT', 'UPDATE', 'DELETE'].includes(verb) && reach === 'statement' && !ends) {
      yield { kind: 'message', message: informational(3621, 'The statement has been terminated.', line) };
    }
    if (ends && transaction.count > 0) yield* await this.#ended('rollback', () => transaction.rollback());
    this.#context.rowCount = 0;
    yield { kind: 'done', failed: true, isSelect: false };
    return ends || reach === 'batch' || verb === 'THROW' ? 'abort' : 'next';
  }
}

function verbOf({ kind }: Statement): string {
  return kind.toUpperCase();
}
