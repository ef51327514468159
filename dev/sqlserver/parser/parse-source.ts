import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { acceptAlias, acceptNames, parseObjectName } from './parse-names.ts';
import { parseQuery } from './parse-query.ts';
import type { OpenJson, TableHint, TableSource } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** FROM and its sources, if it stands here. */
export function parseFrom(tokens: TokenStream): TableSource[] {
  return tokens.after('FROM', () => tokens.list(parseJoins)) ?? [];
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
  const right = tokens.expectThen('JOIN', parseJoins);
  return { kind: 'join', join: side ?? 'inner', left, right, on: tokens.expectThen('ON', parseCondition) };
}

function parseSource(tokens: TokenStream): TableSource {
  const { line } = tokens.current;
  if (tokens.accept('OPENJSON (')) return parseOpenJson(tokens, line);
  if (tokens.sees('( SELECT')) {
    const query = tokens.bracketed(parseQuery);
    return {
      kind: 'derived',
      query,
      alias: acceptAlias(tokens) ?? tokens.fail(),
      columns: acceptNames(tokens),
    };
  }
  if (tokens.sees('( VALUES')) return parseValuesSource(tokens, line);
  if (tokens.sees('(')) return tokens.bracketed(parseJoins);
  const table = parseObjectName(tokens);
  if (tokens.sees('(')) tokens.refuse('functions as tables but OPENJSON, and hints without WITH');
  return { kind: 'table', table, line, alias: acceptAlias(tokens), hints: parseHints(tokens) };
}

function parseValuesSource(tokens: TokenStream, line: number): TableSource {
  const rows = tokens.bracketed(() =>
    tokens.expectThen('VALUES', () => tokens.list(() => tokens.bracketedList(parseExpression))),
  );
  const alias = acceptAlias(tokens) ?? tokens.fail();
  return { kind: 'values', rows, alias, columns: acceptNames(tokens) ?? tokens.fail(), line };
}

/** After `OPENJSON (`. */
function parseOpenJson(tokens: TokenStream, line: number): OpenJson {
  const json = parseExpression(tokens);
  const path = tokens.after(',', parseExpression);
  tokens.expect(')');
  if (!tokens.accept('WITH')) return tokens.refuse('OPENJSON without WITH');
  const columns = tokens.bracketedList(parseJsonColumn);
  return { kind: 'openJson', json, path, columns, alias: acceptAlias(tokens), line };
}

function parseJsonColumn(tokens: TokenStream): OpenJson['columns'][number] {
  return {
    name: tokens.name(),
    type: parseDataType(tokens, 'definition'),
    path: tokens.seesKind('string') ? tokens.next().text : undefined,
    asJson: tokens.accept('AS JSON'),
  };
}

const hints: ReadonlySet<string> = new Set<TableHint>([
  ...(['NOLOCK', 'READUNCOMMITTED', 'READCOMMITTED', 'READCOMMITTEDLOCK', 'REPEATABLEREAD'] as const),
  ...(['SERIALIZABLE', 'HOLDLOCK', 'READPAST', 'ROWLOCK', 'PAGLOCK', 'TABLOCK', 'TABLOCKX'] as const),
  ...(['UPDLOCK', 'XLOCK', 'NOWAIT'] as const),
]);

function isHint(word: string): word is TableHint {
  return hints.has(word);
}

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
