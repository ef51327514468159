import type { Parameter, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { parseVariableName } from '../parser/parse-control.ts';
import { parseDataType } from '../parser/parse-data-type.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ExecuteArgument, ExecuteStatement } from '../parser/syntax.ts';
import { TokenStream } from '../parser/token-stream.ts';
import type { BatchRun, Flow } from './run-batch.ts';
import { Variables } from './variables.ts';

type Execute = ExecuteStatement & { line: number };

const lockParameters: Readonly<Record<string, readonly string[]>> = {
  sp_getapplock: ['@resource', '@lockmode', '@lockowner', '@locktimeout', '@dbprincipal'],
  sp_releaseapplock: ['@resource', '@lockowner', '@dbprincipal'],
};

/** EXEC of the few system procedures that there are. */
export async function callProcedure(statement: Execute, batch: BatchRun): Promise<Flow> {
  const { context, variables } = batch;
  const { result, line } = statement;
  const procedure = statement.procedure.name.toLowerCase();
  if (procedure === 'sp_executesql') {
    const flow = await executeText(statement, batch);
    if (result !== undefined) variables.assign(result.name, context.lastError);
    return flow;
  }
  const places = lockParameters[procedure];
  if (places === undefined) throw sqlError(2812, [statement.procedure.name], line);
  const asked = await namedArguments(statement, places, batch);
  const granted = procedure === 'sp_getapplock' ? context.locks.get(asked) : context.locks.release(asked);
  const value = await granted;
  if (result !== undefined) variables.assign(result.name, value);
  context.lastError = 0;
  batch.done(0);
  return 'next';
}

async function namedArguments(
  { arguments: given, procedure, line }: Execute,
  places: readonly string[],
  batch: BatchRun,
): Promise<ReadonlyMap<string, SqlValue>> {
  const found = new Map<string, SqlValue>();
  for (const [index, { name, value }] of given.entries()) {
    const key = name?.toLowerCase() ?? places[index];
    if (key === undefined || !places.includes(key)) throw sqlError(8145, [name ?? '', procedure.name], line);
    if (value !== undefined) found.set(key, await batch.value(value));
  }
  return found;
}

/** sp_executesql: OUTPUT parameters go back to the caller's variables. */
async function executeText({ arguments: given, line }: Execute, batch: BatchRun): Promise<Flow> {
  const [text, declarations, ...rest] = inOrder(given);
  if (text?.value === undefined) throw sqlError(201, ['sp_executesql', '@statement'], line);
  const textOf = async ({ value }: ExecuteArgument): Promise<string> =>
    String((value && (await batch.value(value))) ?? '');
  const query = await textOf(text);
  const list = declarations === undefined ? '' : await textOf(declarations);
  const declared = readDeclarations(list);
  const inner = new Variables(declared);
  const missing = new Set(declared.map(({ name }) => name));
  const outputs: { from: string; to: string }[] = [];
  for (const [index, { name, value, output }] of rest.entries()) {
    const parameter =
      name === undefined
        ? declared[index]
        : declared.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (parameter === undefined) throw sqlError(8144, ['sp_executesql'], line);
    if (value === undefined) continue;
    missing.delete(parameter.name);
    inner.assign(parameter.name, await batch.value(value, parameter.type));
    if (output && value.kind === 'variable') outputs.push({ from: parameter.name, to: value.name });
  }
  for (const name of missing) throw sqlError(8178, [`(${list})${query}`, name], line);
  const flow = await batch.runText(query, inner);
  for (const { from, to } of outputs) batch.variables.assign(to, inner.value(from));
  return flow === 'endOfBatch' ? flow : 'next';
}

/** @stmt and @params may be named; they come first. */
function inOrder(given: readonly ExecuteArgument[]): readonly ExecuteArgument[] {
  const named = (pattern: RegExp): ExecuteArgument | undefined =>
    given.find(({ name }) => name !== undefined && pattern.test(name));
  const text = named(/^@(stmt|statement)$/i) ?? given[0];
  const declarations = named(/^@(params|parameters)$/i) ?? given.find((argument) => argument !== text);
  const rest = given.filter((argument) => argument !== text && argument !== declarations);
  return [text, declarations, ...rest].filter((argument) => argument !== undefined);
}

function readDeclarations(text: string): Pick<Parameter, 'name' | 'type' | 'value'>[] {
  if (text.trim() === '') return [];
  const tokens = new TokenStream(text);
  const declared = tokens.list(() => {
    const { name } = parseVariableName(tokens);
    tokens.accept('AS');
    const type = parseDataType(tokens, 'definition');
    if (tokens.accept('=')) throw notSupported('default values of sp_executesql parameters');
    tokens.acceptOneOf('OUTPUT', 'OUT');
    return { name, type, value: null };
  });
  if (!tokens.seesKind('end')) tokens.fail();
  return declared;
}
