/**
 * The syntax tree of the T-SQL subset. Values (`Expression`) and search conditions (`Condition`) are different
 * grammars in T-SQL, so they are different types here. Names keep the case they were written in; `line` counts from 1
 * within the batch.
 */
import type { IsolationLevel, SqlType } from '../contract.ts';

export type Batch = { statements: readonly Statement[] };

/** `database.schema.name` */
export type ObjectName = { database?: string | undefined; schema?: string | undefined; name: string };

// ---------------------------------------------------------------------------------------------------- values

export type Expression =
  | Literal
  | ColumnReference
  | VariableReference
  | SystemVariable
  | { kind: 'unary'; operator: '-' | '+'; operand: Expression }
  | BinaryExpression
  | {
      kind: 'case';
      operand: Expression;
      branches: readonly Branch<Expression>[];
      otherwise?: Expression | undefined;
    }
  | { kind: 'caseWhen'; branches: readonly Branch<Condition>[]; otherwise?: Expression | undefined }
  | { kind: 'iif'; condition: Condition; whenTrue: Expression; whenFalse: Expression }
  | FunctionCall
  | DatePartCall
  | ConversionExpression
  | { kind: 'atTimeZone'; operand: Expression; zone: Expression }
  | { kind: 'subquery'; query: Query };

export type Literal =
  /** Numbers as written, money without its `$`, binary as hexadecimal digits (an even number of them). */
  | { kind: 'literal'; type: 'integer' | 'decimal' | 'float' | 'money' | 'binary'; text: string }
  | { kind: 'literal'; type: 'string'; text: string; unicode: boolean }
  | { kind: 'literal'; type: 'null' };

/** `qualifier` is what stands before the column: alias, table, or schema and table; also `inserted` and `deleted`. */
export type ColumnReference = { kind: 'column'; qualifier: readonly string[]; name: string; line: number };

/** `name` has its `@`. */
export type VariableReference = { kind: 'variable'; name: string; line: number };

/** `name` is in upper case and has its `@@`. */
export type SystemVariable = { kind: 'systemVariable'; name: string };

export type BinaryExpression = {
  kind: 'binary';
  operator: '+' | '-' | '*' | '/' | '%';
  left: Expression;
  right: Expression;
};

type Branch<When> = { when: When; result: Expression };

export type FunctionCall = {
  kind: 'call';
  schema?: string | undefined;
  /** Upper case for built-in functions (no schema). */
  name: string;
  arguments: readonly Expression[];
  /** COUNT(*) and its like; `arguments` is then empty. */
  star: boolean;
  distinct: boolean;
  over?: Window | undefined;
  withinGroup?: readonly OrderItem[] | undefined;
  line: number;
};

export type Window = {
  partitionBy: readonly Expression[];
  orderBy: readonly OrderItem[];
  frame?: { unit: 'rows' | 'range'; start: FrameBound; end?: FrameBound | undefined } | undefined;
};

export type FrameBound =
  | { kind: 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing' }
  | { kind: 'preceding' | 'following'; rows: number };

/** The functions whose first argument is a word, here brought to its long form. */
export type DatePartCall = {
  kind: 'datePart';
  name: 'DATEADD' | 'DATEDIFF' | 'DATEDIFF_BIG' | 'DATEPART' | 'DATENAME';
  part: DatePart;
  arguments: readonly Expression[];
  line: number;
};

export type DatePart =
  | ('year' | 'quarter' | 'month' | 'dayofyear' | 'day' | 'week' | 'weekday' | 'iso_week')
  | ('hour' | 'minute' | 'second' | 'millisecond' | 'microsecond' | 'nanosecond' | 'tzoffset');

/** CAST and CONVERT and their TRY_ forms. */
export type ConversionExpression = {
  kind: 'conversion';
  try: boolean;
  operand: Expression;
  type: SqlType;
  style?: Expression | undefined;
  line: number;
};

// ------------------------------------------------------------------------------------------ search conditions

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; operand: Condition }
  | { kind: 'comparison'; operator: ComparisonOperator; left: Expression; right: Expression }
  | { kind: 'isNull'; operand: Expression; not: boolean }
  | { kind: 'in'; operand: Expression; list: readonly Expression[]; not: boolean }
  | { kind: 'inQuery'; operand: Expression; query: Query; not: boolean }
  | { kind: 'between'; operand: Expression; low: Expression; high: Expression; not: boolean }
  | { kind: 'like'; operand: Expression; pattern: Expression; escape?: Expression | undefined; not: boolean }
  | { kind: 'exists'; query: Query };

