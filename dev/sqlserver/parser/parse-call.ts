import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { parseExpression } from './parse-expression.ts';
import { parseOrderBy } from './parse-query.ts';
import { datePartNamed } from './date-parts.ts';
import type {
  CaseBranch,
  Condition,
  DatePartCall,
  Expression,
  FrameBound,
  FunctionCall,
  Window,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** Reserved words that are functions nevertheless. */
const reservedFunctions = ['COALESCE', 'CONVERT', 'LEFT', 'NULLIF', 'RIGHT', 'TRY_CONVERT'];
const withoutBrackets = ['CURRENT_TIMESTAMP', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER', 'USER'];

export function seesCall(tokens: TokenStream): boolean {
  if (tokens.seesOneOf(...withoutBrackets)) return true;
  let distance = 0;
  while (tokens.seesName(distance) && isDot(tokens, distance + 1)) distance += 2;
  const named = tokens.seesName(distance) || (distance === 0 && tokens.seesOneOf(...reservedFunctions));
  const after = tokens.peek(distance + 1);
  return named && after.kind === 'operator' && after.text === '(';
}

function isDot(tokens: TokenStream, distance: number): boolean {
  const token = tokens.peek(distance);
  return token.kind === 'operator' && token.text === '.';
}

export function parseCall(tokens: TokenStream): Expression {
  const { line } = tokens.current;
  const bare = tokens.acceptOneOf(...withoutBrackets);
  if (bare) return { kind: 'call', name: bare, arguments: [], star: false, distinct: false, line };
  const first = tokens.next();
  if (isDot(tokens, 0)) return parseSchemaCall(tokens, first.text, line);
  tokens.expect('(');
  const call = parseCallAfterBracket(tokens, first.text.toUpperCase(), line);
  return call;
}

function parseCallAfterBracket(tokens: TokenStream, name: string, line: number): Expression {
  switch (name) {
    case 'CAST':
    case 'TRY_CAST':
      return parseCast(tokens, name === 'TRY_CAST', line);
    case 'CONVERT':
    case 'TRY_CONVERT':
      return parseConvert(tokens, name === 'TRY_CONVERT', line);
    case 'IIF':
      return parseIif(tokens);
    case 'TRIM':
      return parseTrim(tokens, line);
    case 'DATEADD':
    case 'DATEDIFF':
    case 'DATEDIFF_BIG':
    case 'DATEPART':
    case 'DATENAME':
      return parseDatePartCall(tokens, name, line);
    case 'PARSE':
    case 'TRY_PARSE':
      return tokens.refuse(name);
    default:
      return parsePlainCall(tokens, { name, line });
  }
}

function parseSchemaCall(tokens: TokenStream, schema: string, line: number): Expression {
  tokens.expect('.');
  const name = tokens.name();
  if (!tokens.accept('(')) return tokens.refuse('functions of another database');
  return parsePlainCall(tokens, { schema, name, line });
}

function parsePlainCall(
  tokens: TokenStream,
  head: Pick<FunctionCall, 'schema' | 'name' | 'line'>,
): FunctionCall {
  const star = tokens.sees('*', ')') && tokens.accept('*');
  const distinct = !star && tokens.accept('DISTINCT');
  if (!distinct && !star) tokens.accept('ALL');
  const nothing = !distinct && (star || tokens.sees(')'));
  const values = nothing ? [] : tokens.list(() => parseExpression(tokens));
  tokens.expect(')');
  const withinGroup = tokens.accept('WITHIN', 'GROUP')
    ? tokens.bracketed(() => parseOrderBy(tokens))
    : undefined;
  const over = tokens.accept('OVER') ? tokens.bracketed(() => parseWindow(tokens)) : undefined;
  return {
    kind: 'call',
    ...head,
    arguments: values,
    star,
    distinct,
    ...(withinGroup && { withinGroup }),
    ...(over && { over }),
  };
}

function parseWindow(tokens: TokenStream): Window {
  const partitionBy = tokens.accept('PARTITION', 'BY') ? tokens.list(() => parseExpression(tokens)) : [];
  const orderBy = tokens.sees('ORDER') ? parseOrderBy(tokens) : [];
  const unit = tokens.acceptOneOf('ROWS', 'RANGE');
  if (!unit) return { partitionBy, orderBy };
  if (orderBy.length === 0) return tokens.fail();
  const between = tokens.accept('BETWEEN');
  const start = parseFrameBound(tokens);
  if (between) tokens.expect('AND');
  const frame = { unit: unit === 'ROWS' ? 'rows' : 'range', start } as const;
  return { partitionBy, orderBy, frame: between ? { ...frame, end: parseFrameBound(tokens) } : frame };
}

function parseFrameBound(tokens: TokenStream): FrameBound {
  if (tokens.accept('CURRENT', 'ROW')) return { kind: 'currentRow' };
  if (tokens.accept('UNBOUNDED')) {
    const side = tokens.expectOneOf('PRECEDING', 'FOLLOWING');
    return { kind: side === 'PRECEDING' ? 'unboundedPreceding' : 'unboundedFollowing' };
  }
  const rows = tokens.wholeNumber();
  const side = tokens.expectOneOf('PRECEDING', 'FOLLOWING');
  return { kind: side === 'PRECEDING' ? 'preceding' : 'following', rows };
}

/** After the word CASE. */
export function parseCase(tokens: TokenStream): Expression {
  const operand = tokens.sees('WHEN') ? undefined : parseExpression(tokens);
  if (operand) {
    const branches = parseBranches(tokens, () => parseExpression(tokens));
    return { kind: 'case', operand, branches, ...parseElse(tokens) };
  }
  const branches: CaseBranch<Condition>[] = parseBranches(tokens, () => parseCondition(tokens));
  return { kind: 'caseWhen', branches, ...parseElse(tokens) };
}

function parseBranches<When>(tokens: TokenStream, parseWhen: () => When): CaseBranch<When>[] {
  const branches: CaseBranch<When>[] = [];
  do {
    tokens.expect('WHEN');
    const when = parseWhen();
    tokens.expect('THEN');
    branches.push({ when, result: parseExpression(tokens) });
  } while (tokens.sees('WHEN'));
  return branches;
}

function parseElse(tokens: TokenStream): { otherwise?: Expression } {
  const otherwise = tokens.accept('ELSE') ? parseExpression(tokens) : undefined;
  tokens.expect('END');
  return otherwise ? { otherwise } : {};
}

function parseCast(tokens: TokenStream, try_: boolean, line: number): Expression {
  const operand = parseExpression(tokens);
  tokens.expect('AS');
  const type = parseDataType(tokens, 'conversion');
  tokens.expect(')');
  return { kind: 'conversion', try: try_, operand, type, line };
}

function parseConvert(tokens: TokenStream, try_: boolean, line: number): Expression {
  const type = parseDataType(tokens, 'conversion');
  tokens.expect(',');
  const operand = parseExpression(tokens);
  const style = tokens.accept(',') ? parseExpression(tokens) : undefined;
  tokens.expect(')');
  return { kind: 'conversion', try: try_, operand, type, line, ...(style && { style }) };
}

function parseIif(tokens: TokenStream): Expression {
  const condition = parseCondition(tokens);
  tokens.expect(',');
  const whenTrue = parseExpression(tokens);
  tokens.expect(',');
  const whenFalse = parseExpression(tokens);
  tokens.expect(')');
  return { kind: 'iif', condition, whenTrue, whenFalse };
}

/** TRIM([characters FROM] value); LEADING and TRAILING came with compatibility level 160. */
function parseTrim(tokens: TokenStream, line: number): Expression {
  const first = parseExpression(tokens);
  const operand = tokens.accept('FROM') ? parseExpression(tokens) : undefined;
  tokens.expect(')');
  const values = operand ? [operand, first] : [first];
  return { kind: 'call', name: 'TRIM', arguments: values, star: false, distinct: false, line };
}

function parseDatePartCall(tokens: TokenStream, name: DatePartCall['name'], line: number): Expression {
  const word = tokens.kind('word');
  const part = datePartNamed(word.text, name, line);
  const values: Expression[] = [];
  while (tokens.accept(',')) values.push(parseExpression(tokens));
  tokens.expect(')');
  return { kind: 'datePart', name, part, arguments: values, line };
}
