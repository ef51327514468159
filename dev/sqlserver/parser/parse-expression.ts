import type { SqlType } from '../contract.ts';
import {
  after,
  before,
  brackets,
  choice,
  constant,
  flag,
  line,
  list,
  node,
  optional,
  optionalList,
  shape,
  wholeNumber,
} from './grammar.ts';
import type { Token } from './lexer.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseOrderItem, parseQuery } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type {
  BinaryExpression,
  ColumnReference,
  DatePart,
  DatePartCall,
  Expression,
  FrameBound,
  FunctionCall,
  Literal,
  Window,
} from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

export function parseExpression(tokens: TokenStream): Expression {
  return tokens.nested(() => parseSum(tokens));
}

/** A first operand may have been read already, brackets and all. */
export function parseSum(tokens: TokenStream, first?: Expression): Expression {
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
  if (tokens.sees('( SELECT')) return { kind: 'subquery', query: brackets(parseQuery)(tokens) };
  if (tokens.sees('(')) return brackets(parseExpression)(tokens);
  if (tokens.accept('CASE'))
    return tokens.sees('WHEN') ? tokens.nested(searchedCase) : tokens.nested(simpleCase);
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
  const { text, line: at } = tokens.next();
  if (text.startsWith('@@')) return { kind: 'systemVariable', name: text.toUpperCase() };
  return { kind: 'variable', name: text, line: at };
}

/** A column with what stands before it. */
export function parseColumn(tokens: TokenStream): ColumnReference {
  const at = tokens.current.line;
  const parts = [tokens.name()];
  while (tokens.accept('.')) parts.push(tokens.name());
  tokens.refuseIf('(', 'functions with a schema, and methods');
  return parts.length <= 4
    ? { kind: 'column', qualifier: parts.slice(0, -1), name: parts.at(-1) ?? '', line: at }
    : tokens.fail();
}

const simpleCase = node('case', {
  operand: parseExpression,
  branches: branches(parseExpression),
  otherwise: before(optional('ELSE', parseExpression), 'END'),
});
const searchedCase = node('caseWhen', {
  branches: branches(parseCondition),
  otherwise: before(optional('ELSE', parseExpression), 'END'),
});

function branches<When>(parseWhen: Parse<When>): Parse<{ when: When; result: Expression }[]> {
  const branch = shape({ when: after('WHEN', parseWhen), result: after('THEN', parseExpression) });
  return (tokens) => {
    const found = [branch(tokens)];
    while (tokens.sees('WHEN')) found.push(branch(tokens));
    return found;
  };
}

/** Reserved words that are functions nevertheless. */
const reservedFunctions = ['COALESCE', 'CONVERT', 'LEFT', 'NULLIF', 'RIGHT', 'TRY_CONVERT'];

function acceptCall(tokens: TokenStream): Expression | undefined {
  const { symbol, text, line: at } = tokens.current;
  const head = { kind: 'call', name: text.toUpperCase(), line: at } as const;
  if (tokens.accept('CURRENT_TIMESTAMP')) return { ...head, star: false, distinct: false, arguments: [] };
  if (!tokens.sees('(', 1) || !(tokens.seesName() || reservedFunctions.includes(symbol))) return undefined;
  tokens.next();
  const special = specialCalls[head.name];
  if (special) return tokens.nested(brackets(special));
  return tokens.nested(() => ({ ...head, ...brackets(plainArguments)(tokens), ...callEnd(tokens) }));
}

function plainArguments(tokens: TokenStream): Pick<FunctionCall, 'star' | 'distinct' | 'arguments'> {
  if (tokens.sees('* )')) return { star: tokens.accept('*'), distinct: false, arguments: [] };
  const distinct = flag('DISTINCT', 'ALL')(tokens);
  return {
    star: false,
    distinct,
    arguments: tokens.sees(')') && !distinct ? [] : tokens.list(parseExpression),
  };
}

const callEnd = shape({
  withinGroup: optional('WITHIN GROUP', brackets(after('ORDER BY', list(parseOrderItem)))),
  over: optional('OVER', brackets(parseWindow)),
});