/** `!=`, `!<` and `!>` are already brought to `<>`, `>=` and `<=`. */
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

// --------------------------------------------------------------------------------------------------- queries

export type Query = {
  body: QueryBody;
  orderBy: readonly OrderItem[];
  offset?: Expression | undefined;
  fetch?: Expression | undefined;
};

export type QueryBody =
  | QuerySpecification
  | {
      kind: 'setOperation';
      operator: 'union' | 'except' | 'intersect';
      all: boolean;
      left: QueryBody;
      right: QueryBody;
    };

export type QuerySpecification = {
  kind: 'select';
  distinct: boolean;
  top?: Expression | undefined;
  items: readonly SelectItem[];
  /** Several of them are joined as by CROSS JOIN. */
  from: readonly TableSource[];
  where?: Condition | undefined;
  groupBy: readonly Expression[];
  having?: Condition | undefined;
  line: number;
};

export type SelectItem =
  | { kind: 'star'; qualifier: readonly string[]; line: number }
  | { kind: 'value'; expression: Expression; alias?: string | undefined }
  /** SELECT @x = …; the compound operators are already written out as expressions. */
  | { kind: 'assignment'; variable: VariableReference; expression: Expression };

export type OrderItem = { expression: Expression; descending: boolean };

export type CommonTableExpression = { name: string; columns?: readonly string[] | undefined; query: Query };

export type TableSource =
  | TableReference
  | { kind: 'derived'; query: Query; alias: string; columns?: readonly string[] | undefined }
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

export type TableReference = {
  kind: 'table';
  table: ObjectName;
  alias?: string | undefined;
  hints: readonly TableHint[];
  line: number;
};

export type TableHint =
  | ('NOLOCK' | 'READUNCOMMITTED' | 'READCOMMITTED' | 'READCOMMITTEDLOCK' | 'REPEATABLEREAD' | 'SERIALIZABLE')
  | (
      | 'HOLDLOCK'
      | 'READPAST'
      | 'ROWLOCK'
      | 'PAGLOCK'
      | 'TABLOCK'
      | 'TABLOCKX'
      | 'UPDLOCK'
      | 'XLOCK'
      | 'NOWAIT'
    );

export type OpenJson = {
  kind: 'openJson';
  json: Expression;
  path?: Expression | undefined;
  columns: readonly { name: string; type: SqlType; path?: string | undefined; asJson: boolean }[];
  alias?: string | undefined;
  line: number;
};

// -------------------------------------------------------------------------------------------------- statements

/** `line` is that of the statement's first word. */
export type Statement = { line: number } & StatementBody;

export type StatementBody =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | DefinitionStatement
  | ControlStatement
  | ExecuteStatement;

export type SelectStatement = { kind: 'select'; with: readonly CommonTableExpression[]; query: Query };

/** What INSERT, UPDATE and DELETE write to; an UPDATE or DELETE may name an alias of its FROM. */
export type WriteTarget = { table: ObjectName; hints: readonly TableHint[] };

/** Only columns qualified with `inserted` or `deleted` (or of a joined source), and stars of these. */
export type OutputClause = { items: readonly SelectItem[] };

export type InsertStatement = {
  kind: 'insert';
  with: readonly CommonTableExpression[];
  target: WriteTarget;
  columns?: readonly string[] | undefined;
  output?: OutputClause | undefined;
  source: { kind: 'values'; rows: readonly (readonly InsertValue[])[] } | { kind: 'query'; query: Query };
};

export type InsertValue = Expression | { kind: 'default' };

/** The rows that an UPDATE or DELETE picks and what it tells of them. */
type PickedRows = {
  with: readonly CommonTableExpression[];
  top?: Expression | undefined;
  target: WriteTarget;
  output?: OutputClause | undefined;
  from: readonly TableSource[];
  where?: Condition | undefined;
};

export type UpdateStatement = { kind: 'update'; assignments: readonly UpdateAssignment[] } & PickedRows;

/** The compound operators are already written out as expressions. */
export type UpdateAssignment = { column: ColumnReference; value: InsertValue };

