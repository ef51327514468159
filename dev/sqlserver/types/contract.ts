/**
 * The line between the expressions (types, conversions, operators, functions) and the engine (catalogue, names,
 * statements). Expressions know no table; the engine knows no type rule.
 *
 * Every `Typed.sql` yields the PostgreSQL type that `storage.ts` gives for its SQL Server type, wherever it stands: in
 * a table, a derived table, a parameter or an expression. PostgreSQL's own operators then compare, order, group and
 * index as SQL Server does, so that ORDER BY, GROUP BY, DISTINCT, UNION, keys and joins need no further care.
 */
import type { SqlType } from '../contract.ts';
import type {
  ColumnReference,
  Expression,
  FunctionCall,
  Query,
  SystemVariable,
  VariableReference,
} from '../parser/syntax.ts';

export interface Typed {
  /** PostgreSQL text that can stand anywhere as an operand (it is bracketed where it must be). */
  sql: string;
  type: SqlType;
  nullable: boolean;
  /** Character values: the same value as PostgreSQL `text`, where that is shorter than converting `sql`. */
  text?: string;
  /** The literal NULL, which takes the type of its surroundings. Its own `type` is int, as SQL Server says. */
  untypedNull?: true;
  /** Character values with a COLLATE clause of their own; absent: the database's. */
  collation?: Collation;
  /** A literal, or a sign and a number: what TOP, styles and folded conversions may look at. */
  constant?: string;
}

/** Case-insensitive or -sensitive, accent-insensitive or -sensitive, or binary. */
export type Collation = 'ci_as' | 'cs_as' | 'ci_ai' | 'bin2';

/** What the names in an expression mean. The engine gives one per clause; an expression never looks around it. */
export interface Scope {
  /** Throws 207, 209, 4104; 8120 where the clause is grouped and the column is not. */
  column(reference: ColumnReference): Typed;
  /** Throws 137. */
  variable(reference: VariableReference): Typed;
  /**
   * A query inside the expression, translated as a whole, without brackets. `scalar` and `list` have exactly one column
   * (else 116); `exists` may have any.
   */
  query(query: Query, use: 'scalar' | 'list' | 'exists'): { sql: string; column: Typed | undefined };
  /**
   * Functions and variables that need the session or the catalogue: @@…, SCOPE_IDENTITY, DB_NAME, OBJECT_ID,
   * HAS_PERMS_BY_NAME, ERROR_NUMBER … (`sessionFunctions` in `contract.ts` lists them). Asked only for those.
   */
  sessionValue(call: FunctionCall | SystemVariable, arguments_: readonly Typed[]): Typed;
  /**
   * Asked first for every value: in a grouped query, an expression of GROUP BY; in ORDER BY, an alias. `undefined`: go on.
   */
  known(expression: Expression): Typed | undefined;
  /** The scope of an aggregate's argument (columns free again). Throws 147, 130 where no aggregate may stand. */
  insideAggregate(call: FunctionCall): Scope;
  /** The scope of OVER's and a window function's parts. Throws 4108 where no window function may stand. */
  insideWindow(call: FunctionCall): Scope;
}

/**
 * `implicit`: as in comparisons, arguments and assignments to variables (257, 206 where there is none; variables cut long
 * text silently). `explicit`: CAST and CONVERT. `try`: NULL instead of a run-time error.
 */
export type ConversionMode = 'implicit' | 'explicit' | 'try';

/** A column that INSERT or UPDATE writes: too long text is 2628 with these names. `table` is `database.schema.table`. */
export interface AssignmentTarget {
  table: string;
  column: string;
  type: SqlType;
}

/** Functions that `Scope.sessionValue` answers. */
export const sessionFunctions: ReadonlySet<string> = new Set([
  'APP_NAME',
  'COL_LENGTH',
  'COL_NAME',
  'COLUMNPROPERTY',
  'CURRENT_USER',
  'DATABASEPROPERTYEX',
  'DATABASE_PRINCIPAL_ID',
  'DB_ID',
  'DB_NAME',
  'ERROR_LINE',
  'ERROR_MESSAGE',
  'ERROR_NUMBER',
  'ERROR_PROCEDURE',
  'ERROR_SEVERITY',
  'ERROR_STATE',
  'HAS_DBACCESS',
  'HAS_PERMS_BY_NAME',
  'HOST_NAME',
  'INDEXPROPERTY',
  'IS_MEMBER',
  'IS_ROLEMEMBER',
  'IS_SRVROLEMEMBER',
  'MIN_ACTIVE_ROWVERSION',
  'OBJECT_ID',
  'OBJECT_NAME',
  'OBJECT_SCHEMA_NAME',
  'OBJECTPROPERTY',
  'ORIGINAL_LOGIN',
  'SCHEMA_ID',
  'SCHEMA_NAME',
  'SCOPE_IDENTITY',
  'SERVERPROPERTY',
  'SESSION_USER',
  'SUSER_ID',
  'SUSER_NAME',
  'SUSER_SNAME',
  'SYSTEM_USER',
  'TYPE_NAME',
  'USER',
  'USER_ID',
  'USER_NAME',
  'XACT_STATE',
]);

/*
 * What the engine calls:
 *
 *   translate-expression.ts  translateExpression(expression, scope): Typed
 *   translate-condition.ts   translateCondition(condition, scope): string
 *   convert.ts               convertTo(value, type, mode, style?): Typed      529, 257, 206; run time 245, 241, 8114, 8115
 *                            assignTo(value, target: AssignmentTarget): Typed 2628 at run time; 206, 257
 *   result-types.ts          unionType(types): SqlType                        UNION, CASE, COALESCE, VALUES by precedence
 *   type-names.ts            typeName(type): string                           as in messages and sys.types: 'nvarchar'
 *   storage.ts               storageType(type), columnType(type, collation?)
 *   stored-values.ts         toStored(type, value), fromStored(type, text)    between SqlValue and PostgreSQL's text format
 *   faults.ts                faultOfExpression({ code, message }): SqlFault | undefined
 *                            what the support functions raise (SQLSTATE TSQLE) and PostgreSQL's own 22003, 22012
 *   support-functions.ts     supportFunctions: string (DDL of schema `tsql`, run when a database is created),
 *                            supportFunctionsVersion
 *
 * Inside the schema the engine may use: tsql.next_rowversion() (bytea, for a BEFORE INSERT OR UPDATE trigger),
 * tsql.min_active_rowversion() (bytea), tsql.raise(number int, severity int, state int, message text).
 */
