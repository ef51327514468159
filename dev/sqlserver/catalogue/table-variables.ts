import type { Statement } from '../parser/syntax.ts';
import { quoteName } from './catalogue.ts';
import { executeScript } from '../session/execute-statement.ts';
import type { SessionContext } from '../session/session-context.ts';
import { createTable } from './translate-table.ts';

/** DECLARE @t TABLE: a temporary table that ends with its batch. Gives its name. */
export async function declareTable(
  { variable, elements, line }: Extract<Statement, { kind: 'declareTable' }>,
  context: SessionContext,
): Promise<string> {
  const environment = await context.environment(new Map());
  const texts = createTable(
    { kind: 'createTable', table: { name: variable.name }, elements, line },
    environment,
  );
  await executeScript(texts, context, { verb: 'CREATE TABLE', target: variable.name });
  await context.defined('temporary');
  return variable.name;
}

export async function dropTableVariables(names: readonly string[], context: SessionContext): Promise<void> {
  if (names.length === 0) return;
  const texts = names.map((name) => `DROP TABLE IF EXISTS pg_temp.${quoteName(name)}`);
  await executeScript(texts, context, { verb: 'DROP TABLE', target: undefined });
  await context.defined('temporary');
}
