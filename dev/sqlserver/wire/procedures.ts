import type { Parameter, SqlType, SqlValue } from '../contract.ts';
import { messageOf, sqlError } from '../errors.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Answer, Outcome } from './answer.ts';
import type { Argument, Call } from './read-request.ts';
import { returnStatus, returnValue } from './tokens.ts';

interface Statement {
  text: string;
  declared: readonly Declared[];
}

interface Declared {
  name: string;
  output: boolean;
  /** Only of characters or binary: SQL Server cuts the value to it. Otherwise the value's own type counts. */
  type: SqlType | undefined;
}

/** What a call leaves: the number of its error, 0 = none, and its output values with their index among its arguments. */
interface Ending {
  status: number;
  /** Absent = the status is an error's number. */
  failed?: boolean;
  outputs: readonly (readonly [value: Parameter, index: number])[];
}

/** Runs a statement and passes on what it tells. */
type Run = (text: string, parameters: readonly Parameter[], answer: Answer) => Promise<Outcome>;

const MAX_ARGUMENTS = 2_100;
/** For example `@total decimal(12, 2) OUTPUT`. */
const declaration =
  /^\s*(@[\w@#$\u0080-\uffff]+)\s+(\w[\w ]*?)\s*(?:\(\s*(\d+|max)[^)]*\))?\s*(out|output)?\s*$/i;

/** The procedures that drivers call to run and to prepare statements: part of the protocol rather than of anyone's SQL. */
export class Procedures {
  readonly #run: Run;
  readonly #prepared = new Map<unknown, Statement>();
  #lastHandle = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Drops every prepared statement. */
  forget(): void {
    this.#prepared.clear();
  }

  /** Answers one call: what its statement tells, then its status, its output values and its end. */
  async answer(call: Call, answer: Answer): Promise<void> {
    let ending: Ending;
    try {
      if (call.arguments.length > MAX_ARGUMENTS) throw sqlError(8003);
      ending = await this.#perform(call, answer);
    } catch (error) {
      if (!(error instanceof SqlFault)) throw error;
      answer.message(messageOf(error, 1));
      ending = { status: error.number, outputs: [] };
    }
    const { status, failed = status !== 0, outputs } = ending;
    answer.write(returnStatus(status));
    for (const [value, index] of outputs) answer.write(returnValue(value, index));
    answer.hold({ of: 'procedure', failed });
  }

  #perform({ procedure, arguments: values }: Call, answer: Answer): Ending | Promise<Ending> {
    const [first, second, third] = values;
    switch (procedure) {
      case 'sp_executesql':
        return this.#execute(statementOf(procedure, first, second), values, 2, answer);
      case 'sp_prepare':
        return { status: 0, outputs: [this.#prepare(statementOf(procedure, third, second), first)] };
      case 'sp_execute':
        return this.#execute(this.#preparedAs(first), values, 1, answer);
      case 'sp_prepexec': {
        const statement = statementOf(procedure, third, second);
        return this.#execute(statement, values, 3, answer, [this.#prepare(statement, first)]);
      }
      case 'sp_unprepare':
        this.#preparedAs(first);
        this.#prepared.delete(first?.value);
        return { status: 0, outputs: [] };
      default:
        if (procedure.startsWith('sp_cursor')) throw notSupported(procedure);
        if (!/^sp_(get|release)applock$/.test(procedure)) throw sqlError(2812, [procedure]);
        return this.#executeByName(procedure, values, answer);
    }
  }

  /** A procedure of the engine, as EXECUTE calls it. */
  async #executeByName(procedure: string, values: readonly Argument[], answer: Answer): Promise<Ending> {
    const given = values.map(({ type, value }, index): Parameter => {
      return { name: `@a${index}`, type: type ?? { name: 'int' }, value, output: false };
    });
    const list = values.map(({ name }, index) => `${name === '' ? '' : `${name} = `}@a${index}`);
    const status: Parameter = { name: '@status', type: { name: 'int' }, value: null, output: true };
    const text = `EXECUTE @status = ${procedure} ${list.join(', ')}`;
    const { error, outputs } = await this.#run(text, [status, ...given], answer);
    const returned = Number(outputs[0]?.value ?? 0);
    return { status: error === 0 ? returned : error, failed: error !== 0, outputs: [] };
  }

  /** Runs the statement with the call's arguments from index `start` on; its outputs stand behind those `before`. */
  async #execute(
    statement: Statement,
    values: readonly Argument[],
    start: number,
    answer: Answer,
    before: Ending['outputs'] = [],
  ): Promise<Ending> {
    const bound = bind(statement, values.slice(start));
    const { error, outputs } = await this.#run(statement.text, bound, answer);
    const indexOf = ({ name }: Parameter): number =>
      start + bound.findIndex((parameter) => parameter.name === name);
    return {
      status: error,
      outputs: [...before, ...outputs.map((output) => [output, indexOf(output)] as const)],
    };
  }

  #prepare(statement: Statement, handle: Argument | undefined): Ending['outputs'][number] {
    this.#lastHandle += 1;
    this.#prepared.set(this.#lastHandle, statement);
    const name = handle?.name ?? '';
    return [{ name, type: { name: 'int' }, value: this.#lastHandle, output: true }, 0];
  }

  #preparedAs(handle: Argument | undefined): Statement {
    const statement = this.#prepared.get(handle?.value);
    if (statement !== undefined) return statement;
    throw new SqlFault(8179, 16, `Could not find prepared statement with handle ${String(handle?.value)}.`);
  }
}

const MAX_READ = 500;
/** Declarations by their list; they come again and again. */
const read = new Map<string, readonly Declared[]>();

/** A call's statement and the declarations of its parameters. */
function statementOf(
  procedure: string,
  text: Argument | undefined,
  declarations: Argument | undefined,
): Statement {
  if (typeof text?.value !== 'string') throw sqlError(201, [procedure, '@statement']);
  const list = typeof declarations?.value === 'string' ? declarations.value.trim() : '';
  return { text: text.value, declared: list === '' ? [] : readDeclarations(list) };
}

function readDeclarations(list: string): readonly Declared[] {
  const known = read.get(list);
  if (known !== undefined) return known;
  const declared = list.split(/,(?![^(]*\))/).map(readDeclaration);
  if (read.size >= MAX_READ) read.clear();
  read.set(list, declared);
  return declared;
}

function readDeclaration(text: string): Declared {
  const [, name, type = '', length = '1', output] = declaration.exec(text) ?? [];
  if (name === undefined) throw notSupported(`the parameter declaration '${text.trim()}'`);
  return { name, output: output !== undefined, type: lengthyType(type.toLowerCase(), length.toLowerCase()) };
}

function lengthyType(name: string, length: string): SqlType | undefined {
  if (name === 'varchar' || name === 'nvarchar' || name === 'varbinary')
    return { name, length: length === 'max' ? length : Number(length) };
  if (length === 'max' || (name !== 'char' && name !== 'nchar' && name !== 'binary')) return undefined;
  return { name, length: Number(length) };
}

const isNamed =
  (name: string) =>
  (declared: Declared): boolean =>
    declared.name.toLowerCase() === name.toLowerCase();

/** Characters can be declared for characters, and binary for binary. */
const kindOf = ({ name }: SqlType): string => name.replace(/^n?(var)?(?=char|binary)/, '');

/**
 * Matches values with declared parameters: by name, or by position where they have none. Throws 8144 for a value too many
 * and 8178 for one too few.
 */
function bind({ text, declared }: Statement, values: readonly Argument[]): readonly Parameter[] {
  const missing = new Set(declared);
  const bound = values.map(({ name, type: given, value, output }, index): Parameter => {
    const next = declared[index];
    const parameter = name === '' || name === next?.name ? next : declared.find(isNamed(name));
    if (parameter === undefined || !missing.delete(parameter)) throw sqlError(8144, ['sp_executesql']);
    const wanted = parameter.type ?? given ?? { name: 'nvarchar', length: 1 };
    const isKept = given === undefined || given.name === wanted.name || kindOf(given) === kindOf(wanted);
    const type = isKept ? wanted : given;
    const kept = 'length' in type && type.length !== 'max' ? cut(value, type.length) : value;
    return { name: parameter.name, type, value: kept, output: output && parameter.output };
  });
  const [first] = missing;
  if (first === undefined) return bound;
  throw sqlError(8178, [`(${declared.map(({ name }) => name).join(',')})${text}`, first.name]);
}

function cut(value: SqlValue, length: number): SqlValue {
  if (Buffer.isBuffer(value)) return value.subarray(0, length);
  return typeof value === 'string' ? value.slice(0, length) : value;
}
