import {
  after,
  before,
  brackets,
  flag,
  lineOf,
  name,
  node,
  optional,
  optionalList,
  shape,
  variableName,
} from './grammar.ts';
import { parseCondition } from './parse-condition.ts';
import { acceptLiteral, parseExpression } from './parse-expression.ts';
import { parseFrom } from './parse-source.ts';
import type { Expression, OrderItem, Query, QueryBody, SelectItem } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

export function parseQuery(tokens: TokenStream): Query {
  return tokens.nested(() => {
    const body = parseUnions(tokens);
    const orderBy = optionalList('ORDER BY', parseOrderItem)(tokens);
    return { body, orderBy, ...(orderBy.length > 0 && tokens.accept('OFFSET') && range(tokens)) };
  });
}

const orderItem = shape({ expression: parseExpression, descending: flag('DESC', 'ASC') });

export function parseOrderItem(tokens: TokenStream): OrderItem {
  return orderItem(tokens);
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
  operators: Readonly<Record<string, 'union' | 'except' | 'intersect'>>,
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
  line: lineOf('SELECT'),
  distinct: flag('DISTINCT', 'ALL'),
  top: acceptTop,
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
  const { line } = tokens.current;
  let distance = 0;
  while (tokens.seesName(distance) && tokens.sees('.', distance + 1)) distance += 2;
  if (!tokens.sees('*', distance)) return undefined;
  const qualifier: string[] = [];
  while (!tokens.accept('*')) qualifier.push(before(name, '.')(tokens));
  return { kind: 'star', qualifier, line };
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
