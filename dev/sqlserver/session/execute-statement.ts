import { DatabaseError } from 'pg';
import type { SqlType, SqlValue } from '../contract.ts';
import type { BoundStatement, Translated } from '../translation/translation.ts';
import { fromStored, toStored } from '../types/stored-values.ts';
import type { PgRow, Step } from './flight.ts';
import { mapFault } from './map-fault.ts';
import type { FailedStatement } from './map-fault.ts';
import { Cancelled } from './running-request.ts';
import type { SessionContext } from './session-context.ts';
import { sessionValues } from './session-values.ts';
import type { Variables } from './variables.ts';

/** PostgreSQL ends a transaction at the first error, SQL Server does not: each statement stands behind a savepoint. */
const SAVEPOINT: Step = { text: 'SAVEPOINT statement', name: 'begin_statement' };
const RELEASE: Step = { text: 'RELEASE SAVEPOINT statement', name: 'end_statement' };
const ROLLBACK: Step = { text: 'ROLLBACK TO SAVEPOINT statement', name: 'undo_statement' };

/** A prepared statement's name, once its text has been met often enough to be worth keeping. */
const names = new WeakMap<BoundStatement, { uses: number; name: string }>();
let lastName = 0;

/** Sends the steps at once, all or none of them, and says how many rows `main` touched; a fault leaves the transaction as it was. */
export async function sendSteps(
  steps: readonly Step[],
  main: number,
  context: SessionContext,
  take?: (rows: readonly PgRow[]) => void | Promise<void>,
): Promise<number> {
  const { connection, transaction } = context;
  const isInTransaction = transaction.count > 0;
  const flight = isInTransaction
    ? connection.send([SAVEPOINT, ...steps, RELEASE], main + 1)
    : connection.send(steps, main);
  try {
    for (let rows = await flight.nextRows(); rows !== undefined; rows = await flight.nextRows())
      await take?.(rows);
    return await flight.end();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (isInTransaction) await connection.send([ROLLBACK, RELEASE], 0).end();
    // A setting that was sent ahead has been undone with the flight.
    else context.setLockTimeout(context.settings.lockTimeout);
    throw error.code === '57014' ? new Cancelled() : error;
  }
}

/** Runs a translated statement and tells its columns and rows. Throws SqlFault, with the transaction as it was before. */
export async function executeStatement(
  translated: Translated,
  context: SessionContext,
  variables: Variables,
): Promise<{ rowCount: number; last: readonly SqlValue[] | undefined }> {
  const { before, main, columns, types } = translated;
  const bind = ({ text, bindings, typeIds }: BoundStatement): Step => ({
    text,
    types: typeIds,
    values: bindings.map((binding) =>
      toStored(
        binding.type,
        binding.kind === 'variable' ? variables.value(binding.name) : sessionValues[binding.name].of(context),
      ),
    ),
  });
  if (columns !== undefined) context.tell({ kind: 'columns', columns });
  let last: PgRow | undefined;
  const take = (rows: readonly PgRow[]): Promise<void> | void => {
    last = rows.at(-1);
    if (columns === undefined) return;
    for (const row of rows) {
      const values = columns.map(({ type }, index) => fromStored(type, row[index] ?? null));
      context.tell({ kind: 'row', values });
    }
    return context.room();
  };
  const steps = [
    ...before.map(bind),
    { ...bind(main), ...nameOf(main) },
    ...('after' in translated ? (translated.after as BoundStatement[]).map(bind) : []),
  ];
  try {
    const rowCount = await sendSteps(steps, before.length, context, take);
    return { rowCount, last: last?.map((text, index) => fromStored(typeAt(types, index), text)) };
  } catch (error) {
    throw await asFault(error, translated, context);
  }
}

/** Runs definitions and other statements without parameters and results, all or none of them. */
export async function executeScript(
  texts: readonly string[],
  context: SessionContext,
  about: FailedStatement,
): Promise<void> {
  try {
    await sendSteps(
      texts.map((text) => ({ text })),
      0,
      context,
    );
  } catch (error) {
    throw await asFault(error, about, context);
  }
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

function typeAt(types: readonly SqlType[], index: number): SqlType {
  const type = types[index];
  if (type === undefined) throw new RangeError(`PostgreSQL sent column ${index + 1} of ${types.length}`);
  return type;
}

const asFault = async (error: unknown, about: FailedStatement, context: SessionContext): Promise<unknown> =>
  error instanceof DatabaseError ? mapFault(error, about, context) : error;
