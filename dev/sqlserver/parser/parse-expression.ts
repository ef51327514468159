import type { Token } from './lexer.ts';
import { acceptCall, parseCase } from './parse-call.ts';
import { parseQuery } from './parse-query.ts';
import type { BinaryExpression, ColumnReference, Expression, Literal } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const mostNameParts = 4;

export function parseExpression(tokens: TokenStream): Expression {
  return tokens.nested(() => parseExpressionAfter(tokens));
}

/** Goes on after a first operand that was already read, brackets and all. */
export function parseExpressionAfter(tokens: TokenStream, first?: Expression): Expression {
  return parseOperators(tokens, ['+', '-'], parseProduct, first);
}

function parseProduct(tokens: TokenStream, first?: Expression): Expression {
  return parseOperators(tokens, ['*', '/', '%'], parseSigned, first);
}

/** Operators of one rank, which bind from the left. */
function parseOperators(
  tokens: TokenStream,
  operators: readonly BinaryExpression['operator'][],
  parseOperand: (tokens: TokenStream, first?: Expression) => Expression,
  first?: Expression,
): Expression {
  return tokens.grow(parseOperand(tokens, first), (left) => {
    const operator = tokens.acceptOneOf(...operators);
    return operator && { kind: 'binary', operator, left, right: parseOperand(tokens) };
  });
}

function parseSigned(tokens: TokenStream, first?: Expression): Expression {
  const operator = first ? undefined : tokens.acceptOneOf('-', '+');
  if (operator) return tokens.nested(() => ({ kind: 'unary', operator, operand: parseSigned(tokens) }));
  return tokens.grow(first ?? parsePrimary(tokens), (operand) =>
    tokens.accept('AT TIME ZONE') ? { kind: 'atTimeZone', operand, zone: parsePrimary(tokens) } : undefined,
  );
}

function parsePrimary(tokens: TokenStream): Expression {
  const simple = acceptLiteral(tokens) ?? acceptVariable(tokens);
  if (simple) return simple;
  if (tokens.sees('( SELECT')) return { kind: 'subquery', query: tokens.bracketed(parseQuery) };
  if (tokens.sees('(')) return tokens.bracketed(parseExpression);
  if (tokens.accept('CASE')) return tokens.nested(parseCase);
  return acceptCall(tokens) ?? parseColumn(tokens);
}

const literals: Readonly<Partial<Record<Token['kind'], (token: Token) => Literal>>> = {
  string: ({ text, unicode }) => ({ kind: 'literal', type: 'string', text, unicode }),
  integer: ({ text }) => ({ kind: 'literal', type: 'integer', text }),
  decimal: ({ text }) => ({ kind: 'literal', type: 'decimal', text }),
  float: ({ text }) => ({ kind: 'literal', type: 'float', text }),
  money: ({ text }) => ({ kind: 'literal', type: 'money', text: text.slice(1) }),
  binary: ({ text }) => ({
    kind: 'literal',
    type: 'binary',
    text: '0'.repeat(text.length % 2) + text.slice(2),
  }),
};

export function acceptLiteral(tokens: TokenStream): Literal | undefined {
  if (tokens.accept('NULL')) return { kind: 'literal', type: 'null' };
  return literals[tokens.current.kind]?.(tokens.next());
}

export function acceptVariable(tokens: TokenStream): Expression | undefined {
  if (!tokens.sees('@')) return undefined;
  const { text, line } = tokens.next();
  if (text.startsWith('@@')) return { kind: 'systemVariable', name: text.toUpperCase() };
  return { kind: 'variable', name: text, line };
}

/** A column with what stands before it. */
export function parseColumn(tokens: TokenStream): ColumnReference {
  const { line } = tokens.current;
  const qualifier: string[] = [];
  let name = tokens.name();
  while (tokens.accept('.')) {
    qualifier.push(name);
    name = tokens.name();
  }
  if (tokens.sees('(')) tokens.refuse('functions with a schema, and methods');
  return qualifier.length < mostNameParts ? { kind: 'column', qualifier, name, line } : tokens.fail();
}
