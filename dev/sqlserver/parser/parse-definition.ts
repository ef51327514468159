import { after, brackets, choice, flag, list, node, optional, shape } from './grammar.ts';
import type { Parsed } from './grammar.ts';
import { line, name, names, objectName, optionalNames, signedNumber } from './names.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import type { ColumnConstraint, ColumnDefinition, TableElement } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const indexColumns = brackets(list(shape({ name, descending: flag('DESC', 'ASC') })));
const clustered = (tokens: TokenStream) => tokens.choose({ CLUSTERED: true, NONCLUSTERED: false });
const check = node('check', { condition: brackets(parseCondition) });
const withValues = flag('WITH VALUES');
const defaultValue = shape({ value: parseExpression, withValues });
const identity = brackets(shape({ seed: signedNumber, increment: after(',', signedNumber) }));
const action = choice({
  ...({ 'NO ACTION': 'noAction', CASCADE: 'cascade' } as const),
  ...({ 'SET NULL': 'setNull', 'SET DEFAULT': 'setDefault' } as const),
});

type Action = Parsed<typeof action>;

/** ON DELETE and ON UPDATE, in any order. */
function parseActions(tokens: TokenStream): { onDelete: Action; onUpdate: Action } {
  const actions: { onDelete: Action; onUpdate: Action } = { onDelete: 'noAction', onUpdate: 'noAction' };
  for (;;) {
    const event = tokens.choose({ 'ON DELETE': 'onDelete', 'ON UPDATE': 'onUpdate' });
    if (!event) return actions;
    actions[event] = action(tokens);
  }
}

const references = (tokens: TokenStream) => ({
  kind: 'references' as const,
  table: objectName(tokens),
  column: tokens.sees('(') ? brackets(name)(tokens) : undefined,
  ...parseActions(tokens),
});

export const columnConstraints = {
  'PRIMARY KEY': node('primaryKey', { clustered }),
  UNIQUE: node('unique', { clustered }),
  CHECK: check,
  'FOREIGN KEY REFERENCES': references,
  REFERENCES: references,
};

export const tableConstraints = {
  'PRIMARY KEY': node('primaryKey', { clustered, columns: indexColumns }),
  UNIQUE: node('unique', { clustered, columns: indexColumns }),
  CHECK: check,
  'FOREIGN KEY': (tokens: TokenStream) => ({
    kind: 'foreignKey' as const,
    columns: names(tokens),
    table: after('REFERENCES', objectName)(tokens),
    referenced: optionalNames(tokens) ?? [],
    ...parseActions(tokens),
  }),
  /** Only after ALTER TABLE … ADD. */
  DEFAULT: node('default', { value: parseExpression, column: after('FOR', name), withValues }),
};

function parseTableElement(tokens: TokenStream): TableElement {
  tokens.refuseIf('INDEX', 'INDEX inside CREATE TABLE');
  const constraintName = optional('CONSTRAINT', name)(tokens);
  const constraint = tokens.choose(tableConstraints)?.(tokens);
  if (constraint) return { ...constraint, name: constraintName };
  return constraintName === undefined ? parseColumn(tokens) : tokens.fail();
}

function parseColumn(tokens: TokenStream): ColumnDefinition {
  const at = line(tokens);
  const columnName = tokens.name();
  tokens.refuseIf('AS', 'computed columns');
  const column: ColumnDefinition & { constraints: ColumnConstraint[] } = {
    kind: 'column',
    name: columnName,
    type: parseDataType(tokens, 'definition'),
    constraints: [],
    line: at,
  };
  for (;;) {
    const constraintName = optional('CONSTRAINT', name)(tokens);
    const constraint = tokens.choose(columnConstraints)?.(tokens);
    if (constraint) column.constraints.push({ ...constraint, name: constraintName });
    else if (tokens.accept('DEFAULT')) column.default = { name: constraintName, ...defaultValue(tokens) };
    else if (tokens.accept('NOT NULL')) column.nullable = false;
    else if (tokens.accept('NULL')) column.nullable = true;
    else if (constraintName !== undefined) return tokens.fail();
    else if (tokens.accept('IDENTITY'))
      column.identity = tokens.sees('(') ? identity(tokens) : { seed: '1', increment: '1' };
    else return column;
  }
}

function parseElements(tokens: TokenStream): TableElement[] {
  const elements = brackets(list(parseTableElement))(tokens);
  tokens.refuseIf('ON', 'filegroups');
  return elements;
}

function parseAdded(tokens: TokenStream): TableElement[] {
  if (!tokens.accept('ADD')) tokens.refuse(`ALTER TABLE … ${tokens.near()}`);
  return tokens.list(parseTableElement);
}

const ifExists = flag('IF EXISTS');

/** Statements on tables and indexes, by their first words; CREATE of anything else ends at the index too. */
export const definitions = {
  'CREATE TABLE': node('createTable', { table: objectName, elements: parseElements }),
  CREATE: node('createIndex', {
    unique: flag('UNIQUE'),
    clustered: flag('CLUSTERED', 'NONCLUSTERED'),
    name: parseIndexName,
    table: after('ON', objectName),
    columns: indexColumns,
    include: (tokens) => (tokens.accept('INCLUDE') ? names(tokens) : []),
    where: optional('WHERE', parseCondition),
  }),
  'ALTER TABLE': node('alterTableAdd', {
    table: objectName,
    withNoCheck: flag('WITH NOCHECK', 'WITH CHECK'),
    elements: parseAdded,
  }),
  'TRUNCATE TABLE': node('truncateTable', { table: objectName }),
  'DROP TABLE': node('dropTable', { ifExists, tables: list(objectName) }),
  'DROP INDEX': node('dropIndex', { ifExists, index: name, table: after('ON', objectName) }),
};

function parseIndexName(tokens: TokenStream): string {
  const { kind, symbol } = tokens.current;
  if (kind === 'word' && symbol !== 'INDEX') tokens.refuse(`CREATE ${symbol}`);
  return after('INDEX', name)(tokens);
}
