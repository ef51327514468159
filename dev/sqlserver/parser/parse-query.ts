import { acceptLiteral, parseExpression } from './parse-expression.ts';
import { parseCondition } from './parse-condition.ts';
import { parseObjectName } from './parse-names.ts';
import { parseTableSources } from './parse-table-source.ts';
import { SqlFault } from './sql-fault.ts';
import type {
  CommonTableExpression,
  Expression,
  OrderItem,
  Query,
  QueryBody,
  QuerySpecification,
  SelectItem,
  SelectStatement,
  VariableReference,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

export function seesQuery(tokens: TokenStream, distance = 0): boolean {
  return tokens.peek(distance).word === 'SELECT';
}

/** SELECT with or without WITH in front. */
export function parseSelectStatement(tokens: TokenStream): SelectStatement {
  const statement: SelectStatement = { kind: 'select', with: parseWith(tokens), query: parseQuery(tokens) };
  acceptOptionClause(tokens);
  return statement;
}

export function parseWith(tokens: TokenStream): CommonTableExpression[] {
  if (!tokens.accept('WITH')) return [];
  if (tokens.sees('XMLNAMESPACES')) tokens.refuse('WITH XMLNAMESPACES');
  return tokens.list(() => {
    const name = tokens.name();
    const columns = tokens.sees('(') ? parseNameList(tokens) : undefined;
    tokens.expect('AS');
    const query = tokens.bracketed(() => parseQuery(tokens));
    return { name, query, ...(columns && { columns }) };
  });
}

export function parseNameList(tokens: TokenStream): string[] {
  return tokens.bracketed(() => tokens.list(() => tokens.name()));
}

/** OPTION (…): hints that change no result are read and forgotten. */
export function acceptOptionClause(tokens: TokenStream): void {
  if (!tokens.accept('OPTION')) return;
  tokens.bracketed(() =>
    tokens.list(() => {
      if (tokens.accept('RECOMPILE') || tokens.accept('FORCE', 'ORDER')) return;
      if (tokens.accept('OPTIMIZE', 'FOR', 'UNKNOWN')) return;
      if (!tokens.accept('MAXDOP')) tokens.refuse(`the query hint ${tokens.current.text}`);
      tokens.wholeNumber();
    }),
  );
}

export function parseQuery(tokens: TokenStream): Query {
  return tokens.nested(() => {
    const body = parseUnions(tokens);
    const orderBy = tokens.sees('ORDER') ? parseOrderBy(tokens) : [];
    const range = orderBy.length > 0 ? parseRange(tokens) : {};
    if (tokens.sees('FOR')) tokens.refuse('FOR JSON, FOR XML and FOR BROWSE');
    return { body, orderBy, ...range };
  });
}

export function parseOrderBy(tokens: TokenStream): OrderItem[] {
  tokens.expect('ORDER', 'BY');
  return tokens.list(() => {
    const expression = parseExpression(tokens);
    return { expression, descending: tokens.acceptOneOf('ASC', 'DESC') === 'DESC' };
  });
}

function parseRange(tokens: TokenStream): { offset?: Expression; fetch?: Expression } {
  if (!tokens.accept('OFFSET')) return {};
  const offset = parseExpression(tokens);
  tokens.expectOneOf('ROW', 'ROWS');
  if (!tokens.accept('FETCH')) return { offset };
  tokens.expectOneOf('FIRST', 'NEXT');
  const fetch = parseExpression(tokens);
  tokens.expectOneOf('ROW', 'ROWS');
  tokens.expect('ONLY');
  return { offset, fetch };
}

function parseUnions(tokens: TokenStream): QueryBody {
  return parseSetOperations(tokens, ['UNION', 'EXCEPT'], () =>
    parseSetOperations(tokens, ['INTERSECT'], () => parseQueryOperand(tokens)),
  );
}

function parseSetOperations(
  tokens: TokenStream,
  words: readonly ('UNION' | 'EXCEPT' | 'INTERSECT')[],
  parseOperand: () => QueryBody,
): QueryBody {
  const left = parseOperand();
  const word = tokens.acceptOneOf(...words);
  return word ? tokens.nested(() => parseMore(tokens, words, parseOperand, left, word)) : left;
}

function parseMore(
  tokens: TokenStream,
  words: readonly ('UNION' | 'EXCEPT' | 'INTERSECT')[],
  parseOperand: () => QueryBody,
  left: QueryBody,
  word: 'UNION' | 'EXCEPT' | 'INTERSECT',
): QueryBody {
  const operator = word === 'UNION' ? 'union' : word === 'EXCEPT' ? 'except' : 'intersect';
  const all = operator === 'union' && tokens.accept('ALL');
  const joined: QueryBody = { kind: 'setOperation', operator, all, left, right: parseOperand() };
  const next = tokens.acceptOneOf(...words);
  return next ? tokens.nested(() => parseMore(tokens, words, parseOperand, joined, next)) : joined;
}

function parseQueryOperand(tokens: TokenStream): QueryBody {
  if (tokens.sees('(')) return tokens.nested(() => tokens.bracketed(() => parseUnions(tokens)));
  return parseSpecification(tokens);
}

function parseSpecification(tokens: TokenStream): QuerySpecification {
  const { line } = tokens.current;
  tokens.expect('SELECT');
  const distinct = tokens.acceptOneOf('ALL', 'DISTINCT') === 'DISTINCT';
  const top = parseTop(tokens);
  const items = tokens.list(() => parseSelectItem(tokens));
  const into = tokens.accept('INTO') ? parseObjectName(tokens) : undefined;
  const from = tokens.accept('FROM') ? parseTableSources(tokens) : [];
  const where = tokens.accept('WHERE') ? parseCondition(tokens) : undefined;
  const groupBy = tokens.accept('GROUP', 'BY') ? parseGroupBy(tokens) : [];
  const having = tokens.accept('HAVING') ? parseCondition(tokens) : undefined;
  return {
    kind: 'select',
    distinct,
    items,
    from,
    groupBy,
    line,
    ...(top && { top }),
    ...(into && { into }),
    ...(where && { where }),
    ...(having && { having }),
  };
}

/** TOP (value), or TOP and a number. */
export function parseTop(tokens: TokenStream): Expression | undefined {
  if (!tokens.accept('TOP')) return undefined;
  const bracket = tokens.sees('(');
  const top = bracket ? tokens.bracketed(() => parseExpression(tokens)) : acceptLiteral(tokens);
  if (!top) return tokens.fail();
  if (tokens.sees('PERCENT')) tokens.refuse('TOP … PERCENT');
  if (tokens.sees('WITH', 'TIES')) tokens.refuse('TOP … WITH TIES');
  return top;
}

function parseGroupBy(tokens: TokenStream): Expression[] {
  if (tokens.sees('ALL')) tokens.refuse('GROUP BY ALL');
  const items = tokens.list(() => {
    if (tokens.sees('GROUPING', 'SETS')) tokens.refuse('GROUPING SETS');
    if (tokens.seesOneOf('ROLLUP', 'CUBE')) tokens.refuse('ROLLUP and CUBE');
    return parseExpression(tokens);
  });
  if (tokens.sees('WITH')) tokens.refuse('GROUP BY … WITH ROLLUP and WITH CUBE');
  return items;
}

export function parseSelectItem(tokens: TokenStream): SelectItem {
  const { line } = tokens.current;
  if (tokens.accept('*')) return { kind: 'star', qualifier: [], line };
  const qualifier = acceptStarQualifier(tokens);
  if (qualifier) return { kind: 'star', qualifier, line };
  const assigned = acceptAssignment(tokens);
  if (assigned) return { kind: 'assignment', ...assigned };
  if ((tokens.seesName() || tokens.seesKind('string')) && isOperator(tokens, 1, '=')) {
    const alias = tokens.next().text;
    tokens.expect('=');
    return { kind: 'value', expression: parseExpression(tokens), alias };
  }
  const expression = parseExpression(tokens);
  const alias = parseColumnAlias(tokens);
  return alias === undefined ? { kind: 'value', expression } : { kind: 'value', expression, alias };
}

function parseColumnAlias(tokens: TokenStream): string | undefined {
  const said = tokens.accept('AS');
  if (tokens.seesKind('string')) return tokens.next().text;
  return said || tokens.seesName() ? tokens.name() : undefined;
}

function acceptStarQualifier(tokens: TokenStream): string[] | undefined {
  let distance = 0;
  while (tokens.seesName(distance) && isOperator(tokens, distance + 1, '.')) distance += 2;
  if (distance === 0 || !isOperator(tokens, distance, '*')) return undefined;
  const qualifier: string[] = [];
  while (!tokens.accept('*')) {
    qualifier.push(tokens.name());
    tokens.expect('.');
  }
  return qualifier;
}

const compound = ['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='] as const;
const simple = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '&=': '&',
  '|=': '|',
  '^=': '^',
} as const;

