import { parseCondition } from './parse-condition.ts';
import { acceptLiteral, parseExpression } from './parse-expression.ts';
import { acceptNames, parseVariableName } from './parse-names.ts';
import { parseFrom } from './parse-source.ts';
import type {
  CommonTableExpression,
  Expression,
  OrderItem,
  Query,
  QueryBody,
  QuerySpecification,
  SelectItem,
  SelectStatement,
} from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** What stands behind WITH, or at the first word of a query without it. */
export function parseSelect(
  tokens: TokenStream,
  common: readonly CommonTableExpression[] = [],
): SelectStatement {
  const query = parseQuery(tokens);
  acceptOptions(tokens);
  return { kind: 'select', with: common, query };
}

export function parseCommonTable(tokens: TokenStream): CommonTableExpression {
  return {
    name: tokens.name(),
    columns: acceptNames(tokens),
    query: tokens.expectThen('AS', () => tokens.bracketed(parseQuery)),
  };
}

/** OPTION (…): hints that change no result are read and forgotten. */
export function acceptOptions(tokens: TokenStream): void {
  tokens.after('OPTION', () =>
    tokens.bracketedList(() => {
      const hint = tokens.acceptOneOf('RECOMPILE', 'FORCE ORDER', 'OPTIMIZE FOR UNKNOWN', 'MAXDOP');
      if (hint === 'MAXDOP') tokens.wholeNumber();
      if (!hint) tokens.refuse(`the query hint ${tokens.current.text}`);
    }),
  );
}

export function parseQuery(tokens: TokenStream): Query {
  return tokens.nested(() => {
    const body = parseUnions(tokens);
    const orderBy = tokens.sees('ORDER') ? parseOrderBy(tokens) : [];
    const offset = orderBy.length > 0 ? tokens.after('OFFSET', parseRowCount) : undefined;
    return { body, orderBy, offset, fetch: offset && tokens.after('FETCH', parseFetch) };
  });
}

export function parseOrderBy(tokens: TokenStream): OrderItem[] {
  tokens.expect('ORDER BY');
  return tokens.list(() => {
    const expression = parseExpression(tokens);
    return { expression, descending: tokens.acceptOneOf('ASC', 'DESC') === 'DESC' };
  });
}

function parseRowCount(tokens: TokenStream): Expression {
  const rows = parseExpression(tokens);
  tokens.expectOneOf('ROW', 'ROWS');
  return rows;
}

function parseFetch(tokens: TokenStream): Expression {
  tokens.expectOneOf('FIRST', 'NEXT');
  const rows = parseRowCount(tokens);
  tokens.expect('ONLY');
  return rows;
}

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
  if (tokens.sees('(')) return tokens.nested(() => tokens.bracketed(parseUnions));
  const { line } = tokens.current;
  tokens.expect('SELECT');
  return parseSpecification(tokens, line);
}

/** After the word SELECT. */
function parseSpecification(tokens: TokenStream, line: number): QuerySpecification {
  return {
    kind: 'select',
    line,
    distinct: tokens.acceptOneOf('ALL', 'DISTINCT') === 'DISTINCT',
    top: acceptTop(tokens),
    items: parseSelectItems(tokens),
    from: parseFrom(tokens),
    where: tokens.after('WHERE', parseCondition),
    groupBy: tokens.after('GROUP BY', () => tokens.list(parseExpression)) ?? [],
    having: tokens.after('HAVING', parseCondition),
  };
}

/** TOP (value), or TOP and a number. */
export function acceptTop(tokens: TokenStream): Expression | undefined {
  return tokens.after('TOP', () =>
    tokens.sees('(') ? tokens.bracketed(parseExpression) : (acceptLiteral(tokens) ?? tokens.fail()),
  );
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
  if (tokens.sees('@') && seesAssignment(tokens, 1)) {
    const variable = parseVariableName(tokens);
    return { kind: 'assignment', variable, expression: parseAssignedValue(tokens, variable) };
  }
  if ((tokens.seesName() || tokens.seesKind('string')) && tokens.sees('=', 1)) {
    const alias = tokens.next().text;
    return { kind: 'value', alias, expression: tokens.expectThen('=', parseExpression) };
  }
  return { kind: 'value', expression: parseExpression(tokens), alias: acceptColumnAlias(tokens) };
}

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
  while (!tokens.accept('*')) {
    qualifier.push(tokens.name());
    tokens.expect('.');
  }
  return { kind: 'star', qualifier, line };
}

const compound = { '+=': '+', '-=': '-', '*=': '*', '/=': '/', '%=': '%' } as const;

export function seesAssignment(tokens: TokenStream, distance = 0): boolean {
  const { symbol } = tokens.peek(distance);
  return symbol === '=' || symbol in compound;
}

/** What stands behind the target of an assignment, `+= value` as `target + value`. */
export function parseAssignedValue(tokens: TokenStream, target: Expression): Expression {
  const operator = tokens.choose(compound);
  if (!operator) tokens.expect('=');
  const value = parseExpression(tokens);
  return operator ? { kind: 'binary', operator, left: target, right: value } : value;
}
