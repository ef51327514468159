import { sqlError } from '../errors.ts';
import { assignTo, convertTo } from '../types/convert.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { DeleteStatement, UpdateAssignment, UpdateStatement } from '../parser/syntax.ts';
import type { CatalogueColumn } from '../catalogue/catalogue.ts';
import { columnOf, quoteName } from '../catalogue/catalogue.ts';
import { returning } from './output-clause.ts';
import type { Returned } from './output-clause.ts';
import { ClauseScope } from './scope.ts';
import { sourceOf } from './translate-source.ts';
import type { Translated } from './translated.ts';
import { finished } from './translated.ts';
import type { Environment } from './translation.ts';
import { Translation } from './translation.ts';
import { writtenAs } from './picked-rows.ts';
import type { WritePlan } from './picked-rows.ts';
import { planWrite } from './write-plan.ts';
import { writtenTarget } from './written-table.ts';

export function translateUpdate(
  statement: UpdateStatement & { line: number },
  environment: Environment,
): Translated {
  const translation = new Translation(environment);
  const plan = planWrite(statement, translation);
  const set = statement.assignments.flatMap((assignment) =>
    assignmentText(assignment, plan, environment, statement.line),
  );
  refuseTwice(
    set.map(({ column }) => column),
    statement.line,
  );
  const output = returning(statement.output, { ...writtenBy(plan), deleted: true });
  const assignments = statement.assignments.flatMap((assignment) => variableValue(assignment, plan, output));
  const { withSql, from, where } = plan.rest();
  const pairs = set.map(({ column, sql }) => `${quoteName(column.name)} = ${sql}`);
  // UPDATE … SET @x = … alone writes nothing, but locks and reads the row.
  const [first] = plan.table.columns;
  if (pairs.length === 0 && first !== undefined)
    pairs.push(`${quoteName(first.name)} = ${plan.alias}.${quoteName(first.name)}`);
  const text = `UPDATE ${writtenAs(plan)} SET ${pairs.join(', ')}${from === '' ? '' : ` FROM ${from}`}${where}`;
  return finished(translation, output.wrap(withSql, text), {
    ...output.result,
    assignments,
    types: output.list.map(({ type }) => type),
    verb: 'UPDATE',
    target: writtenTarget(plan.table, environment),
  });
}

export function translateDelete(
  statement: DeleteStatement & { line: number },
  environment: Environment,
): Translated {
  const translation = new Translation(environment);
  const plan = planWrite(statement, translation);
  const output = returning(statement.output, { ...writtenBy(plan), deleted: true, inserted: false });
  const { withSql, from, where } = plan.rest();
  const text = `DELETE FROM ${writtenAs(plan)}${from === '' ? '' : ` USING ${from}`}${where}`;
  return finished(translation, output.wrap(withSql, text), {
    ...output.result,
    types: output.list.map(({ type }) => type),
    verb: 'DELETE',
    target: writtenTarget(plan.table, environment),
  });
}

function writtenBy({ table, scope, others, names }: WritePlan) {
  return { table, scope, others, oldAlias: 'old', ...(names !== undefined && { names }) };
}

function assignmentText(
  { column: reference, value }: UpdateAssignment,
  plan: WritePlan,
  environment: Environment,
  line: number,
): { column: CatalogueColumn; sql: string }[] {
  if (reference === undefined) return [];
  const column = writtenColumn(plan, reference.name);
  if (column === undefined) throw sqlError(207, [reference.name], reference.line);
  if (column.type.name === 'rowversion') throw sqlError(272, [], line);
  if (column.identity) throw sqlError(8102, [column.name], line);
  if (value.kind === 'default') return [{ column, sql: 'DEFAULT' }];
  const target = { table: writtenTarget(plan.table, environment), column: column.name, type: column.type };
  const assigned = assignTo(translateExpression(value, plan.scope), target);
  return [{ column, sql: plan.keep(assigned.sql) }];
}

/** The column of the table that a name in SET means. */
function writtenColumn({ table, names }: WritePlan, name: string): CatalogueColumn | undefined {
  if (names === undefined) return columnOf(table, name);
  const [own] = [...names].find(([, seen]) => seen.toLowerCase() === name.toLowerCase()) ?? [];
  return own === undefined ? undefined : columnOf(table, own);
}

function refuseTwice(columns: readonly CatalogueColumn[], line: number): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw sqlError(264, [twice.name], line);
}

/** SET @x = column = … takes the new value, SET @x = … one computed with the old row. */
function variableValue(
  { column, variable, value }: UpdateAssignment,
  plan: WritePlan,
  output: Returned,
): { variable: string; place: number }[] {
  if (variable === undefined || value.kind === 'default') return [];
  const own = column === undefined ? undefined : writtenColumn(plan, column.name);
  const { translation } = plan.scope;
  const { type } = translation.variable(variable);
  const before = new ClauseScope(translation, [sourceOf(plan.table, 'old'), ...plan.others]);
  const found =
    own === undefined
      ? translateExpression(value, plan.kind === 'direct' ? before : plan.scope)
      : { sql: `new.${quoteName(own.name)}`, type: own.type, nullable: own.nullable };
  const seen = own === undefined && plan.kind === 'picked' ? { ...found, sql: plan.keep(found.sql) } : found;
  output.list.push({ sql: convertTo(seen, type, 'implicit').sql, type });
  return [{ variable: variable.name.toLowerCase(), place: output.list.length - 1 }];
}
