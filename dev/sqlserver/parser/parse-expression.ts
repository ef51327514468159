import { parseCase, parseCall, seesCall } from './parse-call.ts';
import { parseQuery, seesQuery } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { ColumnReference, Expression, Literal } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** Longer chains of operators end in 191, so that no statement exhausts the stack. */
const longestChain = 1000;
const mostNameParts = 4;

export function parseExpression(tokens: TokenStream): Expression {
  return tokens.nested(() => parseSum(tokens));
}

/** Goes on after a first operand that was already read, brackets and all. */
export function parseExpressionAfter(tokens: TokenStream, first: Expression): Expression {
  return parseSum(tokens, first);
}

function parseSum(tokens: TokenStream, first?: Expression): Expression {
  let left = parseProduct(tokens, first);
  for (let length = 0; ; length++) {
    const operator = tokens.acceptOneOf('+', '-', '&', '|', '^');
    if (!operator) return left;
    tooLong(tokens, length);
    left = { kind: 'binary', operator, left, right: parseProduct(tokens) };
  }
}

function parseProduct(tokens: TokenStream, first?: Expression): Expression {
  let left = first ? parsePostfix(tokens, first) : parseSigned(tokens);
  for (let length = 0; ; length++) {
    const operator = tokens.acceptOneOf('*', '/', '%');
    if (!operator) return left;
    tooLong(tokens, length);
    left = { kind: 'binary', operator, left, right: parseSigned(tokens) };
  }
}

function tooLong(tokens: TokenStream, length: number): void {
  if (length < longestChain) return;
  const message =
    'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.';
  throw new SqlFault(191, 15, message, tokens.current.line);
}

function parseSigned(tokens: TokenStream): Expression {
  const operator = tokens.acceptOneOf('-', '+', '~');
  if (operator) return tokens.nested(() => ({ kind: 'unary', operator, operand: parseSigned(tokens) }));
  return parsePostfix(tokens, parsePrimary(tokens));
}

function parsePostfix(tokens: TokenStream, primary: Expression): Expression {
  let operand = primary;
  for (;;) {
    if (tokens.accept('COLLATE')) operand = { kind: 'collate', operand, collation: tokens.name() };
    else if (tokens.accept('AT', 'TIME', 'ZONE'))
      operand = { kind: 'atTimeZone', operand, zone: parsePrimary(tokens) };
    else return operand;
  }
}

function parsePrimary(tokens: TokenStream): Expression {
  const literal = acceptLiteral(tokens);
  if (literal) return literal;
  if (tokens.seesKind('variable')) return parseVariable(tokens);
  if (tokens.sees('(')) return tokens.bracketed(() => parseBracketed(tokens));
  if (tokens.accept('CASE')) return tokens.nested(() => parseCase(tokens));
  if (seesCall(tokens)) return tokens.nested(() => parseCall(tokens));
  return parseColumn(tokens);
}

function parseBracketed(tokens: TokenStream): Expression {
  return seesQuery(tokens)
    ? tokens.nested(() => ({ kind: 'subquery', query: parseQuery(tokens) }))
    : parseExpression(tokens);
}

function parseVariable(tokens: TokenStream): Expression {
  const { text, line } = tokens.next();
  if (text.startsWith('@@')) return { kind: 'systemVariable', name: text.toUpperCase() };
  return { kind: 'variable', name: text, line };
}

export function acceptLiteral(tokens: TokenStream): Literal | undefined {
  const { kind, text, unicode } = tokens.current;
  if (tokens.accept('NULL')) return { kind: 'literal', type: 'null' };
  switch (kind) {
    case 'string':
      tokens.next();
      return { kind: 'literal', type: 'string', text, unicode };
    case 'binary':
    case 'integer':
    case 'decimal':
    case 'float':
      tokens.next();
      return { kind: 'literal', type: kind, text };
    case 'money':
      tokens.next();
      return { kind: 'literal', type: kind, text: text.slice(1) };
    case 'word':
    case 'quotedName':
    case 'variable':
    case 'operator':
    case 'end':
      return undefined;
  }
}

/** A column with what stands before it. */
export function parseColumn(tokens: TokenStream): ColumnReference {
  const { line } = tokens.current;
  const parts = [tokens.name()];
  while (tokens.accept('.')) parts.push(tokens.name());
  const name = parts.pop();
  if (name === undefined || parts.length >= mostNameParts) return tokens.fail();
  return { kind: 'column', qualifier: parts, name, line };
}
