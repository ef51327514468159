import { after, before, brackets, flag, list, node, optional, optionalList, shape } from './grammar.ts';
import { line, name, names, objectName, optionalAlias, optionalNames, variableName } from './names.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { acceptLiteral, parseExpression } from './parse-expression.ts';
import type { Expression, ObjectName, OpenJson, OrderItem, Query } from './syntax.ts';
import type { QueryBody, SelectItem, SetOperator, TableSource } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

export function parseQuery(tokens: TokenStream): Query {
  return tokens.nested(() => {
    const body = parseUnions(tokens);
    const orderBy = optionalList('ORDER BY', parseOrderItem)(tokens);
    return { body, orderBy, ...(orderBy.length > 0 && tokens.accept('OFFSET') && range(tokens)) };
  });
}

export function parseOrderItem(tokens: TokenStream): OrderItem {
  return { expression: parseExpression(tokens), descending: flag('DESC', 'ASC')(tokens) };
}

/** After the word OFFSET. */
const range = shape({
  offset: before(parseExpression, 'ROWS', 'ROW'),
  fetch: (tokens) =>
    tokens.acceptOneOf('FETCH NEXT', 'FETCH FIRST') &&
    before(parseExpression, 'ROWS ONLY', 'ROW ONLY')(tokens),
});

function parseUnions(tokens: TokenStream): QueryBody {
  return parseSetOperations(tokens, { UNION: 'union', EXCEPT: 'except' }, parseIntersections);
}

function parseIntersections(tokens: TokenStream): QueryBody {
  return parseSetOperations(tokens, { INTERSECT: 'intersect' }, parseOperand);
}

function parseSetOperations(
  tokens: TokenStream,
  operators: Readonly<Record<string, SetOperator>>,
  parseSide: Parse<QueryBody>,
): QueryBody {
  return tokens.grow(parseSide(tokens), (left) => {
    const operator = tokens.choose(operators);
    const all = operator === 'union' && tokens.accept('ALL');
    return operator && { kind: 'setOperation', operator, all, left, right: parseSide(tokens) };
  });
}

function parseOperand(tokens: TokenStream): QueryBody {
  return tokens.sees('(') ? tokens.nested(brackets(parseUnions)) : specification(tokens);
}

const specification = node('select', {
  line,
  distinct: after('SELECT', flag('DISTINCT', 'ALL')),
  top: acceptTop,
  ties: flag('WITH TIES'),
  items: parseSelectItems,
  from: parseFrom,
  where: optional('WHERE', parseCondition),
  groupBy: optionalList('GROUP BY', parseExpression),
  having: optional('HAVING', parseCondition),
});

/** TOP (value), or TOP and a number. */
export function acceptTop(tokens: TokenStream): Expression | undefined {
  if (!tokens.accept('TOP')) return undefined;
  return tokens.sees('(') ? brackets(parseExpression)(tokens) : (acceptLiteral(tokens) ?? tokens.fail());
}

/** What SELECT or OUTPUT tells. */
export function parseSelectItems(tokens: TokenStream): SelectItem[] {
  const items = tokens.list(parseSelectItem);
  tokens.refuseIf('INTO', 'SELECT … INTO and OUTPUT … INTO');
  return items;
}

function parseSelectItem(tokens: TokenStream): SelectItem {
  const star = acceptStar(tokens);
  if (star) return star;
  if (tokens.sees('@') && seesAssignment(tokens)) {
    const variable = variableName(tokens);
    return { kind: 'assignment', variable, expression: parseAssignedValue(tokens, variable) };
  }
  if ((tokens.seesName() || tokens.seesKind('string')) && tokens.sees('=', 1)) {
    const alias = tokens.next().text;
    return { kind: 'value', alias, expression: after('=', parseExpression)(tokens) };
  }
  return valueItem(tokens);
}

const valueItem = node('value', { expression: parseExpression, alias: acceptColumnAlias });

function acceptColumnAlias(tokens: TokenStream): string | undefined {
  const isSaid = tokens.accept('AS');
  if (tokens.seesKind('string')) return tokens.next().text;
  return isSaid || tokens.seesName() ? tokens.name() : undefined;
}

