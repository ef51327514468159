/**
 * The syntax tree of the T-SQL subset. Values (`Expression`) and search conditions (`Condition`) are different
 * grammars in T-SQL, so they are different types here. Names keep the case they were written in.
 */
import type { IsolationLevel, SqlType } from '../contract.ts';

export interface Batch {
  statements: readonly Statement[];
}

/** `database.schema.name` */
export interface ObjectName {
  database?: string;
  schema?: string;
  name: string;
}

// ---------------------------------------------------------------------------------------------------- values

export type Expression =
  | Literal
  | ColumnReference
  | VariableReference
  | SystemVariable
  | { kind: 'unary'; operator: '-' | '+'; operand: Expression }
  | BinaryExpression
  | { kind: 'case'; operand: Expression; branches: readonly CaseBranch<Expression>[]; otherwise?: Expression }
  | { kind: 'caseWhen'; branches: readonly CaseBranch<Condition>[]; otherwise?: Expression }
  | { kind: 'iif'; condition: Condition; whenTrue: Expression; whenFalse: Expression }
  | FunctionCall
  | DatePartCall
  | ConversionExpression
  | { kind: 'atTimeZone'; operand: Expression; zone: Expression }
  | { kind: 'subquery'; query: Query };

export type Literal =
  /** `integer` and `decimal` hold the digits as written, `float` the mantissa with its exponent, `money` without the `$`. */
  | { kind: 'literal'; type: 'integer' | 'decimal' | 'float' | 'money'; text: string }
  | { kind: 'literal'; type: 'string'; text: string; unicode: boolean }
  /** Hexadecimal digits without `0x`; an even number of them. */
  | { kind: 'literal'; type: 'binary'; text: string }
  | { kind: 'literal'; type: 'null' };

export interface ColumnReference {
  kind: 'column';
  /** What stands before the column: alias, table, or schema and table; also `inserted` and `deleted`. */
  qualifier: readonly string[];
  name: string;
  line: number;
}

export interface VariableReference {
  kind: 'variable';
  /** With its `@`. */
  name: string;
  line: number;
}

export interface SystemVariable {
  kind: 'systemVariable';
  /** Upper case with its `@@`. */
  name: string;
}

export interface BinaryExpression {
  kind: 'binary';
  operator: '+' | '-' | '*' | '/' | '%';
  left: Expression;
  right: Expression;
}

export interface CaseBranch<When> {
  when: When;
  result: Expression;
}

export interface FunctionCall {
  kind: 'call';
  schema?: string;
  /** Upper case for built-in functions (no schema). */
  name: string;
  arguments: readonly Expression[];
  /** COUNT(*) and its like; `arguments` is then empty. */
  star: boolean;
  distinct: boolean;
  over?: Window;
  withinGroup?: readonly OrderItem[];
  line: number;
}

export interface Window {
  partitionBy: readonly Expression[];
  orderBy: readonly OrderItem[];
  frame?: { unit: 'rows' | 'range'; start: FrameBound; end?: FrameBound };
}

export type FrameBound =
  | { kind: 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing' }
  | { kind: 'preceding' | 'following'; rows: number };

/** DATEADD, DATEDIFF, DATEDIFF_BIG, DATEPART, DATENAME: the first argument is a word, already brought to its long form. */
export interface DatePartCall {
  kind: 'datePart';
  name: 'DATEADD' | 'DATEDIFF' | 'DATEDIFF_BIG' | 'DATEPART' | 'DATENAME';
  part: DatePart;
  arguments: readonly Expression[];
  line: number;
}

export type DatePart =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond'
  | 'nanosecond'
  | 'tzoffset'
  | 'iso_week';

/** CAST and CONVERT and their TRY_ forms. */
export interface ConversionExpression {
  kind: 'conversion';
  try: boolean;
  operand: Expression;
  type: SqlType;
  style?: Expression;
  line: number;
}

// ------------------------------------------------------------------------------------------ search conditions

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; operand: Condition }
  | { kind: 'comparison'; operator: ComparisonOperator; left: Expression; right: Expression }
  | { kind: 'isNull'; operand: Expression; not: boolean }
  | { kind: 'in'; operand: Expression; list: readonly Expression[]; not: boolean }
  | { kind: 'inQuery'; operand: Expression; query: Query; not: boolean }
  | { kind: 'between'; operand: Expression; low: Expression; high: Expression; not: boolean }
  | { kind: 'like'; operand: Expression; pattern: Expression; escape?: Expression; not: boolean }
  | { kind: 'exists'; query: Query };

/** `!=`, `!<` and `!>` are already brought to `<>`, `>=` and `<=`. */
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

// --------------------------------------------------------------------------------------------------- queries

export interface Query {
  body: QueryBody;
  orderBy: readonly OrderItem[];
  offset?: Expression;
  fetch?: Expression;
}

export type QueryBody =
  | QuerySpecification
  | {
      kind: 'setOperation';
      operator: 'union' | 'except' | 'intersect';
      all: boolean;
      left: QueryBody;
      right: QueryBody;
    };

