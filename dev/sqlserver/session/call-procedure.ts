import type { SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { notSupported } from '../parser/sql-fault.ts';
import { parseBatch } from '../parser/parse-batch.ts';
import { parseDataType } from '../parser/parse-data-type.ts';
import { parseVariableName } from '../parser/parse-control.ts';
import { TokenStream } from '../parser/token-stream.ts';
import type { ExecuteArgument, Statement } from '../parser/syntax.ts';
import { getApplicationLock, releaseApplicationLock } from './application-locks.ts';
import type { Evaluation } from './evaluation.ts';
import type { Run } from './run-batch.ts';
import type { SessionContext } from './session-context.ts';
import { Variables } from './variables.ts';

type Execute = Extract<Statement, { kind: 'execute' }>;

/** What the calling batch lends to a procedure. */
export interface Caller {
  evaluation: Evaluation;
  runText(statements: readonly Statement[], variables: Variables): Run;
}

/** EXEC of the few system procedures that there are. */
export async function* callProcedure(
  statement: Execute,
  context: SessionContext,
  variables: Variables,
  caller: Caller,
): Run {
  const name = statement.procedure.name.toLowerCase();
  switch (name) {
    case 'sp_executesql':
      return yield* executeText(statement, variables, caller);
    case 'sp_getapplock':
    case 'sp_releaseapplock': {
      const asked = await namedArguments(statement, caller);
      const result =
        name === 'sp_getapplock'
          ? await getApplicationLock(asked, context)
          : await releaseApplicationLock(asked, context);
      if (statement.result !== undefined) variables.assign(statement.result.name, result);
      yield { kind: 'done', failed: false, isSelect: false };
      return 'next';
    }
    default:
      throw sqlError(2812, [statement.procedure.name], statement.line);
  }
}

const lockParameters = ['@resource', '@lockmode', '@lockowner', '@locktimeout', '@dbprincipal'];

async function namedArguments(statement: Execute, caller: Caller): Promise<ReadonlyMap<string, SqlValue>> {
  const isRelease = statement.procedure.name.toLowerCase() === 'sp_releaseapplock';
  const places = isRelease ? ['@resource', '@lockowner', '@dbprincipal'] : lockParameters;
  const found = new Map<string, SqlValue>();
  for (const [index, { name, value }] of statement.arguments.entries()) {
    const key = name?.toLowerCase() ?? places[index];
    if (key === undefined || !places.includes(key))
      throw sqlError(8145, [name ?? '', statement.procedure.name], statement.line);
    if (value !== undefined) found.set(key, await caller.evaluation.value(value));
  }
  return found;
}

/** sp_executesql: a batch of its own, with its own variables; OUTPUT parameters go back to the caller's. */
async function* executeText(statement: Execute, variables: Variables, caller: Caller): Run {
  const [text, declarations, ...rest] = inOrder(statement.arguments);
  if (text?.value === undefined) throw sqlError(201, ['sp_executesql', '@statement'], statement.line);
  const inner = new Variables();
  const outputs: { inner: string; outer: string }[] = [];
  const declared =
    declarations?.value === undefined
      ? []
      : readDeclarations(String((await caller.evaluation.value(declarations.value)) ?? ''));
  for (const { name, type } of declared) inner.declare(name, type);
  for (const [index, { name, value, output }] of rest.entries()) {
    const parameter =
      declared.find((candidate) => candidate.name.toLowerCase() === name?.toLowerCase()) ??
      (name === undefined ? declared[index] : undefined);
    if (parameter === undefined) throw sqlError(8144, ['sp_executesql'], statement.line);
    if (value === undefined) continue;
    inner.assign(parameter.name, await caller.evaluation.value(value, parameter.type));
    if (output && value.kind === 'variable') outputs.push({ inner: parameter.name, outer: value.name });
  }
  const { statements } = parseBatch(String((await caller.evaluation.value(text.value)) ?? ''));
  const flow = yield* caller.runText(statements, inner);
  for (const output of outputs) variables.assign(output.outer, inner.value(output.inner));
  return flow === 'abort' ? 'abort' : 'next';
}

/** @stmt and @params may be named; they come first. */
function inOrder(given: readonly ExecuteArgument[]): readonly ExecuteArgument[] {
  const named = (...names: string[]) =>
    given.find(({ name }) => name !== undefined && names.includes(name.toLowerCase()));
  const statement = named('@stmt', '@statement') ?? given[0];
  const parameters = named('@params', '@parameters') ?? given.find((argument) => argument !== statement);
  const first = [statement, parameters].filter((argument) => argument !== undefined);
  return [...first, ...given.filter((argument) => !first.includes(argument))];
}

function readDeclarations(text: string): { name: string; type: SqlType }[] {
  if (text.trim() === '') return [];
  const tokens = new TokenStream(text);
  const declared = tokens.list(() => {
    const { name } = parseVariableName(tokens);
    tokens.accept('AS');
    const type = parseDataType(tokens, 'definition');
    if (tokens.accept('=')) throw notSupported('default values of sp_executesql parameters');
    tokens.acceptOneOf('OUTPUT', 'OUT');
    return { name, type };
  });
  if (!tokens.seesKind('end')) tokens.fail();
  return declared;
}
