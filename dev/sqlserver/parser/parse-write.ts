import { parseCondition } from './parse-condition.ts';
import { parseColumn, parseExpression } from './parse-expression.ts';
import { acceptNames, parseObjectName } from './parse-names.ts';
import { acceptOptions, acceptTop, parseAssignedValue, parseQuery, parseSelectItems } from './parse-query.ts';
import { parseFrom, parseHints } from './parse-source.ts';
import { SqlFault } from './sql-fault.ts';
import type {
  CommonTableExpression,
  Condition,
  DeleteStatement,
  InsertStatement,
  InsertValue,
  OutputClause,
  UpdateAssignment,
  UpdateStatement,
  WriteTarget,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

type Common = readonly CommonTableExpression[];

const mostRows = 1000;

/** After the word INSERT. */
export function parseInsert(tokens: TokenStream, common: Common = []): InsertStatement {
  tokens.accept('INTO');
  const target = parseTarget(tokens);
  const columns = tokens.sees('( SELECT') ? undefined : acceptNames(tokens);
  const output = acceptOutput(tokens);
  const source = parseInsertSource(tokens);
  acceptOptions(tokens);
  return { kind: 'insert', with: common, target, columns, output, source };
}

function parseInsertSource(tokens: TokenStream): InsertStatement['source'] {
  tokens.refuseIf('EXECUTE', 'INSERT … EXECUTE');
  const { line } = tokens.current;
  if (!tokens.accept('VALUES')) return { kind: 'query', query: parseQuery(tokens) };
  const rows = tokens.list(() => tokens.bracketedList(parseInsertValue));
  if (rows.length > mostRows) {
    const message = `The number of row value expressions in the INSERT statement exceeds the maximum allowed number of ${mostRows} row values.`;
    throw new SqlFault(10738, 15, message, line);
  }
  if (rows.some((row) => row.length !== rows[0]?.length)) {
    const message = 'The number of columns for each row in a table value constructor must be the same.';
    throw new SqlFault(10709, 16, message, line);
  }
  return { kind: 'values', rows };
}

function parseInsertValue(tokens: TokenStream): InsertValue {
  return tokens.accept('DEFAULT') ? { kind: 'default' } : parseExpression(tokens);
}

/** After the word UPDATE. */
export function parseUpdate(tokens: TokenStream, common: Common = []): UpdateStatement {
  return {
    kind: 'update',
    with: common,
    top: acceptTop(tokens),
    target: parseTarget(tokens),
    assignments: tokens.expectThen('SET', () => tokens.list(parseAssignment)),
    output: acceptOutput(tokens),
    from: parseFrom(tokens),
    where: acceptWhere(tokens),
  };
}

function parseAssignment(tokens: TokenStream): UpdateAssignment {
  tokens.refuseIf('@', 'UPDATE … SET @variable');
  const column = parseColumn(tokens);
  if (tokens.accept('= DEFAULT')) return { column, value: { kind: 'default' } };
  return { column, value: parseAssignedValue(tokens, column) };
}

/** After the word DELETE. */
export function parseDelete(tokens: TokenStream, common: Common = []): DeleteStatement {
  const top = acceptTop(tokens);
  tokens.accept('FROM');
  return {
    kind: 'delete',
    with: common,
    top,
    target: parseTarget(tokens),
    output: acceptOutput(tokens),
    from: parseFrom(tokens),
    where: acceptWhere(tokens),
  };
}

function acceptWhere(tokens: TokenStream): Condition | undefined {
  const where = tokens.after('WHERE', parseCondition);
  acceptOptions(tokens);
  return where;
}

function parseTarget(tokens: TokenStream): WriteTarget {
  return { table: parseObjectName(tokens), hints: parseHints(tokens) };
}

function acceptOutput(tokens: TokenStream): OutputClause | undefined {
  const items = tokens.after('OUTPUT', parseSelectItems);
  return items && { items };
}
