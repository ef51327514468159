import type { SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { parseBatch } from '../parser/parse-batch.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ExecuteStatement, Expression, VariableDeclaration } from '../parser/syntax.ts';
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
  const asked = new Map<string, SqlValue>();
  for (const [index, { name, value }] of statement.arguments.entries()) {
    const key = name?.toLowerCase() ?? places[index];
    if (key === undefined || !places.includes(key)) throw sqlError(8145, [name ?? '', procedure], line);
    if (value !== undefined) asked.set(key, await batch.value(value));
  }
  const answer = procedure === 'sp_getapplock' ? context.locks.get(asked) : context.locks.release(asked);
  const value = await answer;
  if (result !== undefined) variables.assign(result.name, value);
  context.lastError = 0;
  batch.done(0);
  return 'next';
}

/** sp_executesql @stmt, @params, values: OUTPUT parameters go back to the caller's variables. */
async function executeText({ arguments: given, line }: Execute, batch: BatchRun): Promise<Flow> {
  const texts: string[] = [];
  for (const [index, { name, value }] of given.slice(0, 2).entries()) {
    const isMeant =
      name === undefined || (index === 0 ? /^@(stmt|statement)$/i : /^@(params|parameters)$/i).test(name);
    if (!isMeant || value === undefined) continue;
    if (!isUnicode(value, batch.variables))
      throw sqlError(214, [index === 0 ? '@statement' : '@params'], line);
    texts.push(String((await batch.value(value)) ?? ''));
  }
  const [text, list = ''] = texts;
  if (text === undefined || texts.length < Math.min(given.length, 2))
    throw sqlError(201, ['sp_executesql', text === undefined ? '@statement' : '@params'], line);
  const declared = declarations(list);
  const inner = new Variables();
  for (const { variable, type } of declared) inner.declare(variable, type);
  const missing = new Set(declared);
  const outputs: { from: string; to: string }[] = [];
  for (const [index, { name, value, output }] of given.slice(2).entries()) {
    const isMeant = ({ variable }: VariableDeclaration): boolean =>
      variable.name.toLowerCase() === name?.toLowerCase();
    const parameter = name === undefined ? declared[index] : declared.find(isMeant);
    if (parameter === undefined) throw sqlError(8144, ['sp_executesql'], line);
    if (value === undefined) continue;
    missing.delete(parameter);
    inner.assign(parameter.variable.name, await batch.value(value, parameter.type));
    if (output && value.kind === 'variable') outputs.push({ from: parameter.variable.name, to: value.name });
  }
  for (const { variable } of missing) throw sqlError(8178, [`(${list})${text}`, variable.name], line);
  const flow = await batch.runText(text, inner);
  for (const { from, to } of outputs) batch.variables.assign(to, inner.value(from));
  return flow === 'endOfBatch' ? flow : 'next';
}

/** A literal or a variable, which is all that EXECUTE takes. */
function isUnicode(value: Expression, variables: Variables): boolean {
  if (value.kind === 'variable') return /^n(var)?char$/.test(variables.typeOf(value).name);
  return value.kind === 'literal' && value.type === 'string' && value.unicode;
}

/** The list is that of a DECLARE, but for the word OUTPUT. */
function declarations(list: string): readonly VariableDeclaration[] {
  if (list.trim() === '') return [];
  const { statements } = parseBatch(`DECLARE ${list.replaceAll(/\s(OUTPUT|OUT)\b/gi, '')}`);
  const [declare] = statements;
  if (declare?.kind !== 'declare' || statements.length > 1) throw sqlError(102, [list]);
  if (declare.variables.some(({ value }) => value !== undefined))
    throw notSupported('default values of sp_executesql parameters');
  return declare.variables;
}
