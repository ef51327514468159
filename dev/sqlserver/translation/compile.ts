import type { SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { translateCondition } from '../functions/translate-condition.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Condition, Expression, SelectStatement, Statement } from '../parser/syntax.ts';
import type { SessionContext } from '../session/session-context.ts';
import type { Variables } from '../session/variables.ts';
import { convertTo } from '../types/convert.ts';
import { ClauseScope } from './scope.ts';
import { seen, translateQuery, translateWith, withText } from './translate-query.ts';
import { translateChange, translateInsert } from './translate-write.ts';
import type { Environment, Translated } from './translation.ts';
import { Translation } from './translation.ts';

export type DataStatement = Extract<Statement, { kind: 'select' | 'insert' | 'update' | 'delete' }>;

export function isDataStatement(statement: Statement): statement is DataStatement {
  return ['select', 'insert', 'update', 'delete'].includes(statement.kind);
}

export function translateData(statement: DataStatement, environment: Environment): Translated {
  const translation = new Translation(environment, 'statement', statement.maxRecursion);
  if (statement.kind === 'select') return translateSelectStatement(statement, translation);
  return statement.kind === 'insert'
    ? translateInsert(statement, translation)
    : translateChange(statement, translation);
}

/** SELECT, and SELECT @x = …, whose last row gives the variables their values. */
function translateSelectStatement(
  { with: expressions, query }: SelectStatement,
  translation: Translation,
): Translated {
  const { queries, scope } = translateWith(expressions, new ClauseScope(translation, []));
  const { sql, columns } = translateQuery(query, scope);
  const text = `${withText(queries)}${sql}`;
  const { items, line } = query.body.kind === 'select' ? query.body : { items: [], line: 0 };
  const variables = items.flatMap((item) => (item.kind === 'assignment' ? [item.variable] : []));
  if (variables.length === 0) {
    const types = columns.map(({ type }) => type);
    return translation.finished(text, { verb: 'SELECT', columns, types });
  }
  if (variables.length < items.length) throw sqlError(141, [], line);
  const names = variables.map(({ name }) => name.toLowerCase());
  // SQL Server gives them row after row, and in turn, so that the next ones see it; PostgreSQL computes all of them first.
  const read = JSON.stringify(items.map((item) => ({ ...item, variable: undefined }))).toLowerCase();
  const isAlone = names.length === 1 && query.body.kind === 'select' && query.body.from.length === 0;
  if (!isAlone && names.some((name) => read.includes(`"kind":"variable","name":"${name}"`)))
    throw notSupported('SELECT @x = … of a variable that it gives a value', line);
  const types = variables.map((variable) => translation.variable(variable).type);
  const cells = seen(columns, 'q').map(
    (column, i) => convertTo(column, types[i] ?? column.type, 'implicit').sql,
  );
  return translation.finished(`SELECT ${cells.join(', ')} FROM (${text}) AS q`, {
    verb: 'SELECT',
    types,
    assignments: variables.map(({ name }, place) => ({ variable: name.toLowerCase(), place })),
  });
}

/** A value outside a query, as a SELECT of one row and one column; in its own type unless one is wanted. */
export function translateValue(
  expression: Expression,
  environment: Environment,
  wanted?: SqlType,
): Translated {
  const translation = new Translation(environment);
  const value = translateExpression(expression, new ClauseScope(translation, []));
  const { sql, type, untypedNull } = wanted === undefined ? value : convertTo(value, wanted, 'implicit');
  return translation.finished(`SELECT ${untypedNull ? 'NULL::integer' : sql}`, {
    verb: 'SELECT',
    types: [type],
  });
}

/** A condition as a SELECT of one BIT; NULL where it is unknown. */
export function translateTest(condition: Condition, environment: Environment): Translated {
  const translation = new Translation(environment);
  const text = `SELECT ${translateCondition(condition, new ClauseScope(translation, []))}`;
  return translation.finished(text, { verb: 'SELECT', types: [{ name: 'bit' }] });
}

const MAX_KEPT = 8;

/** Translations by the node that they are of, kept while the names they were made with stand. */
const kept = new WeakMap<object, Map<string, Translated>>();

/** Translates, or gives what an earlier run with the same names and variable types has translated. */
export function compiled(
  node: object,
  context: SessionContext,
  variables: Variables,
  translate: (environment: Environment) => Translated,
): Translated | Promise<Translated> {
  const key = `${context.namesKey()} ${variables.signature()}`;
  const known = kept.get(node) ?? new Map<string, Translated>();
  return (
    known.get(key) ??
    context.environment(variables.types).then((environment) => {
      const translated = translate(environment);
      if (known.size >= MAX_KEPT) known.clear();
      kept.set(node, known.set(key, translated));
      return translated;
    })
  );
}
