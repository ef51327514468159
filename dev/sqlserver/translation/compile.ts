import { convertTo } from '../types/convert.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Condition, Expression, Statement } from '../parser/syntax.ts';
import { ClauseScope } from './scope.ts';
import type { SessionContext } from '../session/session-context.ts';
import { finished } from './translated.ts';
import type { Translated } from './translated.ts';
import { translateInsert } from './translate-insert.ts';
import { translateSelectStatement } from './translate-select.ts';
import { translateDelete, translateUpdate } from './translate-update.ts';
import { Translation } from './translation.ts';
import type { Environment } from './translation.ts';
import type { Variables } from '../session/variables.ts';

export type DataStatement = Extract<Statement, { kind: 'select' | 'insert' | 'update' | 'delete' }>;

export function isDataStatement(statement: Statement): statement is DataStatement {
  return ['select', 'insert', 'update', 'delete'].includes(statement.kind);
}

export function translateData(statement: DataStatement, environment: Environment): Translated {
  switch (statement.kind) {
    case 'select':
      return translateSelectStatement(statement, environment);
    case 'insert':
      return translateInsert(statement, environment);
    case 'update':
      return translateUpdate(statement, environment);
    case 'delete':
      return translateDelete(statement, environment);
  }
}

/** A value outside a query, as a SELECT of one row and one column; in its own type unless one is wanted. */
export function translateValue(
  expression: Expression,
  environment: Environment,
  wanted?: SqlType,
): Translated {
  const translation = new Translation(environment);
  const value = translateExpression(expression, new ClauseScope(translation, []));
  const whole = wanted === undefined ? value : convertTo(value, wanted, 'implicit');
  const text = `SELECT ${whole.untypedNull ? 'NULL::integer' : whole.sql}`;
  return finished(translation, text, { types: [whole.type], assignments: [], verb: 'SELECT' });
}

/** A condition as a SELECT of one BIT; NULL where it is unknown. */
export function translateTest(condition: Condition, environment: Environment): Translated {
  const translation = new Translation(environment);
  const text = `SELECT ${translateCondition(condition, new ClauseScope(translation, []))}`;
  return finished(translation, text, { types: [{ name: 'bit' }], assignments: [], verb: 'SELECT' });
}

const MAX_KEPT = 8;

/** Translations by the node that they are of, kept while the names they were made with stand. */
const kept = new WeakMap<object, Map<string, Translated>>();

/** Translates, or gives what an earlier run with the same names and variable types has translated. */
export async function compiled(
  node: object,
  context: SessionContext,
  variables: Variables,
  translate: (environment: Environment) => Translated,
): Promise<Translated> {
  const key = `${context.namesKey()} ${variables.signature()}`;
  let known = kept.get(node);
  const found = known?.get(key);
  if (found !== undefined) return found;
  const translated = translate(await context.environment(variables.types));
  if (known === undefined) kept.set(node, (known = new Map()));
  if (known.size >= MAX_KEPT) known.clear();
  known.set(key, translated);
  return translated;
}

/** Found when the statement runs: objects may yet be made by the batch itself, and IDENTITY_INSERT set. */
const deferred: ReadonlySet<number> = new Set([208, 1087, 137, 544]);

/**
 * SQL Server compiles a batch before it runs it: a column that an existing table does not have is an error of the whole
 * batch, even where an earlier statement of it would add the column.
 */
export async function compileAhead(
  statements: readonly Statement[],
  context: SessionContext,
  variables: Variables,
): Promise<void> {
  for (const statement of statements) {
    for (const inner of partsOf(statement)) await compileAhead(inner, context, variables);
    if (!isDataStatement(statement)) continue;
    try {
      await compiled(statement, context, variables, (environment) => translateData(statement, environment));
    } catch (error) {
      if (!(error instanceof SqlFault) || !deferred.has(error.number)) throw error;
    }
  }
}

function partsOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'if') {
    return [[statement.whenTrue], statement.whenFalse === undefined ? [] : [statement.whenFalse]];
  }
  if (statement.kind === 'while') return [[statement.body]];
  if (statement.kind === 'block') return [statement.statements];
  return statement.kind === 'tryCatch' ? [statement.attempt, statement.handler] : [];
}
