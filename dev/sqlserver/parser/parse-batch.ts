import {
  parseBegin,
  parseDeclare,
  parseEndOfTransaction,
  parseIf,
  parseRaiserror,
  parseSave,
  parseThrow,
  parseWaitFor,
  parseWhile,
} from './parse-control.ts';
import { parseAlter, parseCreate, parseDrop } from './parse-definition.ts';
import { parseExecute } from './parse-execute.ts';
import { parseExpression } from './parse-expression.ts';
import { parseObjectName } from './parse-names.ts';
import {
  acceptOptionClause,
  parseQuery,
  parseSelectStatement,
  parseWith,
  withNeedsSemicolon,
} from './parse-query.ts';
import { parsePermission } from './parse-security.ts';
import { parseSet } from './parse-set.ts';
import { parseDelete, parseInsert, parseUpdate } from './parse-write.ts';
import { SqlFault } from './sql-fault.ts';
import type { Batch, Statement } from './syntax.ts';
import { TokenStream } from './token-stream.ts';

type StatementBody = Statement extends infer Each
  ? Each extends Statement
    ? Omit<Each, 'line'>
    : never
  : never;

/** Reads a batch of the T-SQL subset. Throws SqlFault: 102, 156 and their like for syntax, 40510 for what is left out. */
export function parseBatch(text: string): Batch {
  const tokens = new TokenStream(text);
  skipSemicolons(tokens);
  if (tokens.seesName() && !tokens.sees('THROW')) {
    const { line } = tokens.current;
    const first: Statement = { line, ...parseExecute(tokens) };
    return { statements: [first, ...parseStatements(tokens, 'end')] };
  }
  return { statements: parseStatements(tokens, 'end') };
}

/** Statements up to the end of the batch, or up to the word END (which stays). */
export function parseStatements(tokens: TokenStream, until: 'end' | 'END'): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    const separated = skipSemicolons(tokens) || statements.length === 0;
    if (until === 'end' ? tokens.seesKind('end') : tokens.sees('END')) return statements;
    if (!separated && tokens.sees('WITH')) throw withNeedsSemicolon(tokens.current.line);
    if (!separated && tokens.sees('THROW')) tokens.fail();
    statements.push(parseStatement(tokens));
  }
}

function skipSemicolons(tokens: TokenStream): boolean {
  let found = false;
  while (tokens.accept(';')) found = true;
  return found;
}

export function parseStatement(tokens: TokenStream): Statement {
  return tokens.nested(() => {
    const { line } = tokens.current;
    return { ...parseBody(tokens), line };
  });
}

const notHere = [
  ...[
    'BACKUP',
    'BULK',
    'CHECKPOINT',
    'CLOSE',
    'DBCC',
    'DEALLOCATE',
    'FETCH',
    'GOTO',
    'KILL',
    'MERGE',
    'OPEN',
  ],
  ...['READTEXT', 'RECONFIGURE', 'RESTORE', 'REVERT', 'SETUSER', 'SHUTDOWN', 'UPDATETEXT', 'WRITETEXT'],
];

function parseBody(tokens: TokenStream): StatementBody {
  if (tokens.sees('WITH')) return parseStatementWith(tokens);
  if (tokens.sees('SELECT') || tokens.sees('(')) return parseSelectStatement(tokens);
  if (tokens.seesOneOf(...notHere)) tokens.refuse(tokens.current.word);
  const { word } = tokens.current;
  if (word === '') return tokens.fail();
  const parse = statements[word];
  if (!parse) return tokens.fail();
  tokens.next();
  return parse(tokens);
}

const statements: Readonly<Record<string, (tokens: TokenStream) => StatementBody>> = {
  INSERT: (tokens) => parseInsert(tokens, []),
  UPDATE: (tokens) => parseUpdate(tokens, []),
  DELETE: (tokens) => parseDelete(tokens, []),
  DECLARE: parseDeclare,
  SET: parseSet,
  IF: parseIf,
  WHILE: parseWhile,
  BREAK: () => ({ kind: 'break' }),
  CONTINUE: () => ({ kind: 'continue' }),
  BEGIN: parseBegin,
  COMMIT: (tokens) => parseEndOfTransaction(tokens, 'commit'),
  ROLLBACK: (tokens) => parseEndOfTransaction(tokens, 'rollback'),
  SAVE: parseSave,
  PRINT: (tokens) => ({ kind: 'print', value: parseExpression(tokens) }),
  THROW: parseThrow,
  RAISERROR: parseRaiserror,
  RETURN: parseReturn,
  USE: (tokens) => ({ kind: 'use', database: tokens.name() }),
  WAITFOR: parseWaitFor,
  EXEC: parseExecute,
  EXECUTE: parseExecute,
  CREATE: parseCreate,
  ALTER: parseAlter,
  DROP: parseDrop,
  TRUNCATE: parseTruncate,
  GRANT: (tokens) => parsePermission(tokens, 'grant'),
  DENY: (tokens) => parsePermission(tokens, 'deny'),
  REVOKE: (tokens) => parsePermission(tokens, 'revoke'),
};

function parseStatementWith(tokens: TokenStream): StatementBody {
  const with_ = parseWith(tokens);
  if (tokens.accept('INSERT')) return parseInsert(tokens, with_);
  if (tokens.accept('UPDATE')) return parseUpdate(tokens, with_);
  if (tokens.accept('DELETE')) return parseDelete(tokens, with_);
  if (tokens.sees('MERGE')) tokens.refuse('MERGE');
  const query = parseQuery(tokens);
  acceptOptionClause(tokens);
  return { kind: 'select', with: with_, query };
}

function parseReturn(tokens: TokenStream): StatementBody {
  const { line } = tokens.peek(-1);
  if (!tokens.seesKind('integer', 'variable', 'string') && !tokens.sees('(') && !tokens.sees('-'))
    return { kind: 'return' };
  throw new SqlFault(178, 15, 'A RETURN statement with a return value cannot be used in this context.', line);
}

function parseTruncate(tokens: TokenStream): StatementBody {
  tokens.expect('TABLE');
  const table = parseObjectName(tokens);
  if (tokens.sees('WITH')) tokens.refuse('TRUNCATE TABLE … WITH PARTITIONS');
  return { kind: 'truncateTable', table };
}
