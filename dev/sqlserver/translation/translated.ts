import type { Column, SqlType } from '../contract.ts';
import type { ResultColumn } from './translate-query.ts';
import type { BoundStatement, Translation } from './translation.ts';

/** A T-SQL statement in PostgreSQL's words: what is sent, and how its rows are to be read. */
export interface Translated {
  /** Run before and after the statement itself, in the same flight. */
  before: readonly BoundStatement[];
  main: BoundStatement;
  after: readonly BoundStatement[];
  /** The columns that the client sees, the first ones of PostgreSQL's row; absent when the statement has no result. */
  columns?: readonly Column[];
  /** The types of all of PostgreSQL's columns. */
  types: readonly SqlType[];
  /** Variables that take their value from the last row. `place` counts from 0. */
  assignments: readonly { variable: string; place: number }[];
  /** Where the row carries the identity value that the statement gave. */
  identityPlace?: number;
  verb: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  /** The table written, as in messages: `database.schema.table`. */
  target?: string;
}

/** Client columns of a query's result. A column that is given to a variable is none. */
export function clientColumns(columns: readonly ResultColumn[]): Column[] {
  return columns.map(({ name, value, identity }) => {
    const column = { name, type: value.type, nullable: value.nullable };
    return identity ? { ...column, identity } : column;
  });
}

export function finished(
  translation: Translation,
  text: string,
  rest: Omit<Translated, 'before' | 'main' | 'after'> & { after?: readonly BoundStatement[] },
): Translated {
  return { after: [], ...rest, before: translation.locks, main: translation.bound(text) };
}
