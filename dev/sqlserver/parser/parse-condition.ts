import { after, brackets, list, optional, shape } from './grammar.ts';
import { parseExpression, parseSum } from './parse-expression.ts';
import { parseQuery } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { Condition, Expression } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** What an opening bracket starts is known only at its end: `(a = 1)` is a condition, `(a + 1)` a value. */
type Either = Condition | Expression;

const conditions: ReadonlySet<Either['kind']> = new Set<Condition['kind']>([
  ...(['and', 'or', 'not', 'comparison', 'isNull', 'in', 'inQuery', 'between', 'like', 'exists'] as const),
]);
const comparisons = {
  ...({ '=': '=', '<>': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const),
  ...({ '!=': '<>', '!<': '>=', '!>': '<=' } as const),
};

export function parseCondition(tokens: TokenStream): Condition {
  return conditionOf(tokens, parseEither(tokens));
}

function isCondition(either: Either): either is Condition {
  return conditions.has(either.kind);
}

function conditionOf(tokens: TokenStream, either: Either): Condition {
  if (isCondition(either)) return either;
  const message = `An expression of non-boolean type specified in a context where a condition is expected, near '${tokens.near()}'.`;
  throw new SqlFault(4145, 15, message, tokens.current.line);
}

function parseEither(tokens: TokenStream): Either {
  return tokens.nested(() => parseChain(tokens, 'OR', () => parseChain(tokens, 'AND', parseNegation)));
}

function parseChain(tokens: TokenStream, word: 'AND' | 'OR', parseOperand: Parse<Either>): Either {
  const first = parseOperand(tokens);
  if (!tokens.sees(word)) return first;
  const operands = [conditionOf(tokens, first)];
  while (tokens.accept(word)) operands.push(conditionOf(tokens, parseOperand(tokens)));
  return balanced(word === 'AND' ? 'and' : 'or', operands);
}

/** A flat tree: thousands of operands must not become thousands of levels. */
function balanced(kind: 'and' | 'or', operands: readonly Condition[]): Condition {
  const [only] = operands;
  if (only && operands.length === 1) return only;
  const middle = Math.ceil(operands.length / 2);
  const [left, right] = [operands.slice(0, middle), operands.slice(middle)];
  return { kind, left: balanced(kind, left), right: balanced(kind, right) };
}

function parseNegation(tokens: TokenStream): Either {
  if (!tokens.accept('NOT')) return parsePredicate(tokens);
  return { kind: 'not', operand: tokens.nested(() => conditionOf(tokens, parseNegation(tokens))) };
}

function parsePredicate(tokens: TokenStream): Either {
  if (tokens.accept('EXISTS')) return { kind: 'exists', query: brackets(parseQuery)(tokens) };
  if (!tokens.sees('(') || tokens.sees('( SELECT')) return parseComparison(tokens, parseExpression(tokens));
  const inside = brackets(parseEither)(tokens);
  return isCondition(inside) ? inside : parseComparison(tokens, parseSum(tokens, inside));
}

const range = shape({ low: parseExpression, high: after('AND', parseExpression) });
const pattern = shape({ pattern: parseExpression, escape: optional('ESCAPE', parseExpression) });

/** The rest of a predicate after its first value, or that value alone. */
function parseComparison(tokens: TokenStream, operand: Expression): Either {
  const operator = tokens.choose(comparisons);
  if (operator) return { kind: 'comparison', operator, left: operand, right: parseExpression(tokens) };
  const isNull = tokens.accept('IS');
  const not = tokens.accept('NOT');
  if (isNull) return { kind: 'isNull', operand, not: after('NULL', () => not)(tokens) };
  if (tokens.sees('IN ( SELECT'))
    return { kind: 'inQuery', operand, not, query: after('IN', brackets(parseQuery))(tokens) };
  if (tokens.accept('IN')) return { kind: 'in', operand, not, list: brackets(list(parseExpression))(tokens) };
  if (tokens.accept('BETWEEN')) return { kind: 'between', operand, not, ...range(tokens) };
  if (tokens.accept('LIKE')) return { kind: 'like', operand, not, ...pattern(tokens) };
  return not ? tokens.fail() : operand;
}
