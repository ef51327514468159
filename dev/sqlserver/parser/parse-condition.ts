import { parseExpression, parseExpressionAfter } from './parse-expression.ts';
import { parseQuery, seesQuery } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { ComparisonOperator, Condition, Expression } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** What an opening bracket starts is known only at its end: `(a = 1)` is a condition, `(a + 1)` a value. */
type Read = { condition: Condition } | { value: Expression };

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['!>', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['!<', '>='],
]);

export function parseCondition(tokens: TokenStream): Condition {
  return conditionOf(tokens, parseEither(tokens));
}

function conditionOf(tokens: TokenStream, read: Read): Condition {
  if ('condition' in read) return read.condition;
  const message = `An expression of non-boolean type specified in a context where a condition is expected, near '${tokens.near()}'.`;
  throw new SqlFault(4145, 15, message, tokens.current.line);
}

function parseEither(tokens: TokenStream): Read {
  return tokens.nested(() =>
    parseChain(tokens, 'OR', () => parseChain(tokens, 'AND', () => parseNegation(tokens))),
  );
}

function parseChain(tokens: TokenStream, word: 'AND' | 'OR', parseOperand: () => Read): Read {
  const first = parseOperand();
  if (!tokens.sees(word)) return first;
  const operands = [conditionOf(tokens, first)];
  while (tokens.accept(word)) operands.push(conditionOf(tokens, parseOperand()));
  return { condition: balanced(word === 'AND' ? 'and' : 'or', operands) };
}

/** A flat tree: thousands of operands must not become thousands of levels. */
function balanced(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
  const [only] = operands;
  if (only && operands.length === 1) return only;
  const middle = Math.ceil(operands.length / 2);
  return {
    kind,
    left: balanced(kind, operands.slice(0, middle)),
    right: balanced(kind, operands.slice(middle)),
  };
}

function parseNegation(tokens: TokenStream): Read {
  if (!tokens.accept('NOT')) return parsePredicate(tokens);
  const operand = tokens.nested(() => conditionOf(tokens, parseNegation(tokens)));
  return { condition: { kind: 'not', operand } };
}

function parsePredicate(tokens: TokenStream): Read {
  if (tokens.seesOneOf('CONTAINS', 'FREETEXT')) tokens.refuse('full-text search');
  if (tokens.accept('EXISTS')) {
    return { condition: { kind: 'exists', query: tokens.bracketed(() => parseQuery(tokens)) } };
  }
  if (!tokens.sees('(') || seesQuery(tokens, 1)) return parseComparison(tokens, parseExpression(tokens));
  const inside = tokens.bracketed(() => parseEither(tokens));
  return 'condition' in inside ? inside : parseComparison(tokens, parseExpressionAfter(tokens, inside.value));
}

/** The rest of a predicate after its first value, or that value alone. */
function parseComparison(tokens: TokenStream, left: Expression): Read {
  const written = tokens.current.kind === 'operator' ? tokens.current.text : '';
  const operator = comparisons.get(written);
  if (operator) {
    tokens.next();
    return { condition: parseRightSide(tokens, left, operator) };
  }
  if (tokens.accept('IS')) return { condition: parseIsNull(tokens, left) };
  const not = tokens.accept('NOT');
  if (tokens.accept('IN')) return { condition: parseIn(tokens, left, not) };
  if (tokens.accept('BETWEEN')) return { condition: parseBetween(tokens, left, not) };
  if (tokens.accept('LIKE')) return { condition: parseLike(tokens, left, not) };
  return not ? tokens.fail() : { value: left };
}

function parseRightSide(tokens: TokenStream, left: Expression, operator: ComparisonOperator): Condition {
  const quantifier = tokens.acceptOneOf('ANY', 'SOME', 'ALL');
  if (!quantifier) return { kind: 'comparison', operator, left, right: parseExpression(tokens) };
  const query = tokens.bracketed(() => parseQuery(tokens));
  return { kind: 'quantified', operator, left, quantifier: quantifier === 'ALL' ? 'all' : 'any', query };
}

function parseIsNull(tokens: TokenStream, operand: Expression): Condition {
  const not = tokens.accept('NOT');
  if (tokens.sees('DISTINCT')) tokens.refuse('IS DISTINCT FROM');
  tokens.expect('NULL');
  return { kind: 'isNull', operand, not };
}

function parseIn(tokens: TokenStream, operand: Expression, not: boolean): Condition {
  return tokens.bracketed(() =>
    seesQuery(tokens)
      ? { kind: 'inQuery', operand, query: parseQuery(tokens), not }
      : { kind: 'in', operand, list: tokens.list(() => parseExpression(tokens)), not },
  );
}

function parseBetween(tokens: TokenStream, operand: Expression, not: boolean): Condition {
  const low = parseExpression(tokens);
  tokens.expect('AND');
  return { kind: 'between', operand, low, high: parseExpression(tokens), not };
}

function parseLike(tokens: TokenStream, operand: Expression, not: boolean): Condition {
  const pattern = parseExpression(tokens);
  const escape = tokens.accept('ESCAPE') ? parseExpression(tokens) : undefined;
  return { kind: 'like', operand, pattern, not, ...(escape && { escape }) };
}
