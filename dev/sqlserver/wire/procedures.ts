import type { Parameter, RequestEvent } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Answer } from './answer.ts';
import { bindArguments } from './bind-arguments.ts';
import type { BoundParameter } from './bind-arguments.ts';
import type { Argument, Call } from './command.ts';
import { readDeclarations } from './declared-parameters.ts';
import type { DeclaredParameter } from './declared-parameters.ts';
import { returnStatus, returnValue } from './tokens.ts';

interface Statement {
  text: string;
  declared: readonly DeclaredParameter[];
}

/** What a call leaves: the number of its error, 0 = none, and its output values. */
interface Ending {
  status: number;
  outputs: readonly BoundParameter[];
}

/** Runs a statement's text with its parameters. */
export type RunStatement = (text: string, parameters: readonly Parameter[]) => AsyncIterable<RequestEvent>;

const MAX_ARGUMENTS = 2_100;

/** The procedures that drivers call to run and to prepare statements: part of the protocol rather than of anyone's SQL. */
export class Procedures {
  readonly #run: RunStatement;
  readonly #prepared = new Map<number, Statement>();
  #lastHandle = 0;

  constructor(run: RunStatement) {
    this.#run = run;
  }

  /** Drops every prepared statement. */
  forget(): void {
    this.#prepared.clear();
  }

  /** Answers one call: what its statement tells, then its status, its output values and its end. */
  async answer(call: Call, answer: Answer): Promise<void> {
    const { status, outputs } = await this.#attempt(call, answer);
    await answer.write(returnStatus(status));
    for (const output of outputs) await answer.write(returnValue(output, output.ordinal));
    await answer.hold({ of: 'procedure', failed: status !== 0 });
  }

  async #attempt(call: Call, answer: Answer): Promise<Ending> {
    try {
      if (call.arguments.length > MAX_ARGUMENTS) throw sqlError(8003);
      return await this.#perform(call, answer);
    } catch (error) {
      if (!(error instanceof SqlFault)) throw error;
      await answer.message(messageOf(error, 1));
      return { status: error.number, outputs: [] };
    }
  }

  #perform({ procedure, arguments: values }: Call, answer: Answer): Promise<Ending> | Ending {
    switch (procedure) {
      case 'sp_executesql':
        return this.#execute(statementOf(procedure, values[0], values[1]), values, 2, answer);
      case 'sp_prepare':
        return {
          status: 0,
          outputs: [this.#prepare(statementOf(procedure, values[2], values[1]), values[0])],
        };
      case 'sp_execute':
        return this.#execute(this.#preparedAs(values[0]), values, 1, answer);
      case 'sp_prepexec':
        return this.#prepareAndExecute(values, answer);
      case 'sp_unprepare':
        this.#preparedAs(values[0]);
        this.#prepared.delete(Number(values[0]?.value));
        return { status: 0, outputs: [] };
      default:
        if (procedure.startsWith('sp_cursor')) throw notSupported(`cursors (${procedure})`);
        throw sqlError(2812, [procedure]);
    }
  }

  /** Runs the statement with the call's arguments from index `first` on. */
  async #execute(
    statement: Statement,
    values: readonly Argument[],
    first: number,
    answer: Answer,
  ): Promise<Ending> {
    const bound = bindArguments(statement, values.slice(first), first);
    const { error, outputs } = await answer.relay(this.#run(statement.text, bound), 'inProcedure');
    const ordinals = new Map(bound.map(({ name, ordinal }) => [name.toLowerCase(), ordinal]));
    return {
      status: error,
      outputs: outputs.map((output) => ({
        ...output,
        ordinal: ordinals.get(output.name.toLowerCase()) ?? 0,
      })),
    };
  }

  #prepare(statement: Statement, handle: Argument | undefined): BoundParameter {
    this.#lastHandle += 1;
    this.#prepared.set(this.#lastHandle, statement);
    return {
      name: handle?.name ?? '',
      type: { name: 'int' },
      value: this.#lastHandle,
      output: true,
      ordinal: 0,
    };
  }

  async #prepareAndExecute(values: readonly Argument[], answer: Answer): Promise<Ending> {
    const statement = statementOf('sp_prepexec', values[2], values[1]);
    const handle = this.#prepare(statement, values[0]);
    const { status, outputs } = await this.#execute(statement, values, 3, answer);
    return { status, outputs: [handle, ...outputs] };
  }

  #preparedAs(handle: Argument | undefined): Statement {
    const statement = this.#prepared.get(Number(handle?.value));
    if (statement !== undefined) return statement;
    throw new SqlFault(8179, 16, `Could not find prepared statement with handle ${String(handle?.value)}.`);
  }
}

function statementOf(
  procedure: string,
  text: Argument | undefined,
  declarations: Argument | undefined,
): Statement {
  if (typeof text?.value !== 'string') throw sqlError(201, [procedure, '@statement']);
  const declared = readDeclarations(typeof declarations?.value === 'string' ? declarations.value : '');
  if (declared === undefined)
    throw notSupported(`the parameter declarations '${String(declarations?.value)}'`);
  return { text: text.value, declared };
}