export type DeleteStatement = { kind: 'delete' } & PickedRows;

// ---------------------------------------------------------------------------------------------------- control

export type ControlStatement =
  | { kind: 'declare'; variables: readonly VariableDeclaration[] }
  /** The compound operators are already written out as expressions. */
  | { kind: 'setVariable'; variable: VariableReference; value: Expression }
  | SetOption
  | { kind: 'if'; condition: Condition; whenTrue: Statement; whenFalse?: Statement | undefined }
  | { kind: 'block'; statements: readonly Statement[] }
  | { kind: 'beginTransaction'; name?: TransactionName | undefined }
  | { kind: 'commit'; name?: TransactionName | undefined }
  | { kind: 'rollback'; name?: TransactionName | undefined }
  | { kind: 'saveTransaction'; name: TransactionName }
  | { kind: 'use'; database: string }
  /** `delay` is text of the form hh:mm[:ss[.mmm]], or a variable that holds it. */
  | { kind: 'waitFor'; delay: Expression };

export type TransactionName = string | VariableReference;

export type VariableDeclaration = {
  variable: VariableReference;
  type: SqlType;
  value?: Expression | undefined;
};

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

/** `result` is the variable of EXEC @result = … */
export type ExecuteStatement = {
  kind: 'execute';
  result?: VariableReference | undefined;
  procedure: ObjectName;
  arguments: readonly ExecuteArgument[];
};

/** `value` absent means DEFAULT. A bare word is a string, as in T-SQL. */
export type ExecuteArgument = { name?: string | undefined; value?: Expression | undefined; output: boolean };

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
  | { kind: 'alterDatabase'; database?: string | undefined; change: DatabaseChange }
  | { kind: 'createLogin'; login: string; password: string }
  | { kind: 'dropLogin'; login: string }
  | { kind: 'createUser'; user: string; login: string }
  | { kind: 'dropUser'; user: string; ifExists: boolean }
  | { kind: 'alterRole'; role: string; change: 'add' | 'drop'; member: string }
  | PermissionStatement;

export type DatabaseChange =
  { kind: 'compatibilityLevel'; level: number } | { kind: 'readCommittedSnapshot'; on: boolean };

export type PermissionStatement = {
  kind: 'permission';
  action: 'grant' | 'deny' | 'revoke';
  /** In upper case. */
  permissions: readonly string[];
  /** Absent: the whole database. */
  on?: { kind: 'object'; object: ObjectName } | { kind: 'schema'; schema: string } | undefined;
  to: readonly string[];
};

export type TableElement = ColumnDefinition | TableConstraint;

export type ColumnDefinition = {
  kind: 'column';
  name: string;
  type: SqlType;
  /** Absent: not said. */
  nullable?: boolean;
  identity?: { seed: string; increment: string };
  default?: { name?: string | undefined; value: Expression; withValues: boolean };
  constraints: readonly ColumnConstraint[];
  line: number;
};

type Key = { kind: 'primaryKey' | 'unique'; name?: string | undefined; clustered?: boolean | undefined };
/** `source` is the condition's own text. */
type Check = { kind: 'check'; name?: string | undefined; condition: Condition; source: string };
type Reference = {
  name?: string | undefined;
  table: ObjectName;
  onDelete: ReferentialAction;
  onUpdate: ReferentialAction;
};

export type ColumnConstraint =
  Key | Check | ({ kind: 'references'; column?: string | undefined } & Reference);

export type TableConstraint =
  | (Key & { columns: readonly IndexColumn[] })
  | Check
  | ({ kind: 'foreignKey'; columns: readonly string[]; referenced: readonly string[] } & Reference)
  /** ALTER TABLE … ADD [CONSTRAINT name] DEFAULT value FOR column. */
  | { kind: 'default'; name?: string | undefined; value: Expression; column: string; withValues: boolean };

export type ReferentialAction = 'noAction' | 'cascade' | 'setNull' | 'setDefault';

export type IndexColumn = { name: string; descending: boolean };

export type CreateIndex = {
  kind: 'createIndex';
  name: string;
  unique: boolean;
  clustered: boolean;
  table: ObjectName;
  columns: readonly IndexColumn[];
  include: readonly string[];
  where?: Condition | undefined;
  /** `where` as it was written. */
  whereSource?: string | undefined;
};
