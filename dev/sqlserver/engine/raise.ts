import type { SqlMessage, SqlType, SqlValue } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Expression, Statement } from '../parser/syntax.ts';
import type { SessionContext } from './session-context.ts';

type Evaluate = (expression: Expression, type?: SqlType) => Promise<SqlValue>;

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
  evaluate: Evaluate,
): Promise<SqlFault> {
  if (error === undefined) {
    if (context.caught === undefined) throw sqlError(10704, [], line);
    const { fault, line: caughtAt } = context.caught;
    return new SqlFault(fault.number, fault.severity, fault.message, fault.line || caughtAt, fault.state);
  }
  const number = Number(await evaluate(error.number, { name: 'int' }));
  if (number < 50_000) throw sqlError(35100, [number], line);
  const text = String((await evaluate(error.message, { name: 'nvarchar', length: 2048 })) ?? '');
  return new SqlFault(number, 16, text, line, Number(await evaluate(error.state, { name: 'int' })));
}

/** The message of a RAISERROR, with %d, %i, %u, %s, %x and %o filled in. */
export async function raised(
  statement: Extract<Statement, { kind: 'raiserror' }>,
  evaluate: Evaluate,
): Promise<SqlFault> {
  const message = await evaluate(statement.message);
  const severity = Number(await evaluate(statement.severity, { name: 'int' }));
  const state = Number(await evaluate(statement.state, { name: 'int' }));
  const values: SqlValue[] = [];
  for (const argument of statement.arguments) values.push(await evaluate(argument));
  const text = String(message ?? '').replaceAll(/%(?:%|[-+ 0#]*\d*(?:\.\d+)?[diusxXo])/g, (pattern) => {
    if (pattern === '%%') return '%';
    const value = values.shift() ?? null;
    return value === null ? '(null)' : String(value);
  });
  return new SqlFault(50_000, severity, text, statement.line, state);
}
