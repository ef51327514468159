import { after, before, brackets, list, shape } from './grammar.ts';
import { name, optionalNames, wholeNumber } from './names.ts';
import { parseCondition } from './parse-condition.ts';
import { control, settings } from './parse-control.ts';
import { definitions } from './parse-definition.ts';
import { parseQuery } from './parse-query.ts';
import { security } from './parse-security.ts';
import { writes } from './parse-write.ts';
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
  const first = tokens.seesName() && !(symbol in statements) ? [{ ...control.EXECUTE(tokens), line }] : [];
  const others = parseStatements(tokens, first.length > 0);
  return tokens.seesKind('end') ? { statements: [...first, ...others] } : tokens.fail();
}

/** Statements up to the end of the batch, or up to the word END (which stays). */
function parseStatements(tokens: TokenStream, goesOn = false): Statement[] {
  const found: Statement[] = [];
  for (;;) {
    const separated = skipSemicolons(tokens) || !(goesOn || found.length > 0);
    if (tokens.seesKind('end') || tokens.sees('END')) return found;
    if (!separated && tokens.sees('WITH')) failForSemicolon(tokens);
    found.push(parseStatement(tokens));
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

const queries: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete']);

function parseStatement(tokens: TokenStream): Statement {
  return tokens.nested(() => {
    const { line } = tokens.current;
    const body = tokens.sees('SELECT') || tokens.sees('(') ? parseSelect(tokens) : parseOther(tokens);
    if (!queries.has(body.kind) || !tokens.accept('OPTION (')) return { ...body, line };
    const hints = before(list(parseHint), ')')(tokens);
    return { ...body, line, ...Object.assign({}, ...hints) };
  });
}

/** Of OPTION. All but MAXRECURSION ask for a plan and change no result. */
function parseHint(tokens: TokenStream): { maxRecursion?: number } {
  if (tokens.accept('MAXRECURSION')) return { maxRecursion: wholeNumber(tokens) };
  if (tokens.accept('MAXDOP')) wholeNumber(tokens);
  else if (!tokens.accept('RECOMPILE')) tokens.refuse('query hints but MAXDOP, MAXRECURSION and RECOMPILE');
  return {};
}

function parseSelect(tokens: TokenStream): StatementBody {
  return { kind: 'select', with: [], query: parseQuery(tokens) };
}

const commonTable = shape({ name, columns: optionalNames, query: after('AS', brackets(parseQuery)) });

/** The statements by their first words, the longer ones first. */
const statements: Readonly<Record<string, Parse<StatementBody>>> = {
  ...writes,
  WITH: (tokens) => {
    const common = tokens.list(commonTable);
    return { ...(tokens.choose(writes) ?? parseSelect)(tokens), with: common };
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
  ...security,
  ...definitions,
  ALTER: (tokens) => tokens.refuse(`ALTER ${tokens.current.symbol}`),
  DROP: (tokens) => tokens.refuse(`DROP ${tokens.current.symbol}`),
  ...Object.fromEntries(refusedStatements.map((word) => [word, (tokens) => tokens.refuse(word)])),
};

function parseOther(tokens: TokenStream): StatementBody {
  const parse = tokens.choose(statements);
  if (parse) return parse(tokens);
  const { symbol } = tokens.current;
  if (Object.keys(statements).some((phrase) => phrase.startsWith(`${symbol} `))) tokens.next();
  return tokens.fail();
}
