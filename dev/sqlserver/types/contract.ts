/**
 * The line between values (types, conversions, operators, functions) and statements (names, tables): values know no
 * table, statements no type rule.
 */
import type { SqlType } from '../contract.ts';
import type * as syntax from '../parser/syntax.ts';

export interface Typed {
  /** PostgreSQL text of the type's `storageType` that can stand anywhere as an operand (bracketed where it must be). */
  sql: string;
  type: SqlType;
  nullable: boolean;
  /** Character values: the same value as PostgreSQL `text`, where that is shorter than converting `sql`. */
  text?: string;
  /** The literal NULL, which takes the type of its surroundings. Its own `type` is int, as SQL Server says. */
  untypedNull?: true;
  /** A literal, or a sign and a number: what TOP, styles and folded conversions may look at. */
  constant?: string;
}

/** What the names in an expression mean: one for each clause. */
export interface Scope {
  /** Throws 207, 209, 4104; 8120 where the clause is grouped and the column is not. */
  column(reference: syntax.ColumnReference): Typed;
  /** Throws 137. */
  variable(reference: syntax.VariableReference): Typed;
  /** A query inside the expression, without brackets. `scalar` and `list` have exactly one column (else 116). */
  query(query: syntax.Query, use: 'scalar' | 'list' | 'exists'): { sql: string; column: Typed | undefined };
  /** What only the session or the catalogue knows: @@…, SCOPE_IDENTITY, OBJECT_ID …; undefined: there is no such one. */
  sessionValue(
    call: syntax.FunctionCall | syntax.SystemVariable,
    arguments_: () => readonly Typed[],
  ): Typed | undefined;
  /** Asked first for every value: in a grouped query, an expression of GROUP BY; in ORDER BY, an alias. */
  known(expression: syntax.Expression): Typed | undefined;
  /** The scope of an aggregate's argument (columns free again). Throws 147, 130 where no aggregate may stand. */
  insideAggregate(call: syntax.FunctionCall): Scope;
  /** The scope of OVER's and a window function's parts. Throws 4108 and 4109 where no window function may stand. */
  insideWindow(call: syntax.FunctionCall): Scope;
}

/**
 * `implicit`: as in comparisons, arguments and assignments to variables (257, 206 where there is none). `explicit`: CAST
 * and CONVERT. `try`: NULL instead of a run-time error.
 */
export type ConversionMode = 'implicit' | 'explicit' | 'try';

/** A column that INSERT or UPDATE writes: too long text is 2628 with these names. `table` is `database.schema.table`. */
export interface AssignmentTarget {
  table: string;
  column: string;
  type: SqlType;
}