export interface QuerySpecification {
  kind: 'select';
  distinct: boolean;
  top?: Expression;
  items: readonly SelectItem[];
  /** Several of them are joined as by CROSS JOIN. */
  from: readonly TableSource[];
  where?: Condition;
  groupBy: readonly Expression[];
  having?: Condition;
  line: number;
}

export type SelectItem =
  | { kind: 'star'; qualifier: readonly string[]; line: number }
  | { kind: 'value'; expression: Expression; alias?: string }
  /** SELECT @x = …; the compound operators are already written out as expressions. */
  | { kind: 'assignment'; variable: VariableReference; expression: Expression };

export interface OrderItem {
  expression: Expression;
  descending: boolean;
}

export interface CommonTableExpression {
  name: string;
  columns?: readonly string[];
  query: Query;
}

export type TableSource =
  | TableReference
  | { kind: 'derived'; query: Query; alias: string; columns?: readonly string[] }
  | {
      kind: 'values';
      rows: readonly (readonly Expression[])[];
      alias: string;
      columns: readonly string[];
      line: number;
    }
  | OpenJson
  | {
      kind: 'join';
      join: 'inner' | 'left' | 'right' | 'full';
      left: TableSource;
      right: TableSource;
      on: Condition;
    }
  | { kind: 'crossJoin'; left: TableSource; right: TableSource }
  | { kind: 'apply'; outer: boolean; left: TableSource; right: TableSource };

export interface TableReference {
  kind: 'table';
  table: ObjectName;
  alias?: string;
  hints: readonly TableHint[];
  line: number;
}

export type TableHint =
  | 'NOLOCK'
  | 'READUNCOMMITTED'
  | 'READCOMMITTED'
  | 'READCOMMITTEDLOCK'
  | 'REPEATABLEREAD'
  | 'SERIALIZABLE'
  | 'HOLDLOCK'
  | 'READPAST'
  | 'ROWLOCK'
  | 'PAGLOCK'
  | 'TABLOCK'
  | 'TABLOCKX'
  | 'UPDLOCK'
  | 'XLOCK'
  | 'NOWAIT';

export interface OpenJson {
  kind: 'openJson';
  json: Expression;
  path?: Expression;
  columns: readonly { name: string; type: SqlType; path?: string; asJson: boolean }[];
  alias?: string;
  line: number;
}

// -------------------------------------------------------------------------------------------------- statements

/** `line` is the 1-based line of the statement's first word in the batch. */
export type Statement = { line: number } & (
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | DefinitionStatement
  | ControlStatement
  | ExecuteStatement
);

export interface SelectStatement {
  kind: 'select';
  with: readonly CommonTableExpression[];
  query: Query;
}

/** What INSERT, UPDATE and DELETE write to; an UPDATE or DELETE may name an alias of its FROM. */
export interface WriteTarget {
  table: ObjectName;
  hints: readonly TableHint[];
}

export interface OutputClause {
  /** Only columns qualified with `inserted` or `deleted` (or of a joined source), and stars of these. */
  items: readonly SelectItem[];
}

export interface InsertStatement {
  kind: 'insert';
  with: readonly CommonTableExpression[];
  target: WriteTarget;
  columns?: readonly string[];
  output?: OutputClause;
  source:
    | { kind: 'values'; rows: readonly (readonly InsertValue[])[] }
    | { kind: 'query'; query: Query };
}

export type InsertValue = Expression | { kind: 'default' };

export interface UpdateStatement {
  kind: 'update';
  with: readonly CommonTableExpression[];
  top?: Expression;
  target: WriteTarget;
  assignments: readonly UpdateAssignment[];
  output?: OutputClause;
  from: readonly TableSource[];
  where?: Condition;
}

export interface UpdateAssignment {
  column: ColumnReference;
  value: InsertValue;
}

export interface DeleteStatement {
  kind: 'delete';
  with: readonly CommonTableExpression[];
  top?: Expression;
  target: WriteTarget;
  output?: OutputClause;
  from: readonly TableSource[];
  where?: Condition;
}

// ---------------------------------------------------------------------------------------------------- control

export type ControlStatement =
  | { kind: 'declare'; variables: readonly VariableDeclaration[] }
  /** SET @x = …; the compound operators are already written out as expressions. */
  | { kind: 'setVariable'; variable: VariableReference; value: Expression }
  | SetOption
  | { kind: 'if'; condition: Condition; whenTrue: Statement; whenFalse?: Statement }
  | { kind: 'block'; statements: readonly Statement[] }
  | { kind: 'beginTransaction'; name?: TransactionName }
  | { kind: 'commit'; name?: TransactionName }
  | { kind: 'rollback'; name?: TransactionName }
  | { kind: 'saveTransaction'; name: TransactionName }
  | { kind: 'use'; database: string }
  /** `delay` is text of the form hh:mm[:ss[.mmm]], or a variable that holds it. */
  | { kind: 'waitFor'; delay: Expression };

