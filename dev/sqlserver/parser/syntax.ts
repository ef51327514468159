/**
 * The syntax tree of the T-SQL subset. Values (`Expression`) and search conditions (`Condition`) are different
 * grammars in T-SQL, so they are different types here. Names keep the case they were written in; `line` counts from 1
 * within the batch.
 */
import type { SqlType } from '../contract.ts';
import type { Parsed } from './grammar.ts';
import type { control, settings } from './parse-control.ts';
import type { columnConstraints, definitions, tableConstraints } from './parse-definition.ts';
import type { DatePart } from './parse-expression.ts';
import type { security } from './parse-security.ts';
import type { tableHints } from './parse-query.ts';
import type { writes } from './parse-write.ts';

export type { DatePart };
export type Batch = { statements: readonly Statement[] };

/** `database.schema.name` */
export type ObjectName = { database?: string | undefined; schema?: string | undefined; name: string };

export type Expression =
  | Literal
  | ColumnReference
  | VariableReference
  | SystemVariable
  | { kind: 'unary'; operator: '-' | '+'; operand: Expression }
  | { kind: 'binary'; operator: Arithmetic; left: Expression; right: Expression }
  | ({ kind: 'case'; operand: Expression } & Branches<Expression>)
  | ({ kind: 'caseWhen' } & Branches<Condition>)
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

export type Arithmetic = '+' | '-' | '*' | '/' | '%';

interface Branches<When> {
  branches: readonly { when: When; result: Expression }[];
  otherwise?: Expression | undefined;
}

export type FunctionCall = {
  kind: 'call';
  /** In upper case. */
  name: string;
  written: string;
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

/** CAST and CONVERT and their TRY_ forms. */
type ConversionExpression = {
  kind: 'conversion';
  try: boolean;
  operand: Expression;
  type: SqlType;
  style?: Expression | undefined;
  line: number;
};

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

export type Query = {
  body: QueryBody;
  orderBy: readonly OrderItem[];
  offset?: Expression | undefined;
  fetch?: Expression | undefined;
};

export type QueryBody =
  | QuerySpecification
  | { kind: 'setOperation'; operator: SetOperator; all: boolean; left: QueryBody; right: QueryBody };

export type SetOperator = 'union' | 'except' | 'intersect';

export type QuerySpecification = {
  kind: 'select';
  distinct: boolean;
  top?: Expression | undefined;
  /** TOP … WITH TIES. */
  ties: boolean;
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
  | { kind: 'values'; rows: readonly Row[]; alias: string; columns: readonly string[]; line: number }
  | OpenJson
  | ({ kind: 'join'; join: 'inner' | 'left' | 'right' | 'full'; on: Condition } & Sides)
  | ({ kind: 'crossJoin' } & Sides)
  | ({ kind: 'apply'; outer: boolean } & Sides);

type Row = readonly Expression[];
type Sides = { left: TableSource; right: TableSource };

export type TableReference = {
  kind: 'table';
  table: ObjectName;
  alias?: string | undefined;
  hints: readonly TableHint[];
  line: number;
};

export type TableHint = (typeof tableHints)[number];

export type OpenJson = {
  kind: 'openJson';
  json: Expression;
  path?: Expression | undefined;
  columns: readonly { name: string; type: SqlType; path?: string | undefined; asJson: boolean }[];
  alias?: string | undefined;
  line: number;
};

/** `line` is that of the statement's first word. The statements without parts that repeat are typed by their parsers. */
/** `maxRecursion`: of OPTION; 0 = without end. */
export type Statement = { line: number; maxRecursion?: number | undefined } & StatementBody;

export type StatementBody =
  | SelectStatement
  | WriteStatement
  | DefinitionStatement
  | SimpleStatement
  | { kind: 'if'; condition: Condition; whenTrue: Statement; whenFalse?: Statement | undefined }
  | { kind: 'block'; statements: readonly Statement[] };

export type SelectStatement = { kind: 'select'; with: readonly CommonTableExpression[]; query: Query };

type Of<Table> = Parsed<Table[keyof Table]>;
type WriteStatement = Of<typeof writes>;
export type InsertStatement = Extract<WriteStatement, { kind: 'insert' }>;
export type UpdateStatement = Extract<WriteStatement, { kind: 'update' }>;
export type DeleteStatement = Extract<WriteStatement, { kind: 'delete' }>;

export type DefinitionStatement = Of<typeof definitions> | Of<typeof security>;
export type CreateIndex = Extract<DefinitionStatement, { kind: 'createIndex' }>;
export type PermissionStatement = Extract<DefinitionStatement, { kind: 'permission' }>;

type SimpleStatement = Of<typeof control> | Of<typeof settings>;
export type SetOption = Exclude<Of<typeof settings>, { kind: 'setVariable' }>;
export type ExecuteStatement = Extract<SimpleStatement, { kind: 'execute' }>;
export type VariableDeclaration = Extract<SimpleStatement, { kind: 'declare' }>['variables'][number];
export type TransactionName = string | VariableReference;

export type TableElement = ColumnDefinition | TableConstraint;
type Named = { name?: string | undefined };
export type ColumnConstraint = Of<typeof columnConstraints> & Named;
export type TableConstraint = Of<typeof tableConstraints> & Named;

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
