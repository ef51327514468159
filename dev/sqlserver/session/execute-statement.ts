import type { RequestEvent, SqlValue } from '../contract.ts';
import { fromStored, toStored } from '../types/stored-values.ts';
import type { PgFault, PgRow, Step } from './flight.ts';
import { mapFault } from './map-fault.ts';
import type { SessionContext } from './session-context.ts';
import type { Translated } from '../translation/translated.ts';
import type { BoundStatement } from '../translation/translation.ts';
import type { Variables } from './variables.ts';

/** PostgreSQL ends a transaction at the first error, SQL Server does not: each statement stands behind a savepoint. */
const SAVEPOINT = { text: 'SAVEPOINT statement', name: 'begin_statement' };
const RELEASE = { text: 'RELEASE SAVEPOINT statement', name: 'end_statement' };

/** A prepared statement's name, once its text has been met often enough to be worth keeping. */
const names = new WeakMap<BoundStatement, { uses: number; name: string }>();
let lastName = 0;

export interface Outcome {
  rowCount: number;
  /** The last row, for variables. */
  last: readonly SqlValue[] | undefined;
}

/** Raised when the client has taken its request back: nobody is told anything more. */
export class Cancelled extends Error {}

/**
 * Runs a translated statement. Its columns and rows are events; what is left of it is the return value. A fault is thrown
 * as SqlFault, with the transaction as it was before the statement.
 */
export async function* executeStatement(
  translated: Translated,
  context: SessionContext,
  variables: Variables,
): AsyncGenerator<RequestEvent, Outcome> {
  const { connection } = context;
  const bind = (statement: BoundStatement): Step => stepOf(statement, context, variables);
  const isInTransaction = context.transaction.count > 0;
  const before = [...(isInTransaction ? [SAVEPOINT] : []), ...translated.before.map(bind)];
  const after = [...translated.after.map(bind), ...(isInTransaction ? [RELEASE] : [])];
  const main = { ...bind(translated.main), ...nameOf(translated.main) };
  const steps = [...before, main, ...after];
  if (translated.columns !== undefined) yield { kind: 'columns', columns: translated.columns };
  const flight = connection.send(steps, before.length);
  let last: PgRow | undefined;
  for (let rows = await flight.nextRows(); rows !== undefined; rows = await flight.nextRows()) {
    last = rows.at(-1);
    if (translated.columns !== undefined)
      for (const row of rows) yield { kind: 'row', values: valuesOf(row, translated) };
  }
  const end = await connection.finish(flight, steps);
  if (end.kind === 'failed') throw await failed(end.fault, translated, context);
  return {
    rowCount: end.rowCount,
    last: last?.map((text, index) => fromStored(typeAt(translated, index), text)),
  };
}

/** Runs definitions and other statements without parameters and results, all or none of them. */
export async function executeScript(
  texts: readonly string[],
  context: SessionContext,
  about: { verb: string; target: string | undefined },
): Promise<void> {
  const isInTransaction = context.transaction.count > 0;
  const steps: Step[] = texts.map((text) => ({ text }));
  const all = isInTransaction ? [SAVEPOINT, ...steps, RELEASE] : steps;
  const flight = context.connection.send(all, -1);
  const end = await context.connection.finish(flight, all);
  if (end.kind === 'failed') throw await failed(end.fault, about, context);
}

function stepOf(statement: BoundStatement, context: SessionContext, variables: Variables): Step {
  const values = statement.bindings.map((binding) => {
    const value = binding.kind === 'variable' ? variables.value(binding.name) : context.value(binding.name);
    return toStored(binding.type, value);
  });
  return { text: statement.text, values, types: statement.typeIds };
}

function nameOf(statement: BoundStatement): { name?: string } {
  const known = names.get(statement);
  if (known === undefined) {
    names.set(statement, { uses: 1, name: `t${(lastName += 1)}` });
    return {};
  }
  known.uses += 1;
  return known.uses > 2 ? { name: known.name } : {};
}

function valuesOf(row: PgRow, translated: Translated): SqlValue[] {
  const { columns = [] } = translated;
  return columns.map(({ type }, index) => fromStored(type, row[index] ?? null));
}

function typeAt({ types }: Translated, index: number) {
  const type = types[index];
  if (type === undefined) throw new RangeError(`PostgreSQL sent column ${index + 1} of ${types.length}`);
  return type;
}

async function failed(
  fault: PgFault,
  { verb, target }: { verb: string; target?: string | undefined },
  context: SessionContext,
): Promise<Error> {
  if (context.transaction.count > 0) {
    await context.query('ROLLBACK TO SAVEPOINT statement');
    await context.query('RELEASE SAVEPOINT statement');
  }
  if (fault.code === '57014') return new Cancelled();
  const isSnapshot = context.transaction.isolation === 'snapshot';
  const about = { verb, target, database: context.database.name, processId: context.processId, isSnapshot };
  return mapFault(fault, about, context.query);
}
