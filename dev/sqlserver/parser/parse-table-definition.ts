import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { parseObjectName } from './parse-names.ts';
import { parseNameList } from './parse-query.ts';
import type {
  ColumnConstraint,
  ColumnDefinition,
  Condition,
  IndexColumn,
  InlineIndex,
  ReferentialAction,
  TableConstraint,
  TableElement,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** Columns, constraints and indexes, as they stand in CREATE TABLE and after ALTER TABLE … ADD. */
export function parseTableElements(tokens: TokenStream): TableElement[] {
  return tokens.list(() => parseTableElement(tokens));
}

function parseTableElement(tokens: TokenStream): TableElement {
  if (tokens.accept('INDEX')) return parseInlineIndex(tokens);
  const constraint = acceptTableConstraint(tokens);
  if (constraint) return constraint;
  if (tokens.sees('PERIOD', 'FOR')) tokens.refuse('PERIOD FOR SYSTEM_TIME');
  const { line } = tokens.current;
  const name = tokens.name();
  if (!tokens.accept('AS')) return parseColumnDefinition(tokens, name, line);
  const expression = parseExpression(tokens);
  return { kind: 'computedColumn', name, expression, persisted: tokens.accept('PERSISTED') };
}

function parseColumnDefinition(tokens: TokenStream, name: string, line: number): ColumnDefinition {
  const type = parseDataType(tokens, 'definition');
  const constraints: ColumnConstraint[] = [];
  const parts: Partial<ColumnDefinition> = {};
  let rowGuid = false;
  for (;;) {
    if (tokens.accept('ROWGUIDCOL')) rowGuid = true;
    else if (tokens.accept('COLLATE')) parts.collation = tokens.name();
    else if (tokens.accept('IDENTITY')) parts.identity = parseIdentity(tokens);
    else if (!acceptColumnConstraint(tokens, parts, constraints)) break;
  }
  if (tokens.seesOneOf('SPARSE', 'MASKED', 'ENCRYPTED', 'GENERATED', 'HIDDEN', 'FILESTREAM', 'INDEX')) {
    tokens.refuse(`the column option ${tokens.current.text}`);
  }
  return { kind: 'column', name, type, rowGuid, constraints, line, ...parts };
}

function parseIdentity(tokens: TokenStream): { seed: string; increment: string } {
  if (!tokens.accept('(')) return { seed: '1', increment: '1' };
  const seed = parseSignedNumber(tokens);
  tokens.expect(',');
  const increment = parseSignedNumber(tokens);
  tokens.expect(')');
  return { seed, increment };
}

function parseSignedNumber(tokens: TokenStream): string {
  const sign = tokens.accept('-') ? '-' : '';
  return sign + tokens.kind('integer').text;
}

/** Reads one constraint of a column into `parts` or `constraints`; false where none follows. */
function acceptColumnConstraint(
  tokens: TokenStream,
  parts: Partial<ColumnDefinition>,
  constraints: ColumnConstraint[],
): boolean {
  const named = tokens.accept('CONSTRAINT') ? { name: tokens.name() } : {};
  if (tokens.accept('NOT', 'NULL')) parts.nullable = false;
  else if (tokens.accept('NULL')) parts.nullable = true;
  else if (tokens.accept('DEFAULT')) {
    const value = parseExpression(tokens);
    parts.default = { ...named, value, withValues: tokens.accept('WITH', 'VALUES') };
  } else {
    const constraint = acceptConstraintOfColumn(tokens, named);
    if (!constraint) return 'name' in named ? tokens.fail() : false;
    constraints.push(constraint);
  }
  return true;
}

function acceptConstraintOfColumn(
  tokens: TokenStream,
  named: { name?: string },
): ColumnConstraint | undefined {
  const key = acceptKeyWords(tokens);
  if (key) {
    const clustered = acceptClustered(tokens);
    acceptStorageOptions(tokens);
    return { kind: key, ...named, ...clustered };
  }
  if (tokens.accept('CHECK')) return { kind: 'check', ...named, ...parseCheck(tokens) };
  const foreign = tokens.accept('FOREIGN', 'KEY');
  if (!tokens.accept('REFERENCES')) return foreign ? tokens.fail() : undefined;
  const table = parseObjectName(tokens);
  const column = tokens.sees('(') ? tokens.bracketed(() => tokens.name()) : undefined;
  return {
    kind: 'references',
    ...named,
    table,
    ...(column !== undefined && { column }),
    ...parseReferentialActions(tokens),
  };
}

function acceptTableConstraint(tokens: TokenStream): TableConstraint | undefined {
  const named = tokens.accept('CONSTRAINT') ? { name: tokens.name() } : {};
  const key = acceptKeyWords(tokens);
  if (key) {
    const clustered = acceptClustered(tokens);
    const columns = parseIndexColumns(tokens);
    acceptStorageOptions(tokens);
    return { kind: key, ...named, ...clustered, columns };
  }
  if (tokens.accept('CHECK')) return { kind: 'check', ...named, ...parseCheck(tokens) };
  if (tokens.accept('FOREIGN', 'KEY')) return parseForeignKey(tokens, named);
  if (tokens.accept('DEFAULT')) {
    const value = parseExpression(tokens);
    tokens.expect('FOR');
    const column = tokens.name();
    return { kind: 'default', ...named, value, column, withValues: tokens.accept('WITH', 'VALUES') };
  }
  return 'name' in named ? tokens.fail() : undefined;
}

function parseForeignKey(tokens: TokenStream, named: { name?: string }): TableConstraint {
  const columns = parseNameList(tokens);
  tokens.expect('REFERENCES');
  const table = parseObjectName(tokens);
  const referenced = tokens.sees('(') ? parseNameList(tokens) : [];
  return { kind: 'foreignKey', ...named, columns, table, referenced, ...parseReferentialActions(tokens) };
}

function parseReferentialActions(tokens: TokenStream): {
  onDelete: ReferentialAction;
  onUpdate: ReferentialAction;
} {
  const actions = { onDelete: 'noAction', onUpdate: 'noAction' } as {
    onDelete: ReferentialAction;
    onUpdate: ReferentialAction;
  };
  while (tokens.accept('ON')) {
    const event = tokens.expectOneOf('DELETE', 'UPDATE');
    actions[event === 'DELETE' ? 'onDelete' : 'onUpdate'] = parseReferentialAction(tokens);
  }
  if (tokens.sees('NOT', 'FOR')) tokens.refuse('NOT FOR REPLICATION');
  return actions;
}

function parseReferentialAction(tokens: TokenStream): ReferentialAction {
  if (tokens.accept('NO')) {
    tokens.expect('ACTION');
    return 'noAction';
  }
  if (tokens.accept('CASCADE')) return 'cascade';
  tokens.expect('SET');
  return tokens.expectOneOf('NULL', 'DEFAULT') === 'NULL' ? 'setNull' : 'setDefault';
}

function acceptKeyWords(tokens: TokenStream): 'primaryKey' | 'unique' | undefined {
  if (tokens.accept('PRIMARY', 'KEY')) return 'primaryKey';
  return tokens.accept('UNIQUE') ? 'unique' : undefined;
}

function acceptClustered(tokens: TokenStream): { clustered?: boolean } {
  const word = tokens.acceptOneOf('CLUSTERED', 'NONCLUSTERED');
  return word ? { clustered: word === 'CLUSTERED' } : {};
}

function parseCheck(tokens: TokenStream): { condition: Condition; source: string } {
  return tokens.bracketed(() => parseConditionWithSource(tokens));
}

/** A condition together with its own text. */
export function parseConditionWithSource(tokens: TokenStream): { condition: Condition; source: string } {
  const start = tokens.current;
  const condition = parseCondition(tokens);
  return { condition, source: tokens.textSince(start) };
}

export function parseIndexColumns(tokens: TokenStream): IndexColumn[] {
  return tokens.bracketed(() =>
    tokens.list(() => {
      const name = tokens.name();
      return { name, descending: tokens.acceptOneOf('ASC', 'DESC') === 'DESC' };
    }),
  );
}

/** From the name of an index inside a table definition on. */
function parseInlineIndex(tokens: TokenStream): InlineIndex {
  const name = tokens.name();
  const unique = tokens.accept('UNIQUE');
  const clustered = tokens.acceptOneOf('CLUSTERED', 'NONCLUSTERED') === 'CLUSTERED';
  const columns = parseIndexColumns(tokens);
  const include = tokens.accept('INCLUDE') ? parseNameList(tokens) : [];
  const where = tokens.accept('WHERE') ? parseCondition(tokens) : undefined;
  acceptStorageOptions(tokens);
  return { kind: 'index', name, unique, clustered, columns, include, ...(where && { where }) };
}

const harmlessOptions = [
  'ALLOW_PAGE_LOCKS',
  'ALLOW_ROW_LOCKS',
  'FILLFACTOR',
  'MAXDOP',
  'OPTIMIZE_FOR_SEQUENTIAL_KEY',
  'ONLINE',
  'PAD_INDEX',
  'SORT_IN_TEMPDB',
  'STATISTICS_NORECOMPUTE',
];

/** WITH (…) and ON [PRIMARY]: how SQL Server stores the rows. What changes no result is read and forgotten. */
export function acceptStorageOptions(tokens: TokenStream): void {
  if (tokens.accept('WITH', '(')) {
    tokens.list(() => {
      const off = tokens.acceptOneOf('IGNORE_DUP_KEY', 'DROP_EXISTING');
      if (!off && !tokens.acceptOneOf(...harmlessOptions))
        tokens.refuse(`the index option ${tokens.current.text}`);
      tokens.expect('=');
      if (off && !tokens.sees('OFF')) tokens.refuse(`${off} = ON`);
      if (!tokens.acceptOneOf('ON', 'OFF')) tokens.wholeNumber();
    });
    tokens.expect(')');
  }
  for (const word of ['ON', 'TEXTIMAGE_ON']) {
    const filegroup = tokens.peek(1).text.toUpperCase();
    if (tokens.sees(word) && tokens.seesName(1)) {
      if (filegroup !== 'PRIMARY') tokens.refuse('filegroups');
      tokens.accept(word);
      tokens.name();
    }
  }
}