export type TransactionName = string | VariableReference;

export interface VariableDeclaration {
  variable: VariableReference;
  type: SqlType;
  value?: Expression;
}

export type SetOption =
  /** ON/OFF options by their upper-case name: NOCOUNT, XACT_ABORT, ANSI_NULLS … */
  | { kind: 'setSwitch'; options: readonly string[]; on: boolean }
  | { kind: 'setIsolation'; level: IsolationLevel }
  /** -1 waits for ever. */
  | { kind: 'setLockTimeout'; milliseconds: number }
  /** From -10 to 10. */
  | { kind: 'setDeadlockPriority'; priority: number }
  /** What drivers set when they connect, to SQL Server's own defaults; anything else is refused. */
  | { kind: 'setDefault'; option: 'TEXTSIZE' | 'DATEFIRST' | 'DATEFORMAT' | 'LANGUAGE' };

export interface ExecuteStatement {
  kind: 'execute';
  /** EXEC @result = … */
  result?: VariableReference;
  procedure: ObjectName;
  arguments: readonly ExecuteArgument[];
}

/** `value` absent means DEFAULT. A bare word is a string, as in T-SQL. */
export interface ExecuteArgument {
  name?: string;
  value?: Expression;
  output: boolean;
}

// ------------------------------------------------------------------------------------------------- definitions

export type DefinitionStatement =
  | { kind: 'createTable'; table: ObjectName; elements: readonly TableElement[] }
  | { kind: 'alterTableAdd'; table: ObjectName; elements: readonly TableElement[]; withNoCheck: boolean }
  | CreateIndex
  | { kind: 'dropIndex'; index: string; table: ObjectName; ifExists: boolean }
  | { kind: 'dropTable'; tables: readonly ObjectName[]; ifExists: boolean }
  | { kind: 'truncateTable'; table: ObjectName }
  | { kind: 'createDatabase'; database: string }
  | { kind: 'dropDatabase'; databases: readonly string[]; ifExists: boolean }
  /** `database` is absent for ALTER DATABASE CURRENT. */
  | { kind: 'alterDatabase'; database?: string; change: DatabaseChange }
  | { kind: 'createLogin'; login: string; password: string }
  | { kind: 'dropLogin'; login: string }
  | { kind: 'createUser'; user: string; login: string }
  | { kind: 'dropUser'; user: string; ifExists: boolean }
  | { kind: 'alterRole'; role: string; change: 'add' | 'drop'; member: string }
  | PermissionStatement;

export type DatabaseChange =
  | { kind: 'compatibilityLevel'; level: number }
  | { kind: 'readCommittedSnapshot'; on: boolean };

export interface PermissionStatement {
  kind: 'permission';
  action: 'grant' | 'deny' | 'revoke';
  /** SELECT, INSERT, UPDATE, DELETE, in upper case. */
  permissions: readonly string[];
  /** Absent: the whole database. */
  on?: { kind: 'object'; object: ObjectName } | { kind: 'schema'; schema: string };
  to: readonly string[];
}

export type TableElement = ColumnDefinition | TableConstraint;

export interface ColumnDefinition {
  kind: 'column';
  name: string;
  type: SqlType;
  /** Absent: not said. */
  nullable?: boolean;
  identity?: { seed: string; increment: string };
  default?: { name?: string; value: Expression; withValues: boolean };
  constraints: readonly ColumnConstraint[];
  line: number;
}

export type ColumnConstraint =
  | { kind: 'primaryKey' | 'unique'; name?: string; clustered?: boolean }
  | { kind: 'check'; name?: string; condition: Condition; source: string }
  | {
      kind: 'references';
      name?: string;
      table: ObjectName;
      column?: string;
      onDelete: ReferentialAction;
      onUpdate: ReferentialAction;
    };

export type TableConstraint =
  | { kind: 'primaryKey' | 'unique'; name?: string; clustered?: boolean; columns: readonly IndexColumn[] }
  /** `source` is the condition's own text. */
  | { kind: 'check'; name?: string; condition: Condition; source: string }
  | {
      kind: 'foreignKey';
      name?: string;
      columns: readonly string[];
      table: ObjectName;
      referenced: readonly string[];
      onDelete: ReferentialAction;
      onUpdate: ReferentialAction;
    }
  /** ALTER TABLE … ADD [CONSTRAINT name] DEFAULT value FOR column. */
  | { kind: 'default'; name?: string; value: Expression; column: string; withValues: boolean };

export type ReferentialAction = 'noAction' | 'cascade' | 'setNull' | 'setDefault';

export interface IndexColumn {
  name: string;
  descending: boolean;
}

export interface CreateIndex {
  kind: 'createIndex';
  name: string;
  unique: boolean;
  clustered: boolean;
  table: ObjectName;
  columns: readonly IndexColumn[];
  include: readonly string[];
  where?: Condition;
  /** `where` as it was written. */
  whereSource?: string;
}
