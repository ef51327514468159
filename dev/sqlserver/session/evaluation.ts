import type { RequestEvent, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import type { Condition, Expression, TransactionName, VariableReference } from '../parser/syntax.ts';
import { compiled, translateData, translateTest, translateValue } from '../translation/compile.ts';
import type { DataStatement } from '../translation/compile.ts';
import { executeStatement } from './execute-statement.ts';
import type { SessionContext } from './session-context.ts';
import type { Translated } from '../translation/translated.ts';
import type { Variables } from './variables.ts';

/** What the statements of one batch compute: results for the client, and values for the batch itself. */
export class Evaluation {
  readonly #context: SessionContext;
  readonly #variables: Variables;

  constructor(context: SessionContext, variables: Variables) {
    this.#context = context;
    this.#variables = variables;
  }

  /** SELECT, INSERT, UPDATE and DELETE: result, variables and row count. */
  async *data(statement: DataStatement): AsyncGenerator<RequestEvent> {
    const translated = await compiled(statement, this.#context, this.#variables, (environment) =>
      translateData(statement, environment),
    );
    const { transaction, options, database } = this.#context;
    if (statement.kind !== 'select' && transaction.doomed) throw sqlError(3930);
    if (transaction.isolation === 'snapshot' && !database.note.allowSnapshotIsolation) {
      throw sqlError(3952, [database.name]);
    }
    const { rowCount, last } = yield* executeStatement(translated, this.#context, this.#variables);
    for (const { variable, place } of translated.assignments) {
      if (last !== undefined) this.#variables.assign(variable, last[place] ?? null);
    }
    if (translated.identityPlace !== undefined && last !== undefined) {
      this.#context.lastIdentity = last[translated.identityPlace] ?? null;
    }
    this.#context.rowCount = rowCount;
    const isSelect = translated.columns !== undefined || statement.kind === 'select';
    yield { kind: 'done', failed: false, isSelect, ...(!options.noCount && { rowCount }) };
  }

  /** An expression's value, in the type wanted or in its own. */
  async value(expression: Expression, type?: SqlType): Promise<SqlValue> {
    const translated = await compiled(expression, this.#context, this.#variables, (environment) =>
      translateValue(expression, environment, type),
    );
    return this.#only(translated);
  }

  async test(condition: Condition): Promise<boolean> {
    const translated = await compiled(condition, this.#context, this.#variables, (environment) =>
      translateTest(condition, environment),
    );
    return (await this.#only(translated)) === true;
  }

  /** SET @x = …. Throws 137. */
  async assign(variable: VariableReference, value: Expression): Promise<void> {
    const type = this.#variables.types.get(variable.name.toLowerCase());
    if (type === undefined) throw sqlError(137, [variable.name], variable.line);
    this.#variables.assign(variable.name, await this.value(value, type));
  }

  /** The name of a transaction or savepoint, which a variable may hold. */
  name(name: TransactionName | undefined): string | undefined {
    if (name === undefined || typeof name === 'string') return name;
    return String(this.#variables.value(name.name) ?? '');
  }

  /** WAITFOR DELAY. Waits in PostgreSQL, so that a cancel reaches it. */
  async wait(delay: Expression): Promise<void> {
    const text = await this.value(delay, { name: 'nvarchar', length: 40 });
    const parts = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?\s*$/.exec(String(text));
    if (parts === null) throw sqlError(148, [String(text)]);
    const [, hours, minutes, seconds = '0'] = parts;
    const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    const main = { text: `SELECT pg_sleep(${total}) IS NULL`, bindings: [], typeIds: [] };
    await this.#only({
      before: [],
      main,
      after: [],
      types: [{ name: 'bit' }],
      assignments: [],
      verb: 'SELECT',
    });
  }

  /** Runs what gives no result to the client, and leaves @@ROWCOUNT alone. */
  async #only(translated: Translated): Promise<SqlValue> {
    const running = executeStatement(translated, this.#context, this.#variables);
    for (;;) {
      const step = await running.next();
      if (step.done) return step.value.last?.[0] ?? null;
    }
  }
}
