import { parseCondition } from './parse-condition.ts';
import { parseColumn, parseExpression } from './parse-expression.ts';
import { parseHints, parseObjectName } from './parse-names.ts';
import {
  acceptOptionClause,
  parseAssignedValue,
  parseNameList,
  parseQuery,
  parseSelectItem,
  parseTop,
  seesQuery,
} from './parse-query.ts';
import { parseTableSources } from './parse-table-source.ts';
import { SqlFault } from './sql-fault.ts';
import type {
  CommonTableExpression,
  DeleteStatement,
  InsertStatement,
  InsertValue,
  OutputClause,
  UpdateAssignment,
  UpdateStatement,
  VariableReference,
  WriteTarget,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const mostRows = 1000;

/** After the word INSERT. */
export function parseInsert(tokens: TokenStream, with_: readonly CommonTableExpression[]): InsertStatement {
  const top = parseTop(tokens);
  tokens.accept('INTO');
  const target = parseTarget(tokens);
  const columns = tokens.sees('(') && !seesQuery(tokens, 1) ? parseNameList(tokens) : undefined;
  const output = acceptOutput(tokens);
  const source = parseInsertSource(tokens);
  acceptOptionClause(tokens);
  return {
    kind: 'insert',
    with: with_,
    target,
    source,
    ...(top && { top }),
    ...(columns && { columns }),
    ...(output && { output }),
  };
}

function parseInsertSource(tokens: TokenStream): InsertStatement['source'] {
  if (tokens.accept('DEFAULT', 'VALUES')) return { kind: 'defaultValues' };
  if (tokens.seesOneOf('EXEC', 'EXECUTE')) tokens.refuse('INSERT … EXECUTE');
  if (!tokens.sees('VALUES')) return { kind: 'query', query: parseQuery(tokens) };
  const { line } = tokens.next();
  const rows = tokens.list(() => tokens.bracketed(() => tokens.list(() => parseInsertValue(tokens))));
  if (rows.length > mostRows) throw tooManyRows(line);
  if (rows.some((row) => row.length !== rows[0]?.length)) throw unevenRows(line);
  return { kind: 'values', rows };
}

function parseInsertValue(tokens: TokenStream): InsertValue {
  return tokens.accept('DEFAULT') ? { kind: 'default' } : parseExpression(tokens);
}

/** After the word UPDATE. */
export function parseUpdate(tokens: TokenStream, with_: readonly CommonTableExpression[]): UpdateStatement {
  if (tokens.sees('STATISTICS')) tokens.refuse('UPDATE STATISTICS');
  const top = parseTop(tokens);
  const target = parseTarget(tokens);
  tokens.expect('SET');
  const assignments = tokens.list(() => parseUpdateAssignment(tokens));
  const output = acceptOutput(tokens);
  const from = tokens.accept('FROM') ? parseTableSources(tokens) : [];
  return {
    kind: 'update',
    with: with_,
    target,
    assignments,
    from,
    ...parseRows(tokens),
    ...(top && { top }),
    ...(output && { output }),
  };
}

function parseUpdateAssignment(tokens: TokenStream): UpdateAssignment {
  if (!tokens.seesKind('variable')) return parseColumnAssignment(tokens);
  const { text, line } = tokens.next();
  const variable: VariableReference = { kind: 'variable', name: text, line };
  const assignsColumn = tokens.sees('=') && tokens.seesName(1) && tokens.peek(2).text === '=';
  if (!assignsColumn) return { variable, value: parseAssignedValue(tokens, variable) };
  tokens.expect('=');
  return { variable, ...parseColumnAssignment(tokens) };
}

function parseColumnAssignment(tokens: TokenStream): UpdateAssignment {
  const column = parseColumn(tokens);
  if (tokens.accept('=', 'DEFAULT')) return { column, value: { kind: 'default' } };
  return { column, value: parseAssignedValue(tokens, column) };
}

/** After the word DELETE. */
export function parseDelete(tokens: TokenStream, with_: readonly CommonTableExpression[]): DeleteStatement {
  const top = parseTop(tokens);
  tokens.accept('FROM');
  const target = parseTarget(tokens);
  const output = acceptOutput(tokens);
  const from = tokens.accept('FROM') ? parseTableSources(tokens) : [];
  return {
    kind: 'delete',
    with: with_,
    target,
    from,
    ...parseRows(tokens),
    ...(top && { top }),
    ...(output && { output }),
  };
}

function parseRows(tokens: TokenStream): Pick<UpdateStatement, 'where'> {
  const filtered = tokens.accept('WHERE');
  if (filtered && tokens.sees('CURRENT', 'OF')) tokens.refuse('WHERE CURRENT OF');
  const where = filtered ? parseCondition(tokens) : undefined;
  acceptOptionClause(tokens);
  return where ? { where } : {};
}

function parseTarget(tokens: TokenStream): WriteTarget {
  const { kind, text, line } = tokens.current;
  if (kind !== 'variable')
    return { kind: 'table', table: parseObjectName(tokens), hints: parseHints(tokens) };
  tokens.next();
  return { kind: 'tableVariable', variable: { kind: 'variable', name: text, line } };
}

function acceptOutput(tokens: TokenStream): OutputClause | undefined {
  if (!tokens.accept('OUTPUT')) return undefined;
  const items = tokens.list(() => parseSelectItem(tokens));
  if (!tokens.accept('INTO')) return { items };
  const target = parseTarget(tokens);
  const columns = tokens.sees('(') && !seesQuery(tokens, 1) ? parseNameList(tokens) : undefined;
  if (tokens.sees('OUTPUT')) tokens.refuse('a second OUTPUT clause');
  return { items, into: { target, ...(columns && { columns }) } };
}

function tooManyRows(line: number): SqlFault {
  const message = `The number of row value expressions in the INSERT statement exceeds the maximum allowed number of ${mostRows} row values.`;
  return new SqlFault(10738, 15, message, line);
}

function unevenRows(line: number): SqlFault {
  const message = 'The number of columns for each row in a table value constructor must be the same.';
  return new SqlFault(10709, 16, message, line);
}
