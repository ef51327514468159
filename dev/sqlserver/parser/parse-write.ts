import { after, constant, list, node, optional, shape, skipping, brackets } from './grammar.ts';
import { objectName, optionalNames } from './names.ts';
import { parseCondition } from './parse-condition.ts';
import { parseColumn, parseExpression } from './parse-expression.ts';
import { acceptTop, parseAssignedValue, parseFrom } from './parse-query.ts';
import { parseHints, parseQuery, parseSelectItems } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { CommonTableExpression, Expression, Query } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const mostRows = 1000;

/** What INSERT, UPDATE and DELETE write to; an UPDATE or DELETE may name an alias of its FROM. */
const target = shape({ table: objectName, hints: (tokens) => parseHints(tokens) });
const common = constant<readonly CommonTableExpression[]>([]);
/** Only columns qualified with `inserted` or `deleted` (or of a joined source), and stars of these. */
const output = optional('OUTPUT', shape({ items: parseSelectItems }));

/** INSERT, UPDATE and DELETE by these words; `with` is for WITH to fill. */
export const writes = {
  INSERT: node('insert', {
    with: common,
    target: skipping('INTO', target),
    columns: (tokens) => (tokens.sees('( SELECT') ? undefined : optionalNames(tokens)),
    output,
    source: parseInsertSource,
  }),
  UPDATE: node('update', {
    with: common,
    top: acceptTop,
    target,
    assignments: after('SET', list(parseAssignment)),
    output,
    from: parseFrom,
    where: optional('WHERE', parseCondition),
  }),
  DELETE: node('delete', {
    with: common,
    top: acceptTop,
    target: skipping('FROM', target),
    output,
    from: parseFrom,
    where: optional('WHERE', parseCondition),
  }),
};

type InsertValue = Expression | { kind: 'default' };
type InsertSource =
  { kind: 'values'; rows: readonly (readonly InsertValue[])[] } | { kind: 'query'; query: Query };

function parseInsertSource(tokens: TokenStream): InsertSource {
  tokens.refuseIf('EXECUTE', 'INSERT … EXECUTE');
  const { line } = tokens.current;
  if (!tokens.accept('VALUES')) return { kind: 'query', query: parseQuery(tokens) };
  const rows = tokens.list(brackets(list(parseInsertValue)));
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

/** The compound operators are written out as expressions. */
function parseAssignment(tokens: TokenStream) {
  tokens.refuseIf('@', 'UPDATE … SET @variable');
  const column = parseColumn(tokens);
  const value: InsertValue = tokens.accept('= DEFAULT')
    ? { kind: 'default' }
    : parseAssignedValue(tokens, column);
  return { column, value };
}
