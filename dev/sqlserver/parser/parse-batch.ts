import { parseCondition } from './parse-condition.ts';
import { control, parseExecute } from './parse-control.ts';
import { definitions } from './parse-definition.ts';
import { parseCommonTable, parseSelect } from './parse-query.ts';
import { security } from './parse-security.ts';
import { settings } from './parse-settings.ts';
import { parseDelete, parseInsert, parseUpdate } from './parse-write.ts';
import { refusedStatements } from './refused-constructs.ts';
import { SqlFault } from './sql-fault.ts';
import type { Batch, Statement, StatementBody } from './syntax.ts';
import type { Parse } from './token-stream.ts';
import { TokenStream } from './token-stream.ts';

/** Reads a batch of the T-SQL subset. Throws SqlFault: 102, 156 and their like for syntax, 40510 for what is left out. */
export function parseBatch(text: string): Batch {
  const tokens = new TokenStream(text);
  skipSemicolons(tokens);
  const { line, symbol } = tokens.current;
  const beginsWithProcedure = tokens.seesName() && !refusedStatements.includes(symbol);
  const first = beginsWithProcedure ? [{ ...parseExecute(tokens), line }] : [];
  const statements = [...first, ...parseStatements(tokens, first.length > 0)];
  return tokens.seesKind('end') ? { statements } : tokens.fail();
}

/** Statements up to the end of the batch, or up to the word END (which stays). */
function parseStatements(tokens: TokenStream, continues = false): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    const separated = skipSemicolons(tokens) || !(continues || statements.length > 0);
    if (tokens.seesKind('end') || tokens.sees('END')) return statements;
    if (!separated && tokens.sees('WITH')) failForSemicolon(tokens);
    statements.push(parseStatement(tokens));
  }
}

function skipSemicolons(tokens: TokenStream): boolean {
  let found = false;
  while (tokens.accept(';')) found = true;
  return found;
}

function failForSemicolon(tokens: TokenStream): never {
  tokens.refuseListed();
  const message =
    "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.";
  throw new SqlFault(319, 15, message, tokens.current.line);
}

function parseStatement(tokens: TokenStream): Statement {
  return tokens.nested(() => {
    const { line } = tokens.current;
    if (tokens.sees('SELECT') || tokens.sees('(')) return { ...parseSelect(tokens), line };
    const parse = tokens.choose(statements) ?? failAtStatement(tokens);
    return { ...parse(tokens), line };
  });
}

/** The statements by their first words, the longer ones first. */
const statements: Readonly<Record<string, Parse<StatementBody>>> = {
  INSERT: (tokens) => parseInsert(tokens),
  UPDATE: (tokens) => parseUpdate(tokens),
  DELETE: (tokens) => parseDelete(tokens),
  WITH: (tokens) => {
    const common = tokens.list(parseCommonTable);
    const parse =
      tokens.choose({ INSERT: parseInsert, UPDATE: parseUpdate, DELETE: parseDelete }) ?? parseSelect;
    return parse(tokens, common);
  },
  IF: (tokens) => ({
    kind: 'if',
    condition: parseCondition(tokens),
    whenTrue: parseStatement(tokens),
    whenFalse: tokens.acceptOneOf('ELSE', '; ELSE') && parseStatement(tokens),
  }),
  ...settings,
  ...control,
  BEGIN: (tokens) => {
    const inside = parseStatements(tokens);
    if (inside.length === 0) tokens.fail();
    tokens.expect('END');
    return { kind: 'block', statements: inside };
  },
  ...definitions,
  ...security,
};

/** No statement begins here: the error names the word, or the one behind it where statements begin with two words. */
function failAtStatement(tokens: TokenStream): never {
  const { symbol } = tokens.current;
  if (refusedStatements.includes(symbol)) tokens.refuse(symbol);
  if (Object.keys(statements).some((phrase) => phrase.startsWith(`${symbol} `))) tokens.next();
  const isDefinition = ['CREATE', 'ALTER', 'DROP'].includes(symbol);
  return isDefinition && tokens.seesKind('word')
    ? tokens.refuse(`${symbol} ${tokens.current.symbol}`)
    : tokens.fail();
}
