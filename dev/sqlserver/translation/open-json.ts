import { quoteName } from '../catalogue/catalogue.ts';
import type { SqlType } from '../contract.ts';
import { jsonSteps, jsonStepsText } from '../functions/json-path.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import { notSupported } from '../parser/sql-fault.ts';
import type { Expression, OpenJson } from '../parser/syntax.ts';
import { convertTo } from '../types/convert.ts';
import { textOf, typed } from '../types/typed-sql.ts';
import type { ClauseScope } from './scope.ts';
import type { TranslatedQuery } from './translate-query.ts';

const anyText: SqlType = { name: 'nvarchar', length: 'max' };

/** PostgreSQL cuts longer names. */
const longestName = 63;

/**
 * OPENJSON … WITH: one row per element of the array, or one for an object; a path that leads nowhere, or to an object,
 * gives NULL (lax mode).
 */
export function translateOpenJson({ json, path, columns }: OpenJson, scope: ClauseScope): TranslatedQuery {
  const asText = (expression: Expression): string =>
    textOf(convertTo(translateExpression(expression, scope), anyText, 'implicit'));
  // Members that lie directly in a row: PostgreSQL takes all of them out of it at once.
  const members = new Set<string>();
  const cells = columns.map(({ name, type, path: own, asJson }) => {
    const steps = jsonSteps(own ?? `$."${name}"`);
    const found = `tsql.json_scalar(row #> ${jsonStepsText(steps)})`;
    if (asJson) return { name, value: typed(`tsql.json_part(row #> ${jsonStepsText(steps)})`, type, true) };
    const [member = '', further] = steps;
    const isMember = member !== '' && further === undefined && Buffer.byteLength(member) <= longestName;
    if (isMember) members.add(`${quoteName(member)} json`);
    const text = isMember ? `tsql.json_scalar(field.${quoteName(member)})` : found;
    return { name, value: convertTo(typed(text, anyText, true), type, 'explicit') };
  });
  const list = cells.map(({ value }, index) => `${value.sql} AS c${index + 1}`).join(', ');
  const start = path === undefined ? '$' : translateExpression(path, scope).constant;
  if (start === undefined) throw notSupported('OPENJSON with a path that is not a literal');
  const rows = `tsql.json_rows(${asText(json)}, ${jsonStepsText(jsonSteps(start))}) AS row`;
  const object = "CASE json_typeof(row) WHEN 'object' THEN row ELSE '{}' END";
  const fields = members.size === 0 ? '' : `, json_to_record(${object}) AS field(${[...members].join(', ')})`;
  return {
    // A WITH query, because PostgreSQL would read every cell anew for each row of a table that it joins this to.
    sql: `WITH cell AS MATERIALIZED (SELECT ${list} FROM ${rows}${fields}) SELECT * FROM cell`,
    columns: cells.map(({ name, value }) => ({ name, value: { ...value, nullable: true }, identity: false })),
  };
}