/** `@x = value` and `@x += value`, the latter as `@x = @x + value`. */
export function acceptAssignment(
  tokens: TokenStream,
): { variable: VariableReference; expression: Expression } | undefined {
  const { kind, text, line } = tokens.current;
  if (kind !== 'variable' || !['=', ...compound].some((operator) => isOperator(tokens, 1, operator)))
    return undefined;
  tokens.next();
  if (text.startsWith('@@')) return tokens.fail();
  const variable: VariableReference = { kind: 'variable', name: text, line };
  return { variable, expression: parseAssignedValue(tokens, variable) };
}

/** What stands after the target of an assignment, from `=` or the compound operator on. */
export function parseAssignedValue(tokens: TokenStream, target: Expression): Expression {
  const operator = tokens.acceptOneOf(...compound);
  if (!operator) tokens.expect('=');
  const value = parseExpression(tokens);
  return operator ? { kind: 'binary', operator: simple[operator], left: target, right: value } : value;
}

function isOperator(tokens: TokenStream, distance: number, text: string): boolean {
  const token = tokens.peek(distance);
  return token.kind === 'operator' && token.text === text;
}

/** Error 319, which names the missing semicolon before WITH. */
export function withNeedsSemicolon(line: number): SqlFault {
  const message =
    "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.";
  return new SqlFault(319, 15, message, line);
}
