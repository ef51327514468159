import type { Condition, DeleteStatement, TableHint, UpdateStatement } from '../parser/syntax.ts';
import type { CatalogueTable } from '../catalogue/catalogue.ts';
import { pgTable, quoteName } from '../catalogue/catalogue.ts';
import { lockKey, lockText } from './row-locks.ts';
import type { RowLock } from './row-locks.ts';
import type { Source } from './scope.ts';
import { ClauseScope } from './scope.ts';
import { seenAs } from './translate-query.ts';
import type { TableInFrom } from './translate-source.ts';

export type Write = (UpdateStatement | DeleteStatement) & { line: number };

/**
 * How an UPDATE or DELETE reaches its rows. `direct`: PostgreSQL's own form, which after waiting for another session looks
 * at the row again. `picked`: the rows are locked and numbered by a WITH query first (TOP, ORDER BY, READPAST, outer joins).
 */
export interface WritePlan {
  kind: 'direct' | 'picked';
  table: CatalogueTable;
  /** The scope of SET and WHERE. */
  scope: ClauseScope;
  /** The WITH clause so far, with its trailing blank. */
  withSql: string;
  /** PostgreSQL's name of the row that is written. */
  alias: string;
  /** The other sources as RETURNING may name them. */
  others: readonly Source[];
  /** When written through a WITH query or derived table: the table's columns, and what they are called there. */
  names?: ReadonlyMap<string, string>;
  /** Has PostgreSQL compute a value with the row as it was found, and gives the text under which SET can use it. */
  keep(sql: string): string;
  /** FROM (or USING) and WHERE, to be asked for after the last `keep`. */
  rest(): { withSql: string; from: string; where: string };
}

export const writtenAs = (plan: WritePlan): string => `${pgTable(plan.table)} AS ${plan.alias}`;

/** HOLDLOCK on the table that is written. */
export function holdKey(
  written: readonly TableHint[],
  table: CatalogueTable,
  alias: string,
  where: Condition | undefined,
  scope: ClauseScope,
): void {
  const holds = written.some((hint) => hint === 'HOLDLOCK' || hint === 'SERIALIZABLE');
  const hints: readonly TableHint[] = [...written, 'UPDLOCK'];
  if (holds) lockKey({ table, alias }, hints, where, scope);
}

/** The rows to be written are locked as they are found. */
export function writeLock({ optional }: TableInFrom, hints: readonly TableHint[]): RowLock | undefined {
  return optional ? undefined : lockText([...hints, 'UPDLOCK']);
}

interface Picked {
  table: CatalogueTable;
  /** The table's alias inside the WITH query. */
  inner: string;
  scope: ClauseScope;
  withSql: string;
  others: readonly Source[];
  /** From FROM on. */
  text: string;
  names?: ReadonlyMap<string, string>;
}

/** The plan that locks and computes first, and writes by key. */
export function pickedPlan({ table, inner, scope, withSql, others, text, names }: Picked): WritePlan {
  const { translation } = scope;
  const alias = translation.alias();
  const picked = translation.alias();
  const keys = table.primaryKey.length > 0 ? table.primaryKey.map(quoteName) : ['ctid'];
  const kept = keys.map((key) => `${inner}.${key}`);
  const keep = (sql: string): string => `${picked}.k${kept.push(sql)}`;
  const plan: WritePlan = {
    kind: 'picked',
    table,
    scope,
    withSql,
    alias,
    others: others.map((source) => ({
      ...source,
      columns: source.columns.map((column) => ({
        ...column,
        value: seenAs(column.value, keep(column.value.sql)),
      })),
    })),
    keep,
    rest() {
      const list = kept.map((sql, index) => `${sql} AS k${index + 1}`).join(', ');
      const joined = withSql === '' ? 'WITH ' : `${withSql.trimEnd()}, `;
      const match = keys.map((key, index) => `${alias}.${key} = ${picked}.k${index + 1}`).join(' AND ');
      return {
        withSql: `${joined}${picked} AS MATERIALIZED (SELECT ${list}${text}) `,
        from: picked,
        where: ` WHERE ${match}`,
      };
    },
  };
  return names === undefined ? plan : { ...plan, names };
}
