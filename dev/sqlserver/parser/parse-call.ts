import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { parseOrderBy } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { DatePart, DatePartCall, Expression, FrameBound, FunctionCall, Window } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** Reserved words that are functions nevertheless. */
const reservedFunctions = ['COALESCE', 'CONVERT', 'LEFT', 'NULLIF', 'RIGHT', 'TRY_CONVERT'];

/** Functions whose arguments are no plain list of values. */
const specialCalls: Readonly<Record<string, (tokens: TokenStream, line: number) => Expression>> = {
  CAST: (tokens, line) => parseCast(tokens, false, line),
  TRY_CAST: (tokens, line) => parseCast(tokens, true, line),
  CONVERT: (tokens, line) => parseConvert(tokens, false, line),
  TRY_CONVERT: (tokens, line) => parseConvert(tokens, true, line),
  IIF: (tokens) => ({
    kind: 'iif',
    condition: parseCondition(tokens),
    whenTrue: tokens.expectThen(',', parseExpression),
    whenFalse: tokens.expectThen(',', parseExpression),
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

export function acceptCall(tokens: TokenStream): Expression | undefined {
  const { symbol, text, line } = tokens.current;
  if (tokens.accept('CURRENT_TIMESTAMP')) return { ...plain('CURRENT_TIMESTAMP', line), arguments: [] };
  if (!tokens.sees('(', 1) || !(tokens.seesName() || reservedFunctions.includes(symbol))) return undefined;
  tokens.next();
  const name = text.toUpperCase();
  return tokens.nested(() => {
    const parse = specialCalls[name];
    return parse ? tokens.bracketed(() => parse(tokens, line)) : parsePlainCall(tokens, name, line);
  });
}

function plain(
  name: string,
  line: number,
): Pick<FunctionCall, 'kind' | 'name' | 'star' | 'distinct' | 'line'> {
  return { kind: 'call', name, star: false, distinct: false, line };
}

function parsePlainCall(tokens: TokenStream, name: string, line: number): FunctionCall {
  tokens.expect('(');
  const star = tokens.sees('* )') && tokens.accept('*');
  const distinct = tokens.acceptOneOf('DISTINCT', 'ALL') === 'DISTINCT';
  const values = tokens.sees(')') && !distinct ? [] : tokens.list(parseExpression);
  tokens.expect(')');
  return {
    ...plain(name, line),
    star,
    distinct,
    arguments: values,
    withinGroup: tokens.after('WITHIN GROUP', () => tokens.bracketed(parseOrderBy)),
    over: tokens.after('OVER', () => tokens.bracketed(parseWindow)),
  };
}

function parseWindow(tokens: TokenStream): Window {
  const partitionBy = tokens.after('PARTITION BY', () => tokens.list(parseExpression)) ?? [];
  const orderBy = tokens.sees('ORDER') ? parseOrderBy(tokens) : [];
  const unit = orderBy.length > 0 ? tokens.choose({ ROWS: 'rows', RANGE: 'range' }) : undefined;
  return { partitionBy, orderBy, frame: unit && { unit, ...parseFrame(tokens) } };
}

function parseFrame(tokens: TokenStream): { start: FrameBound; end?: FrameBound } {
  if (!tokens.accept('BETWEEN')) return { start: parseFrameBound(tokens) };
  return { start: parseFrameBound(tokens), end: tokens.expectThen('AND', parseFrameBound) };
}

function parseFrameBound(tokens: TokenStream): FrameBound {
  const kind = tokens.choose({
    'CURRENT ROW': 'currentRow',
    'UNBOUNDED PRECEDING': 'unboundedPreceding',
    'UNBOUNDED FOLLOWING': 'unboundedFollowing',
  });
  if (kind) return { kind };
  const rows = tokens.wholeNumber();
  return { rows, kind: tokens.choose({ PRECEDING: 'preceding', FOLLOWING: 'following' }) ?? tokens.fail() };
}

/** After the word CASE. */
export function parseCase(tokens: TokenStream): Expression {
  if (tokens.sees('WHEN')) {
    return {
      kind: 'caseWhen',
      branches: parseBranches(tokens, parseCondition),
      otherwise: parseElse(tokens),
    };
  }
  return {
    kind: 'case',
    operand: parseExpression(tokens),
    branches: parseBranches(tokens, parseExpression),
    otherwise: parseElse(tokens),
  };
}

function parseBranches<When>(
  tokens: TokenStream,
  parseWhen: Parse<When>,
): { when: When; result: Expression }[] {
  const branches: { when: When; result: Expression }[] = [];
  do {
    const when = tokens.expectThen('WHEN', parseWhen);
    branches.push({ when, result: tokens.expectThen('THEN', parseExpression) });
  } while (tokens.sees('WHEN'));
  return branches;
}

function parseElse(tokens: TokenStream): Expression | undefined {
  const otherwise = tokens.after('ELSE', parseExpression);
  tokens.expect('END');
  return otherwise;
}

function parseCast(tokens: TokenStream, isTry: boolean, line: number): Expression {
  const operand = parseExpression(tokens);
  tokens.expect('AS');
  return { kind: 'conversion', try: isTry, operand, type: parseDataType(tokens, 'conversion'), line };
}

function parseConvert(tokens: TokenStream, isTry: boolean, line: number): Expression {
  const type = parseDataType(tokens, 'conversion');
  const operand = tokens.expectThen(',', parseExpression);
  return { kind: 'conversion', try: isTry, operand, type, style: tokens.after(',', parseExpression), line };
}

/** TRIM([characters FROM] value); LEADING and TRAILING came with compatibility level 160. */
function parseTrim(tokens: TokenStream, line: number): Expression {
  const first = parseExpression(tokens);
  const value = tokens.after('FROM', parseExpression);
  return { ...plain('TRIM', line), arguments: value ? [value, first] : [first] };
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

function datePartCall(name: DatePartCall['name']) {
  return (tokens: TokenStream, line: number): DatePartCall => {
    const { text } = tokens.kind('word');
    const word = text.toLowerCase();
    const part = allDateParts.find((known) => known === word || dateParts[known].includes(word));
    if (!part)
      throw new SqlFault(155, 15, `'${text}' is not a recognized ${name.toLowerCase()} option.`, line);
    const values = tokens.after(',', () => tokens.list(parseExpression)) ?? [];
    return { kind: 'datePart', name, part, arguments: values, line };
  };
}
