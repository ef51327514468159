import type { SqlType } from '../contract.ts';
import {
  after,
  before,
  brackets,
  choice,
  constant,
  flag,
  list,
  node,
  optional,
  optionalList,
  shape,
} from './grammar.ts';
import type { Token } from './lexer.ts';
import { line, wholeNumber } from './names.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseOrderItem, parseQuery } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { Arithmetic, ColumnReference, DatePartCall, Expression } from './syntax.ts';
import type { FrameBound, FunctionCall, Literal, Window } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

type ParseOperand = (tokens: TokenStream, first?: Expression) => Expression;

export function parseExpression(tokens: TokenStream): Expression {
  return tokens.nested(() => parseSum(tokens));
}

/** Operators of one rank, which bind from the left; a first operand may have been read already, brackets and all. */
function operators(rank: readonly Arithmetic[], parseOperand: ParseOperand): ParseOperand {
  return (tokens, first) =>
    tokens.grow(parseOperand(tokens, first), (left) => {
      const operator = tokens.acceptOneOf(...rank);
      return operator && { kind: 'binary', operator, left, right: parseOperand(tokens) };
    });
}

const parseProduct = operators(['*', '/', '%'], parseSigned);
export const parseSum = operators(['+', '-'], parseProduct);

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
  if (tokens.accept('CASE WHEN')) return tokens.nested(searchedCase);
  if (tokens.accept('CASE')) return tokens.nested(simpleCase);
  return acceptCall(tokens) ?? parseColumn(tokens);
}

const literals: Readonly<Partial<Record<Token['kind'], (token: Token) => Literal>>> = {
  string: ({ text, unicode }) => ({ kind: 'literal', type: 'string', text, unicode }),
  integer: ({ text }) => ({ kind: 'literal', type: 'integer', text }),
  decimal: ({ text }) => ({ kind: 'literal', type: 'decimal', text }),
  float: ({ text }) => ({ kind: 'literal', type: 'float', text }),
  money: ({ text }) => ({ kind: 'literal', type: 'money', text: text.slice(1) }),
  binary: ({ text }) => ({ kind: 'literal', type: 'binary', text: evenDigits(text.slice(2)) }),
};

function evenDigits(digits: string): string {
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

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
  if (parts.length > 4) tokens.fail();
  return { kind: 'column', qualifier: parts.slice(0, -1), name: parts.at(-1) ?? '', line: at };
}

const otherwise = before(optional('ELSE', parseExpression), 'END');
const searchedCase = node('caseWhen', { branches: branches(parseCondition), otherwise });
const simpleCase = node('case', {
  operand: before(parseExpression, 'WHEN'),
  branches: branches(parseExpression),
  otherwise,
});

function branches<When>(parseWhen: Parse<When>): Parse<{ when: When; result: Expression }[]> {
  return list(shape({ when: parseWhen, result: after('THEN', parseExpression) }), 'WHEN');
}

/** Reserved words that are functions nevertheless. */
const reservedFunctions = ['COALESCE', 'CONVERT', 'LEFT', 'NULLIF', 'RIGHT', 'TRY_CONVERT'];

function acceptCall(tokens: TokenStream): Expression | undefined {
  const { symbol, text, line: at } = tokens.current;
  const head = { kind: 'call', name: text.toUpperCase(), written: text, line: at } as const;
  if (tokens.accept('CURRENT_TIMESTAMP')) return { ...head, star: false, distinct: false, arguments: [] };
  if (!tokens.sees('(', 1) || !(tokens.seesName() || reservedFunctions.includes(symbol))) return undefined;
  tokens.next();
  const special = specialCalls[head.name];
  if (special) return tokens.nested(brackets(special));
  return tokens.nested(() => ({ ...head, ...brackets(plainArguments)(tokens), ...callEnd(tokens) }));
}

function plainArguments(tokens: TokenStream): Pick<FunctionCall, 'star' | 'distinct' | 'arguments'> {
  const star = tokens.sees('* )') && tokens.accept('*');
  const distinct = !star && flag('DISTINCT', 'ALL')(tokens);
  const isEmpty = tokens.sees(')') && !distinct;
  return { star, distinct, arguments: isEmpty ? [] : tokens.list(parseExpression) };
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

const bounds = {
  'CURRENT ROW': { kind: 'currentRow' },
  'UNBOUNDED PRECEDING': { kind: 'unboundedPreceding' },
  'UNBOUNDED FOLLOWING': { kind: 'unboundedFollowing' },
} as const;
const frameBounds = shape({ start: parseFrameBound, end: after('AND', parseFrameBound) });
const away = choice({ PRECEDING: 'preceding', FOLLOWING: 'following' });

function parseFrameBound(tokens: TokenStream): FrameBound {
  return tokens.choose(bounds) ?? { rows: wholeNumber(tokens), kind: away(tokens) };
}

const next = after(',', parseExpression);
const cast = { line, operand: parseExpression, type: after('AS', parseConvertedType) };
const convert = { line, type: parseConvertedType, operand: next, style: optional(',', parseExpression) };

/** What stands in the brackets of functions that take no plain list of values. */
const specialCalls: Readonly<Record<string, Parse<Expression>>> = {
  CAST: node('conversion', { try: constant(false), ...cast }),
  TRY_CAST: node('conversion', { try: constant(true), ...cast }),
  CONVERT: node('conversion', { try: constant(false), ...convert }),
  TRY_CONVERT: node('conversion', { try: constant(true), ...convert }),
  IIF: node('iif', { condition: parseCondition, whenTrue: next, whenFalse: next }),
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
  return {
    kind: 'call',
    name: 'TRIM',
    written: 'TRIM',
    arguments: values,
    star: false,
    distinct: false,
    line: at,
  };
}

const dateParts = {
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
export type DatePart = keyof typeof dateParts;
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
