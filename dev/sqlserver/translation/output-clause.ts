import type { Column, SqlType } from '../contract.ts';
import { sqlError } from '../errors.ts';
import { assignTo } from '../types/convert.ts';
import { translateExpression } from '../functions/translate-expression.ts';
import type { OutputClause } from '../parser/syntax.ts';
import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName, requiredColumn } from '../catalogue/catalogue.ts';
import { ClauseScope } from './scope.ts';
import type { Source } from './scope.ts';
import { seenAs, starColumns } from './translate-query.ts';
import type { ResultColumn } from './translate-query.ts';
import { sourceOf } from './translate-source.ts';
import { clientColumns } from './translated.ts';
import { writtenTable, writtenTarget } from './written-table.ts';

/** What a statement that writes gives back: PostgreSQL's RETURNING and how to read it. */
export interface Returned {
  /** The columns of RETURNING so far; the caller may add hidden ones. */
  list: { sql: string; type: SqlType }[];
  isInto: boolean;
  result: { columns?: readonly Column[]; assignments: readonly { variable: string; place: number }[] };
  /** Puts RETURNING behind the statement, and OUTPUT … INTO around it. */
  wrap(withSql: string, statement: string): string;
}

interface Written {
  table: CatalogueTable;
  scope: ClauseScope;
  /** Whether there are rows before (UPDATE, DELETE) and after (INSERT, UPDATE). */
  deleted: boolean;
  inserted?: boolean;
  /** The further sources of FROM, as RETURNING can name them. */
  others: readonly Source[];
  oldAlias: string;
  /** How the written table's columns are called by the client, when it is written through a WITH query. */
  names?: ReadonlyMap<string, string>;
}

export function returning(output: OutputClause | undefined, written: Written): Returned {
  const { table, scope } = written;
  const columns = output === undefined ? [] : outputColumns(output, written);
  const list = columns.map(({ value }) => ({
    sql: value.untypedNull ? 'NULL::integer' : value.sql,
    type: value.type,
  }));
  const isInto = output?.into !== undefined;
  const intoText = output?.into === undefined ? undefined : intoTarget(output.into, columns, scope);
  return {
    list,
    isInto,
    result: { assignments: [], ...(output !== undefined && !isInto && { columns: clientColumns(columns) }) },
    wrap(withSql, statement) {
      const names = list.map(({ sql }, index) => `${sql} AS c${index + 1}`).join(', ');
      const text = list.length === 0 ? statement : `${statement} RETURNING ${names}`;
      if (intoText === undefined) return `${withSql}${text}`;
      const joined = withSql === '' ? 'WITH ' : `${withSql.trimEnd()}, `;
      return `${joined}written_${table.id} AS (${text}) ${intoText} FROM written_${table.id} AS w`;
    },
  };
}

function outputColumns(output: OutputClause, written: Written): ResultColumn[] {
  const sources = outputSources(written);
  const scope = new ClauseScope(written.scope.translation, sources);
  return output.items.flatMap((item): ResultColumn[] => {
    if (item.kind === 'star') return starColumns(item, scope, sources);
    if (item.kind === 'assignment') throw sqlError(102, [item.variable.name], item.variable.line);
    const value = translateExpression(item.expression, scope);
    const column = item.expression.kind === 'column' ? scope.lookUp(item.expression) : undefined;
    return [{ name: item.alias ?? column?.name ?? '', value, identity: column?.identity ?? false }];
  });
}

function outputSources({ table, deleted, inserted = true, others, oldAlias, names }: Written): Source[] {
  const renamed = (source: Source): Source =>
    names === undefined
      ? source
      : {
          ...source,
          columns: source.columns.flatMap((column) => named(column, names.get(column.name.toLowerCase()))),
        };
  return [
    ...(inserted ? [renamed(sourceOf(table, 'new', 'inserted'))] : []),
    ...(deleted ? [renamed(sourceOf(table, oldAlias, 'deleted'))] : []),
    ...others,
  ];
}

const named = <C extends { name: string }>(column: C, name: string | undefined): C[] =>
  name === undefined ? [] : [{ ...column, name }];

function intoTarget(
  into: NonNullable<OutputClause['into']>,
  columns: readonly ResultColumn[],
  scope: ClauseScope,
): string {
  const { translation } = scope;
  const target = writtenTable(into.target, translation, 0);
  const chosen =
    into.columns?.map((name) => requiredColumn(target, name)) ??
    target.columns.filter((column) => !column.identity);
  if (chosen.length !== columns.length) throw sqlError(213);
  const cells = columns.map(({ value }, index) => {
    const column = chosen[index];
    if (column === undefined) return 'NULL';
    const assigned = {
      table: writtenTarget(target, translation.environment),
      column: column.name,
      type: column.type,
    };
    return assignTo(seenAs(value, `w.c${index + 1}`), assigned).sql;
  });
  const names = chosen.map(({ name }) => quoteName(name)).join(', ');
  return `INSERT INTO ${pgTable(target)} (${names}) SELECT ${cells.join(', ')}`;
}
