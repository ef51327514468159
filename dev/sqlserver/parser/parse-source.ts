import {
  after,
  before,
  brackets,
  flag,
  line,
  lineOf,
  list,
  name,
  names,
  node,
  objectName,
  optional,
  optionalAlias,
  optionalList,
  optionalNames,
  shape,
} from './grammar.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { parseQuery } from './parse-query.ts';
import type { ObjectName, OpenJson, TableHint, TableSource } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** FROM and its sources, if it stands here. */
export function parseFrom(tokens: TokenStream): TableSource[] {
  return optionalList('FROM', parseJoins)(tokens);
}

function parseJoins(tokens: TokenStream): TableSource {
  return tokens.nested(() => tokens.grow(parseSource(tokens), (left) => acceptJoin(tokens, left)));
}

function acceptJoin(tokens: TokenStream, left: TableSource): TableSource | undefined {
  if (tokens.accept('CROSS JOIN')) return { kind: 'crossJoin', left, right: parseSource(tokens) };
  const apply = tokens.acceptOneOf('CROSS APPLY', 'OUTER APPLY');
  if (apply) return { kind: 'apply', outer: apply === 'OUTER APPLY', left, right: parseSource(tokens) };
  const side = tokens.choose({ LEFT: 'left', RIGHT: 'right', FULL: 'full' });
  if (side) tokens.accept('OUTER');
  else if (!tokens.accept('INNER') && !tokens.sees('JOIN')) return undefined;
  const right = after('JOIN', parseJoins)(tokens);
  return { kind: 'join', join: side ?? 'inner', left, right, on: after('ON', parseCondition)(tokens) };
}

function parseSource(tokens: TokenStream): TableSource {
  if (tokens.sees('OPENJSON (')) return openJson(tokens);
  if (tokens.sees('( SELECT')) return derived(tokens);
  if (tokens.sees('( VALUES')) return values(tokens);
  return tokens.sees('(') ? brackets(parseJoins)(tokens) : table(tokens);
}

const alias: Parse<string> = (tokens) => optionalAlias(tokens) ?? tokens.fail();
const derived = node('derived', { query: brackets(parseQuery), alias, columns: optionalNames });
const values = node('values', {
  line,
  rows: brackets(after('VALUES', list(brackets(list(parseExpression))))),
  alias,
  columns: names,
});
const table = node('table', { line, table: parseTableName, alias: optionalAlias, hints: parseHints });
const jsonColumn = shape({
  name,
  type: (tokens) => parseDataType(tokens, 'definition'),
  path: (tokens) => (tokens.seesKind('string') ? tokens.next().text : undefined),
  asJson: flag('AS JSON'),
});
const openJson = node('openJson', {
  line: lineOf('OPENJSON ('),
  json: parseExpression,
  path: before(optional(',', parseExpression), ')'),
  columns: parseJsonColumns,
  alias: optionalAlias,
});

function parseTableName(tokens: TokenStream): ObjectName {
  const found = objectName(tokens);
  tokens.refuseIf('(', 'functions as tables but OPENJSON, and hints without WITH');
  return found;
}

function parseJsonColumns(tokens: TokenStream): OpenJson['columns'] {
  if (!tokens.accept('WITH')) tokens.refuse('OPENJSON without WITH');
  return brackets(list(jsonColumn))(tokens);
}

const tableHints: ReadonlySet<string> = new Set<TableHint>([
  ...(['NOLOCK', 'READUNCOMMITTED', 'READCOMMITTED', 'READCOMMITTEDLOCK', 'REPEATABLEREAD'] as const),
  ...(['SERIALIZABLE', 'HOLDLOCK', 'READPAST', 'ROWLOCK', 'PAGLOCK', 'TABLOCK', 'TABLOCKX'] as const),
  ...(['UPDLOCK', 'XLOCK', 'NOWAIT'] as const),
]);

/** WITH (hint[,] hint …), if it stands here. */
export function parseHints(tokens: TokenStream): TableHint[] {
  const found: TableHint[] = [];
  if (!tokens.accept('WITH (')) return found;
  do {
    const { symbol, text } = tokens.current;
    if (!isHint(symbol)) return tokens.refuse(`the table hint ${text}`);
    found.push(symbol);
    tokens.next();
    tokens.accept(',');
  } while (!tokens.accept(')'));
  return found;
}

function isHint(word: string): word is TableHint {
  return tableHints.has(word);
}
