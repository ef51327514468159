import { parseVariableName } from './parse-names.ts';
import { parseAssignedValue } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { ControlStatement, SetOption } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

/** The SET statements, by their first words. */
export const settings: Readonly<Record<string, Parse<ControlStatement>>> = {
  'SET TRANSACTION ISOLATION LEVEL': (tokens) => ({
    kind: 'setIsolation',
    level: tokens.choose(levels) ?? tokens.fail(),
  }),
  'SET LOCK_TIMEOUT': (tokens) => ({ kind: 'setLockTimeout', milliseconds: Number(tokens.signedNumber()) }),
  'SET DEADLOCK_PRIORITY': (tokens) => {
    const priority = tokens.choose({ LOW: -5, NORMAL: 0, HIGH: 5 }) ?? Number(tokens.signedNumber());
    return Math.abs(priority) <= 10 ? { kind: 'setDeadlockPriority', priority } : tokens.fail();
  },
  /** Every driver has a size of its own, and texts are never cut. */
  'SET TEXTSIZE': (tokens) => {
    tokens.signedNumber();
    return { kind: 'setDefault', option: 'TEXTSIZE' };
  },
  'SET DATEFIRST': (tokens) => parseDefault(tokens, 'DATEFIRST', ['7']),
  'SET DATEFORMAT': (tokens) => parseDefault(tokens, 'DATEFORMAT', ['mdy']),
  'SET LANGUAGE': (tokens) => parseDefault(tokens, 'LANGUAGE', ['us_english', 'english']),
  SET: (tokens) => {
    if (tokens.sees('@')) {
      const variable = parseVariableName(tokens);
      return { kind: 'setVariable', variable, value: parseAssignedValue(tokens, variable) };
    }
    const options = tokens.list(parseSwitch);
    return { kind: 'setSwitch', options, on: tokens.expectOneOf('ON', 'OFF') === 'ON' };
  },
};

const levels = {
  'READ UNCOMMITTED': 'read uncommitted',
  'READ COMMITTED': 'read committed',
  'REPEATABLE READ': 'repeatable read',
  SERIALIZABLE: 'serializable',
} as const;

function parseDefault(
  tokens: TokenStream,
  option: Extract<SetOption, { kind: 'setDefault' }>['option'],
  defaults: readonly string[],
): SetOption {
  const { text } = tokens.current;
  if (!tokens.seesKind('word', 'string', 'integer')) tokens.fail();
  if (!defaults.includes(text.toLowerCase())) tokens.refuse(`SET ${option} ${text}`);
  tokens.next();
  return { kind: 'setDefault', option };
}

const switches = [
  ...[
    'ANSI_DEFAULTS',
    'ANSI_NULLS',
    'ANSI_NULL_DFLT_OFF',
    'ANSI_NULL_DFLT_ON',
    'ANSI_PADDING',
    'ANSI_WARNINGS',
  ],
  ...[
    'ARITHABORT',
    'ARITHIGNORE',
    'CONCAT_NULL_YIELDS_NULL',
    'CURSOR_CLOSE_ON_COMMIT',
    'IMPLICIT_TRANSACTIONS',
  ],
  ...['NOCOUNT', 'NUMERIC_ROUNDABORT', 'QUOTED_IDENTIFIER', 'XACT_ABORT'],
];
const refusedOptions = [
  ...[
    'CONTEXT_INFO',
    'FIPS_FLAGGER',
    'FMTONLY',
    'FORCEPLAN',
    'IDENTITY_INSERT',
    'NOEXEC',
    'OFFSETS',
    'PARSEONLY',
  ],
  ...['QUERY_GOVERNOR_COST_LIMIT', 'REMOTE_PROC_TRANSACTIONS', 'ROWCOUNT', 'SHOWPLAN_ALL', 'SHOWPLAN_TEXT'],
  ...['SHOWPLAN_XML', 'STATISTICS'],
];

function parseSwitch(tokens: TokenStream): string {
  const { symbol, text, line } = tokens.current;
  if (refusedOptions.includes(symbol)) tokens.refuse(`SET ${symbol}`);
  if (!tokens.seesKind('word')) tokens.fail();
  if (!switches.includes(symbol))
    throw new SqlFault(195, 15, `'${text}' is not a recognized SET option.`, line, 5);
  tokens.next();
  return symbol;
}
