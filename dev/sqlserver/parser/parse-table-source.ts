import { parseCall } from './parse-call.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { parseHints, parseObjectName } from './parse-names.ts';
import { parseNameList, parseQuery, seesQuery } from './parse-query.ts';
import type { FunctionCall, OpenJson, TableSource } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** What stands after FROM. */
export function parseTableSources(tokens: TokenStream): TableSource[] {
  return tokens.list(() => parseJoins(tokens, parseOperand(tokens)));
}

function parseJoins(tokens: TokenStream, first: TableSource): TableSource {
  const joined = tokens.nested(() => parseJoin(tokens, first));
  return joined === first ? first : tokens.nested(() => parseJoins(tokens, joined));
}

/** One more join onto `left`, or `left` itself where no join follows. */
function parseJoin(tokens: TokenStream, left: TableSource): TableSource {
  if (tokens.accept('CROSS')) {
    if (tokens.accept('APPLY')) return { kind: 'apply', outer: false, left, right: parseOperand(tokens) };
    tokens.expect('JOIN');
    return { kind: 'crossJoin', left, right: parseOperand(tokens) };
  }
  if (tokens.accept('OUTER')) {
    tokens.expect('APPLY');
    return { kind: 'apply', outer: true, left, right: parseOperand(tokens) };
  }
  const join = acceptJoinWords(tokens);
  if (!join) return left;
  const operand = parseOperand(tokens);
  const right = tokens.sees('ON') ? operand : parseJoins(tokens, operand);
  tokens.expect('ON');
  return { kind: 'join', join, left, right, on: parseCondition(tokens) };
}

function acceptJoinWords(tokens: TokenStream): 'inner' | 'left' | 'right' | 'full' | undefined {
  if (tokens.accept('JOIN')) return 'inner';
  const word = tokens.acceptOneOf('INNER', 'LEFT', 'RIGHT', 'FULL');
  if (!word) return undefined;
  if (word !== 'INNER') tokens.accept('OUTER');
  if (tokens.seesOneOf('LOOP', 'HASH', 'MERGE', 'REMOTE')) tokens.refuse('join hints');
  tokens.expect('JOIN');
  return word === 'INNER' ? 'inner' : word === 'LEFT' ? 'left' : word === 'RIGHT' ? 'right' : 'full';
}

function parseOperand(tokens: TokenStream): TableSource {
  const source = parseSource(tokens);
  if (tokens.seesOneOf('PIVOT', 'UNPIVOT')) tokens.refuse('PIVOT and UNPIVOT');
  if (tokens.sees('TABLESAMPLE')) tokens.refuse('TABLESAMPLE');
  if (tokens.sees('FOR', 'SYSTEM_TIME')) tokens.refuse('FOR SYSTEM_TIME');
  return source;
}

function parseSource(tokens: TokenStream): TableSource {
  if (tokens.accept('(')) return parseBracketedSource(tokens);
  const { kind, text, line } = tokens.current;
  if (kind === 'variable' && !text.startsWith('@@')) {
    tokens.next();
    return { kind: 'tableVariable', variable: { kind: 'variable', name: text, line }, ...parseAlias(tokens) };
  }
  if (tokens.seesOneOf('OPENROWSET', 'OPENQUERY', 'OPENDATASOURCE', 'OPENXML'))
    tokens.refuse(text.toUpperCase());
  if (tokens.accept('OPENJSON', '(')) return parseOpenJson(tokens, line);
  if (tokens.sees('STRING_SPLIT', '(')) return parseTableFunction(tokens);
  const table = parseObjectName(tokens);
  if (tokens.sees('(')) tokens.refuse('table functions of users, and hints without WITH');
  const alias = parseAlias(tokens);
  return { kind: 'table', table, ...alias, hints: parseHints(tokens), line };
}

function parseBracketedSource(tokens: TokenStream): TableSource {
  const { line } = tokens.current;
  if (seesQuery(tokens)) {
    const query = parseQuery(tokens);
    tokens.expect(')');
    const { alias, columns } = parseAliasWithColumns(tokens);
    return { kind: 'derived', query, alias: alias ?? tokens.fail(), ...(columns && { columns }) };
  }
  if (tokens.accept('VALUES')) {
    const rows = tokens.list(() => tokens.bracketed(() => tokens.list(() => parseExpression(tokens))));
    tokens.expect(')');
    const { alias, columns } = parseAliasWithColumns(tokens);
    return { kind: 'values', rows, alias: alias ?? tokens.fail(), columns: columns ?? tokens.fail(), line };
  }
  const source = tokens.nested(() => parseJoins(tokens, parseOperand(tokens)));
  tokens.expect(')');
  return source;
}

function parseTableFunction(tokens: TokenStream): TableSource {
  const call = parseCall(tokens);
  if (call.kind !== 'call' || call.over || call.withinGroup) return tokens.fail();
  return { kind: 'tableFunction', call: call satisfies FunctionCall, ...parseAliasWithColumns(tokens) };
}

function parseAlias(tokens: TokenStream): { alias?: string } {
  const said = tokens.accept('AS');
  return said || tokens.seesName() ? { alias: tokens.name() } : {};
}

function parseAliasWithColumns(tokens: TokenStream): { alias?: string; columns?: string[] } {
  const named = parseAlias(tokens);
  return named.alias !== undefined && tokens.sees('(') ? { ...named, columns: parseNameList(tokens) } : named;
}

/** After `OPENJSON (`. */
function parseOpenJson(tokens: TokenStream, line: number): OpenJson {
  const json = parseExpression(tokens);
  const path = tokens.accept(',') ? parseExpression(tokens) : undefined;
  tokens.expect(')');
  const columns = tokens.accept('WITH')
    ? tokens.bracketed(() => tokens.list(() => parseJsonColumn(tokens)))
    : undefined;
  return {
    kind: 'openJson',
    json,
    line,
    ...(path && { path }),
    ...(columns && { columns }),
    ...parseAlias(tokens),
  };
}

function parseJsonColumn(tokens: TokenStream): NonNullable<OpenJson['columns']>[number] {
  const name = tokens.name();
  const type = parseDataType(tokens, 'definition');
  const path = tokens.seesKind('string') ? tokens.next().text : undefined;
  const asJson = tokens.accept('AS', 'JSON');
  return { name, type, asJson, ...(path !== undefined && { path }) };
}
