import { DatabaseError } from 'pg';
import type { SqlValue } from '../contract.ts';
import type { BoundStatement, Translated } from '../translation/translation.ts';
import { fromStored, toStored } from '../types/stored-values.ts';
import { Cancelled } from './flight.ts';
import type { PgRow, Step } from './flight.ts';
import { mapFault } from './map-fault.ts';
import type { FailedStatement } from './map-fault.ts';
import type { SessionContext } from './session-context.ts';
import { sessionValues } from './session-values.ts';
import type { Variables } from './variables.ts';

/** PostgreSQL ends a transaction at the first error, SQL Server does not: each statement stands behind a savepoint. */
const SAVEPOINT: Step = { text: 'SAVEPOINT statement', key: 'savepoint' };
const RELEASE: Step = { text: 'RELEASE SAVEPOINT statement', key: 'release' };
const ROLLBACK: Step = { text: 'ROLLBACK TO SAVEPOINT statement', key: 'undo' };

/** How often a statement was met, and the key under which it is then worth being kept prepared. */
const met = new WeakMap<BoundStatement, { uses: number; key: string }>();
let lastKey = 0;

/** Sends the steps at once, all or none of them, and says how many rows `main` touched; a fault leaves the transaction as it was. */
export async function sendSteps(
  steps: readonly Step[],
  main: number,
  context: SessionContext,
  take?: (rows: readonly PgRow[]) => void | Promise<void>,
): Promise<number> {
  const { connection, transaction } = context;
  const isInTransaction = transaction.count > 0;
  const all = isInTransaction ? [SAVEPOINT, ...steps, RELEASE] : steps;
  try {
    return await connection.send(all, isInTransaction ? main + 1 : main).end(take);
  } catch (error) {
    if (!(error instanceof DatabaseError || error instanceof Cancelled)) throw error;
    if (isInTransaction) await connection.send([ROLLBACK, RELEASE], 0).end();
    // A setting that was sent ahead has been undone with the flight.
    else context.setLockTimeout(context.settings.lockTimeout);
    throw error;
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
    values: bindings.map(({ kind, name, type }) =>
      toStored(type, kind === 'variable' ? variables.value(name) : sessionValues[name].of(context)),
    ),
  });
  if (columns !== undefined) context.tell({ kind: 'columns', columns });
  let last: PgRow | undefined;
  const take = (rows: readonly PgRow[]): Promise<void> | void => {
    last = rows.at(-1);
    if (columns === undefined || context.request?.isCancelled) return;
    for (const row of rows) {
      const values = columns.map(({ type }, index) => fromStored(type, row[index] ?? null));
      context.tell({ kind: 'row', values });
    }
    return context.room();
  };
  const steps = [...before.map(bind), { ...bind(main), key: keyOf(main) }];
  try {
    const rowCount = await sendSteps(steps, before.length, context, take);
    return { rowCount, last: last && types.map((type, index) => fromStored(type, last?.[index] ?? null)) };
  } catch (error) {
    throw await inWords(error, translated, context);
  }
}

/** Runs definitions and other statements without parameters and results, all or none of them. */
export async function executeScript(
  texts: readonly string[],
  context: SessionContext,
  about: FailedStatement,
): Promise<void> {
  const steps = texts.map((text) => ({ text }));
  try {
    await sendSteps(steps, 0, context);
  } catch (error) {
    throw await inWords(error, about, context);
  }
}

/** A fault of PostgreSQL's in SQL Server's words. */
async function inWords(error: unknown, about: FailedStatement, context: SessionContext): Promise<unknown> {
  return error instanceof DatabaseError ? await mapFault(error, about, context) : error;
}

function keyOf(statement: BoundStatement): string | undefined {
  const known = met.get(statement);
  if (known === undefined) met.set(statement, { uses: 1, key: `t${(lastKey += 1)}` });
  else known.uses += 1;
  return known !== undefined && known.uses > 2 ? known.key : undefined;
}