function parseWindow(tokens: TokenStream): Window {
  const partitionBy = optionalList('PARTITION BY', parseExpression)(tokens);
  const orderBy = optionalList('ORDER BY', parseOrderItem)(tokens);
  const unit = orderBy.length > 0 ? tokens.choose({ ROWS: 'rows', RANGE: 'range' }) : undefined;
  if (!unit) return { partitionBy, orderBy };
  const bounds = tokens.accept('BETWEEN') ? frameBounds(tokens) : { start: parseFrameBound(tokens) };
  return { partitionBy, orderBy, frame: { unit, ...bounds } };
}

const frameBounds = shape({ start: parseFrameBound, end: after('AND', parseFrameBound) });
const rowsAway = shape({
  rows: wholeNumber,
  kind: choice({ PRECEDING: 'preceding', FOLLOWING: 'following' }),
});

function parseFrameBound(tokens: TokenStream): FrameBound {
  const kind = tokens.choose({
    'CURRENT ROW': 'currentRow',
    'UNBOUNDED PRECEDING': 'unboundedPreceding',
    'UNBOUNDED FOLLOWING': 'unboundedFollowing',
  });
  return kind ? { kind } : rowsAway(tokens);
}

const cast = { line, operand: parseExpression, type: after('AS', parseConvertedType) };
const convert = {
  line,
  type: parseConvertedType,
  operand: after(',', parseExpression),
  style: optional(',', parseExpression),
};

/** What stands in the brackets of functions that take no plain list of values. */
const specialCalls: Readonly<Record<string, Parse<Expression>>> = {
  CAST: node('conversion', { try: constant(false), ...cast }),
  TRY_CAST: node('conversion', { try: constant(true), ...cast }),
  CONVERT: node('conversion', { try: constant(false), ...convert }),
  TRY_CONVERT: node('conversion', { try: constant(true), ...convert }),
  IIF: node('iif', {
    condition: parseCondition,
    whenTrue: after(',', parseExpression),
    whenFalse: after(',', parseExpression),
  }),
  TRIM: parseTrim,
  DATEADD: datePartCall('DATEADD'),
  DATEDIFF: datePartCall('DATEDIFF'),
  DATEDIFF_BIG: datePartCall('DATEDIFF_BIG'),
  DATEPART: datePartCall('DATEPART'),
  DATENAME: datePartCall('DATENAME'),
  PARSE: (tokens) => tokens.refuse('PARSE'),
  TRY_PARSE: (tokens) => tokens.refuse('TRY_PARSE'),
  ROLLUP: (tokens) => tokens.refuse('GROUP BY ROLLUP'),
  CUBE: (tokens) => tokens.refuse('GROUP BY CUBE'),
};

function parseConvertedType(tokens: TokenStream): SqlType {
  return parseDataType(tokens, 'conversion');
}

/** TRIM([characters FROM] value); LEADING and TRAILING came with compatibility level 160. */
function parseTrim(tokens: TokenStream): Expression {
  const at = tokens.current.line;
  const first = parseExpression(tokens);
  const values = tokens.accept('FROM') ? [parseExpression(tokens), first] : [first];
  return { kind: 'call', name: 'TRIM', arguments: values, star: false, distinct: false, line: at };
}

const dateParts: Readonly<Record<DatePart, readonly string[]>> = {
  year: ['yy', 'yyyy'],
  quarter: ['qq', 'q'],
  month: ['mm', 'm'],
  dayofyear: ['dy', 'y'],
  day: ['dd', 'd'],
  week: ['wk', 'ww'],
  weekday: ['dw', 'w'],
  hour: ['hh'],
  minute: ['mi', 'n'],
  second: ['ss', 's'],
  millisecond: ['ms'],
  microsecond: ['mcs'],
  nanosecond: ['ns'],
  tzoffset: ['tz'],
  iso_week: ['isowk', 'isoww'],
};
const allDateParts = Object.keys(dateParts) as DatePart[];

function datePartCall(name: DatePartCall['name']): Parse<Expression> {
  return (tokens) => {
    const { text, line: at } = tokens.kind('word');
    const word = text.toLowerCase();
    const part = allDateParts.find((known) => known === word || dateParts[known].includes(word));
    if (!part) throw new SqlFault(155, 15, `'${text}' is not a recognized ${name.toLowerCase()} option.`, at);
    return { kind: 'datePart', name, part, arguments: optionalList(',', parseExpression)(tokens), line: at };
  };
}
