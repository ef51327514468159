import type { SqlMessage, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Statement } from '../parser/syntax.ts';
import type { Evaluation } from './evaluation.ts';
import type { SessionContext } from './session-context.ts';

export const informational = (number: number, message: string, line: number): SqlMessage => ({
  number,
  severity: 0,
  state: 1,
  message,
  line,
});

/** The fault of a THROW; without arguments the one that the CATCH block is about. */
export async function thrown(
  { error, line }: Extract<Statement, { kind: 'throw' }>,
  context: SessionContext,
  evaluation: Evaluation,
): Promise<SqlFault> {
  if (error === undefined) {
    if (context.caught === undefined) throw sqlError(10704, [], line);
    const { fault, line: caughtAt } = context.caught;
    return new SqlFault(fault.number, fault.severity, fault.message, fault.line || caughtAt, fault.state);
  }
  const number = Number(await evaluation.value(error.number, { name: 'int' }));
  if (number < 50_000) throw sqlError(35100, [number], line);
  const text = String((await evaluation.value(error.message, { name: 'nvarchar', length: 2048 })) ?? '');
  return new SqlFault(number, 16, text, line, Number(await evaluation.value(error.state, { name: 'int' })));
}

/** The message of a RAISERROR, with %d, %i, %u, %s, %x and %o filled in. */
export async function raised(
  statement: Extract<Statement, { kind: 'raiserror' }>,
  evaluation: Evaluation,
): Promise<SqlFault> {
  const message = await evaluation.value(statement.message);
  const severity = Number(await evaluation.value(statement.severity, { name: 'int' }));
  const state = Number(await evaluation.value(statement.state, { name: 'int' }));
  const values: SqlValue[] = [];
  for (const argument of statement.arguments) values.push(await evaluation.value(argument));
  const text = String(message ?? '').replaceAll(/%(?:%|[-+ 0#]*\d*(?:\.\d+)?[diusxXo])/g, (pattern) => {
    if (pattern === '%%') return '%';
    const value = values.shift() ?? null;
    return value === null ? '(null)' : String(value);
  });
  return new SqlFault(50_000, severity, text, statement.line, state);
}