function acceptStar(tokens: TokenStream): SelectItem | undefined {
  const at = line(tokens);
  let distance = 0;
  while (tokens.seesName(distance) && tokens.sees('.', distance + 1)) distance += 2;
  if (!tokens.sees('*', distance)) return undefined;
  const qualifier: string[] = [];
  while (!tokens.accept('*')) qualifier.push(before(name, '.')(tokens));
  return { kind: 'star', qualifier, line: at };
}

const compound = { '+=': '+', '-=': '-', '*=': '*', '/=': '/', '%=': '%' } as const;

function seesAssignment(tokens: TokenStream): boolean {
  const { symbol } = tokens.peek(1);
  return symbol === '=' || symbol in compound;
}

/** What stands behind the target of an assignment, `+= value` as `target + value`. */
export function parseAssignedValue(tokens: TokenStream, target: Expression): Expression {
  const operator = tokens.choose(compound);
  if (!operator) tokens.expect('=');
  const value = parseExpression(tokens);
  return operator ? { kind: 'binary', operator, left: target, right: value } : value;
}

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
  return tokens.sees('(') ? brackets(parseJoined)(tokens) : table(tokens);
}

/** Brackets hold a join, never a single source. */
function parseJoined(tokens: TokenStream): TableSource {
  const source = parseJoins(tokens);
  return 'left' in source ? source : tokens.fail();
}

const alias: Parse<string> = (tokens) => optionalAlias(tokens) ?? tokens.fail();
const derived = node('derived', { query: brackets(parseQuery), alias, columns: optionalNames });
const values = node('values', {
  line,
  rows: brackets(after('VALUES', list(brackets(list(parseExpression))))),
  alias,
  columns: names,
});
const table = node('table', {
  line,
  table: parseTableName,
  alias: optionalAlias,
  hints: (tokens) => parseHints(tokens, seesBareHint(tokens) ? '(' : undefined),
});
const jsonColumn = shape({
  name,
  type: (tokens) => parseDataType(tokens, 'definition'),
  path: (tokens) => (tokens.seesKind('string') ? tokens.next().text : undefined),
  asJson: flag('AS JSON'),
});
const openJson = node('openJson', {
  line,
  json: after('OPENJSON (', parseExpression),
  path: before(optional(',', parseExpression), ')'),
  columns: parseJsonColumns,
  alias: optionalAlias,
});

function parseTableName(tokens: TokenStream): ObjectName {
  const found = objectName(tokens);
  if (!seesBareHint(tokens)) tokens.refuseIf('(', 'functions as tables but OPENJSON');
  return found;
}

function parseJsonColumns(tokens: TokenStream): OpenJson['columns'] {
  if (!tokens.accept('WITH')) tokens.refuse('OPENJSON without WITH');
  return brackets(list(jsonColumn))(tokens);
}

export const tableHints = [
  ...(['NOLOCK', 'READUNCOMMITTED', 'READCOMMITTED', 'READCOMMITTEDLOCK', 'REPEATABLEREAD'] as const),
  ...(['SERIALIZABLE', 'HOLDLOCK', 'READPAST', 'ROWLOCK', 'PAGLOCK', 'TABLOCK', 'TABLOCKX'] as const),
  ...(['UPDLOCK', 'XLOCK', 'NOWAIT'] as const),
] as const;

/** Tables in FROM may have theirs without WITH, as they once had. */
const seesBareHint = (tokens: TokenStream): boolean =>
  tokens.sees('(') && tableHints.some((hint) => tokens.sees(hint, 1));

/** WITH (hint[,] hint …), if it stands here. */
export function parseHints(tokens: TokenStream, start = 'WITH ('): (typeof tableHints)[number][] {
  const found: (typeof tableHints)[number][] = [];
  if (!tokens.accept(start)) return found;
  do {
    const hint = tokens.acceptOneOf(...tableHints);
    found.push(hint ?? tokens.refuse(`the table hint ${tokens.current.text}`));
    tokens.accept(',');
  } while (!tokens.accept(')'));
  return found;
}
