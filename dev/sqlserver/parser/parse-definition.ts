import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { acceptNames, parseName, parseObjectName } from './parse-names.ts';
import type {
  ColumnConstraint,
  ColumnDefinition,
  Condition,
  CreateIndex,
  DefinitionStatement,
  IndexColumn,
  ReferentialAction,
  TableConstraint,
  TableElement,
} from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** Statements on tables and indexes, by their first words. */
export const definitions: Readonly<Record<string, Parse<DefinitionStatement>>> = {
  'CREATE TABLE': (tokens) => {
    const table = parseObjectName(tokens);
    const elements = tokens.bracketedList(parseTableElement);
    tokens.refuseIf('ON', 'filegroups');
    return { kind: 'createTable', table, elements };
  },
  'CREATE INDEX': (tokens) => parseIndex(tokens, false, false),
  'CREATE CLUSTERED INDEX': (tokens) => parseIndex(tokens, false, true),
  'CREATE NONCLUSTERED INDEX': (tokens) => parseIndex(tokens, false, false),
  'CREATE UNIQUE INDEX': (tokens) => parseIndex(tokens, true, false),
  'CREATE UNIQUE CLUSTERED INDEX': (tokens) => parseIndex(tokens, true, true),
  'CREATE UNIQUE NONCLUSTERED INDEX': (tokens) => parseIndex(tokens, true, false),
  'ALTER TABLE': (tokens) => {
    const table = parseObjectName(tokens);
    const withNoCheck = tokens.acceptOneOf('WITH NOCHECK', 'WITH CHECK') === 'WITH NOCHECK';
    if (!tokens.accept('ADD')) tokens.refuse(`ALTER TABLE … ${tokens.near()}`);
    return { kind: 'alterTableAdd', table, elements: tokens.list(parseTableElement), withNoCheck };
  },
  'TRUNCATE TABLE': (tokens) => ({ kind: 'truncateTable', table: parseObjectName(tokens) }),
  'DROP TABLE': (tokens) => ({
    kind: 'dropTable',
    ifExists: tokens.accept('IF EXISTS'),
    tables: tokens.list(parseObjectName),
  }),
  'DROP INDEX': (tokens) => ({
    kind: 'dropIndex',
    ifExists: tokens.accept('IF EXISTS'),
    index: tokens.name(),
    table: tokens.expectThen('ON', parseObjectName),
  }),
};

function parseIndex(tokens: TokenStream, unique: boolean, clustered: boolean): CreateIndex {
  const name = tokens.name();
  const table = tokens.expectThen('ON', parseObjectName);
  const columns = parseIndexColumns(tokens);
  const include = tokens.after('INCLUDE', () => tokens.bracketedList(parseName)) ?? [];
  const filter = tokens.after('WHERE', parseConditionWithSource);
  const where = { where: filter?.condition, whereSource: filter?.source };
  return { kind: 'createIndex', name, unique, clustered, table, columns, include, ...where };
}

function parseIndexColumns(tokens: TokenStream): IndexColumn[] {
  return tokens.bracketedList(() => ({
    name: tokens.name(),
    descending: tokens.acceptOneOf('ASC', 'DESC') === 'DESC',
  }));
}

/** A condition together with its own text. */
function parseConditionWithSource(tokens: TokenStream): { condition: Condition; source: string } {
  const start = tokens.current;
  const condition = parseCondition(tokens);
  return { condition, source: tokens.textSince(start) };
}

const tableConstraints: Readonly<Record<string, Parse<TableConstraint>>> = {
  'PRIMARY KEY': (tokens) => parseKey(tokens, 'primaryKey'),
  UNIQUE: (tokens) => parseKey(tokens, 'unique'),
  CHECK: parseCheck,
  'FOREIGN KEY': (tokens) => {
    const columns = tokens.bracketedList(parseName);
    const { referenced, ...reference } = tokens.expectThen('REFERENCES', parseReference);
    return { kind: 'foreignKey', columns, referenced, ...reference };
  },
  DEFAULT: (tokens) => ({
    kind: 'default',
    value: parseExpression(tokens),
    column: tokens.expectThen('FOR', parseName),
    withValues: tokens.accept('WITH VALUES'),
  }),
};

