import { sqlError } from '../errors.ts';
import { convertTo } from '../types/convert.ts';
import type { SelectStatement } from '../parser/syntax.ts';
import { ClauseScope } from './scope.ts';
import { bracketed, translateQuery, translateWith } from './translate-query.ts';
import type { TranslatedQuery } from './translate-query.ts';
import { clientColumns, finished } from './translated.ts';
import type { Translated } from './translated.ts';
import { Translation } from './translation.ts';
import type { Environment } from './translation.ts';

/** SELECT, and SELECT @x = …, whose last row gives the variables their values. */
export function translateSelectStatement(statement: SelectStatement, environment: Environment): Translated {
  const translation = new Translation(environment);
  const { text, query } = selectText(statement, translation);
  const variables = variablesOf(statement);
  if (variables.length === 0) {
    const columns = clientColumns(query.columns);
    return finished(translation, text, {
      columns,
      types: columns.map(({ type }) => type),
      assignments: [],
      verb: 'SELECT',
    });
  }
  const types = variables.map((variable) => translation.variable(variable).type);
  const cells = bracketed(query.columns, 'q').map(
    (value, index) => convertTo(value, types[index] ?? value.type, 'implicit').sql,
  );
  const assignments = variables.map((variable, place) => ({ variable: variable.name.toLowerCase(), place }));
  return finished(translation, `SELECT ${cells.join(', ')} FROM (${text}) AS q`, {
    types,
    assignments,
    verb: 'SELECT',
  });
}

export function selectText(
  statement: SelectStatement,
  translation: Translation,
): { text: string; query: TranslatedQuery } {
  const { sql, scope } = translateWith(statement.with, new ClauseScope(translation, []));
  const query = translateQuery(statement.query, scope);
  return { text: `${sql}${query.sql}`, query };
}

function variablesOf({ query: { body } }: SelectStatement) {
  if (body.kind !== 'select') return [];
  const variables = body.items.flatMap((item) => (item.kind === 'assignment' ? [item.variable] : []));
  if (variables.length > 0 && variables.length < body.items.length) throw sqlError(141, [], body.line);
  return variables;
}
