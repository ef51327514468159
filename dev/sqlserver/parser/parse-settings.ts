import { choice, list, node, signedNumber, variableName } from './grammar.ts';
import { parseAssignedValue } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { Parse, TokenStream } from './token-stream.ts';

const switches = node('setSwitch', { options: list(parseSwitch), on: choice({ ON: true, OFF: false }) });

/** The SET statements, by their first words; the longer ones come first. */
export const settings = {
  'SET TRANSACTION ISOLATION LEVEL': node('setIsolation', {
    level: choice({
      'READ UNCOMMITTED': 'read uncommitted',
      'READ COMMITTED': 'read committed',
      'REPEATABLE READ': 'repeatable read',
      SERIALIZABLE: 'serializable',
    }),
  }),
  /** -1 waits for ever. */
  'SET LOCK_TIMEOUT': node('setLockTimeout', { milliseconds: (tokens) => Number(signedNumber(tokens)) }),
  'SET DEADLOCK_PRIORITY': node('setDeadlockPriority', { priority: parsePriority }),
  'SET TEXTSIZE': node('setDefault', { option: parseDefault('TEXTSIZE', /^/) }),
  'SET DATEFIRST': node('setDefault', { option: parseDefault('DATEFIRST', /^7$/) }),
  'SET DATEFORMAT': node('setDefault', { option: parseDefault('DATEFORMAT', /^mdy$/i) }),
  'SET LANGUAGE': node('setDefault', { option: parseDefault('LANGUAGE', /^(us_)?english$/i) }),
  /** SET @x = value, or switches. */
  SET: (tokens: TokenStream) => (tokens.sees('@') ? parseAssignment(tokens) : switches(tokens)),
};

function parseAssignment(tokens: TokenStream) {
  const variable = variableName(tokens);
  return { kind: 'setVariable' as const, variable, value: parseAssignedValue(tokens, variable) };
}

/** From -10 to 10. */
function parsePriority(tokens: TokenStream): number {
  const priority = tokens.choose({ LOW: -5, NORMAL: 0, HIGH: 5 }) ?? Number(signedNumber(tokens));
  return Math.abs(priority) <= 10 ? priority : tokens.fail();
}

/** What drivers set when they connect: SQL Server's own defaults, and any size of texts, because none is ever cut. */
function parseDefault<const Option extends string>(option: Option, allowed: RegExp): Parse<Option> {
  return (tokens) => {
    tokens.accept('-');
    const { text } = tokens.current;
    if (!tokens.seesKind('word', 'string', 'integer')) tokens.fail();
    if (!allowed.test(text)) tokens.refuse(`SET ${option} ${text}`);
    tokens.next();
    return option;
  };
}

const known =
  `ANSI_DEFAULTS ANSI_NULLS ANSI_NULL_DFLT_OFF ANSI_NULL_DFLT_ON ANSI_PADDING ANSI_WARNINGS ARITHABORT
  ARITHIGNORE CONCAT_NULL_YIELDS_NULL CURSOR_CLOSE_ON_COMMIT IMPLICIT_TRANSACTIONS NOCOUNT NUMERIC_ROUNDABORT
  QUOTED_IDENTIFIER XACT_ABORT`.split(/\s+/);
const refused = `CONTEXT_INFO FIPS_FLAGGER FMTONLY FORCEPLAN IDENTITY_INSERT NOEXEC OFFSETS PARSEONLY ROWCOUNT
  QUERY_GOVERNOR_COST_LIMIT REMOTE_PROC_TRANSACTIONS SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML STATISTICS`.split(
  /\s+/,
);

function parseSwitch(tokens: TokenStream): string {
  const { text, symbol, line } = tokens.kind('word');
  if (refused.includes(symbol)) tokens.refuse(`SET ${symbol}`);
  if (known.includes(symbol)) return symbol;
  throw new SqlFault(195, 15, `'${text}' is not a recognized SET option.`, line, 5);
}
