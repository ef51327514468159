import type { RequestEvent } from '../contract.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { ColumnDefinition, SelectStatement, Statement } from '../parser/syntax.ts';
import { translateData } from './compile.ts';
import { Evaluation } from '../session/evaluation.ts';
import { executeDefinition } from '../catalogue/execute-definition.ts';
import type { SessionContext } from '../session/session-context.ts';
import type { Variables } from '../session/variables.ts';

/** SELECT … INTO: makes a table of the result's columns and fills it, both or neither. */
export async function* selectInto(
  statement: SelectStatement & { line: number },
  context: SessionContext,
  variables: Variables,
): AsyncGenerator<RequestEvent> {
  const { query, line } = statement;
  const { body } = query;
  if (body.kind !== 'select' || body.into === undefined) return;
  const { into: table, ...rest } = body;
  const select: SelectStatement & { line: number } = { ...statement, query: { ...query, body: rest } };
  const { columns = [] } = translateData(select, await context.environment(variables.types));
  const elements = columns.map(({ name, type, nullable, identity }): ColumnDefinition => {
    if (identity) throw notSupported(`SELECT INTO with the identity column ${name}`, line);
    return { kind: 'column', name, type, nullable, rowGuid: false, constraints: [], line };
  });
  const { transaction, query: run } = context;
  const isInTransaction = transaction.count > 0;
  await run(isInTransaction ? 'SAVEPOINT select_into' : 'BEGIN');
  const insert: Statement = {
    kind: 'insert',
    line,
    with: select.with,
    target: { kind: 'table', table, hints: [] },
    columns: columns.map(({ name }) => name),
    source: { kind: 'query', query: select.query },
  };
  try {
    await executeDefinition({ kind: 'createTable', table, elements, line }, context, variables);
    yield* new Evaluation(context, variables).data(insert);
    await run(isInTransaction ? 'RELEASE SAVEPOINT select_into' : 'COMMIT');
  } catch (error) {
    await run(isInTransaction ? 'ROLLBACK TO SAVEPOINT select_into' : 'ROLLBACK');
    await context.rolledBackPartly();
    throw error;
  }
}