function parseTableElement(tokens: TokenStream): TableElement {
  tokens.refuseIf('INDEX', 'INDEX inside CREATE TABLE');
  const name = tokens.after('CONSTRAINT', parseName);
  const constraint = tokens.choose(tableConstraints)?.(tokens);
  if (constraint) return { ...constraint, name };
  return name === undefined ? parseColumn(tokens) : tokens.fail();
}

interface ColumnParts extends Pick<ColumnDefinition, 'nullable' | 'identity' | 'default'> {
  constraints: ColumnConstraint[];
}

const columnParts: Readonly<
  Record<string, (tokens: TokenStream, column: ColumnParts, name?: string) => void>
> = {
  'NOT NULL': (_, column) => {
    column.nullable = false;
  },
  NULL: (_, column) => {
    column.nullable = true;
  },
  IDENTITY: (tokens, column) => {
    column.identity = tokens.sees('(') ? tokens.bracketed(parseIdentity) : { seed: '1', increment: '1' };
  },
  DEFAULT: (tokens, column, name) => {
    column.default = { name, value: parseExpression(tokens), withValues: tokens.accept('WITH VALUES') };
  },
  'PRIMARY KEY': (tokens, column, name) => {
    column.constraints.push({ kind: 'primaryKey', name, clustered: acceptClustered(tokens) });
  },
  UNIQUE: (tokens, column, name) => {
    column.constraints.push({ kind: 'unique', name, clustered: acceptClustered(tokens) });
  },
  CHECK: (tokens, column, name) => {
    column.constraints.push({ ...parseCheck(tokens), name });
  },
  'FOREIGN KEY REFERENCES': parseColumnReference,
  REFERENCES: parseColumnReference,
};

function parseColumn(tokens: TokenStream): ColumnDefinition {
  const { line } = tokens.current;
  const name = tokens.name();
  tokens.refuseIf('AS', 'computed columns');
  const type = parseDataType(tokens, 'definition');
  const parts: ColumnParts = { constraints: [] };
  for (;;) {
    const constraint = tokens.after('CONSTRAINT', parseName);
    const parse = tokens.choose(columnParts) ?? (constraint === undefined ? undefined : tokens.fail());
    if (!parse) break;
    parse(tokens, parts, constraint);
  }
  return { kind: 'column', name, type, line, ...parts };
}

function parseIdentity(tokens: TokenStream): { seed: string; increment: string } {
  const seed = tokens.signedNumber();
  return { seed, increment: tokens.expectThen(',', () => tokens.signedNumber()) };
}

function parseColumnReference(tokens: TokenStream, column: ColumnParts, name?: string): void {
  const { referenced, ...reference } = parseReference(tokens);
  if (referenced.length > 1) tokens.fail();
  column.constraints.push({ kind: 'references', name, column: referenced[0], ...reference });
}

type Key = Extract<TableConstraint, { columns: readonly IndexColumn[]; kind: 'primaryKey' | 'unique' }>;

function parseKey(tokens: TokenStream, kind: Key['kind']): Key {
  const clustered = acceptClustered(tokens);
  const columns = parseIndexColumns(tokens);
  return { kind, clustered, columns };
}

function acceptClustered(tokens: TokenStream): boolean | undefined {
  return tokens.choose({ CLUSTERED: true, NONCLUSTERED: false });
}

function parseCheck(tokens: TokenStream): Extract<TableConstraint, { kind: 'check' }> {
  return { kind: 'check', ...tokens.bracketed(parseConditionWithSource) };
}

/** After the word REFERENCES. */
function parseReference(tokens: TokenStream) {
  const table = parseObjectName(tokens);
  const referenced = acceptNames(tokens) ?? [];
  const actions: Record<'onDelete' | 'onUpdate', ReferentialAction> = {
    onDelete: 'noAction',
    onUpdate: 'noAction',
  };
  for (;;) {
    const event = tokens.choose({ 'ON DELETE': 'onDelete', 'ON UPDATE': 'onUpdate' });
    if (!event) return { table, referenced, ...actions };
    actions[event] = tokens.choose(referentialActions) ?? tokens.fail();
  }
}

const referentialActions: Readonly<Record<string, ReferentialAction>> = {
  'NO ACTION': 'noAction',
  CASCADE: 'cascade',
  'SET NULL': 'setNull',
  'SET DEFAULT': 'setDefault',
};
