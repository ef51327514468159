import type { IsolationLevel } from '../contract.ts';
import { parseOn } from './parse-database.ts';
import { parseExpression } from './parse-expression.ts';
import { parseObjectName } from './parse-names.ts';
import { acceptAssignment } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { ControlStatement, Expression, SetOption } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

const switches: ReadonlySet<string> = new Set([
  'ANSI_DEFAULTS',
  'ANSI_NULLS',
  'ANSI_NULL_DFLT_OFF',
  'ANSI_NULL_DFLT_ON',
  'ANSI_PADDING',
  'ANSI_WARNINGS',
  'ARITHABORT',
  'ARITHIGNORE',
  'CONCAT_NULL_YIELDS_NULL',
  'CURSOR_CLOSE_ON_COMMIT',
  'IMPLICIT_TRANSACTIONS',
  'NOCOUNT',
  'NUMERIC_ROUNDABORT',
  'QUOTED_IDENTIFIER',
  'XACT_ABORT',
]);

const notHere: ReadonlySet<string> = new Set(
  'FIPS_FLAGGER FMTONLY FORCEPLAN NOEXEC OFFSETS PARSEONLY QUERY_GOVERNOR_COST_LIMIT REMOTE_PROC_TRANSACTIONS SHOWPLAN_ALL SHOWPLAN_TEXT SHOWPLAN_XML STATISTICS'.split(
    ' ',
  ),
);

/** After the word SET. */
export function parseSet(tokens: TokenStream): ControlStatement {
  if (tokens.seesKind('variable')) {
    const assigned = acceptAssignment(tokens);
    if (!assigned) return tokens.fail();
    return { kind: 'setVariable', variable: assigned.variable, value: assigned.expression };
  }
  if (switches.has(tokens.current.word)) return parseSwitches(tokens);
  if (notHere.has(tokens.current.word)) tokens.refuse(`SET ${tokens.current.word}`);
  return parseValueOption(tokens);
}

function parseSwitches(tokens: TokenStream): SetOption {
  const options = tokens.list(() => {
    const { word } = tokens.current;
    if (!switches.has(word)) return tokens.fail();
    tokens.next();
    return word;
  });
  return { kind: 'setSwitch', options, on: parseOn(tokens) };
}

function parseValueOption(tokens: TokenStream): SetOption {
  const { word, text, line } = tokens.current;
  if (word === '') return tokens.fail();
  tokens.next();
  switch (word) {
    case 'TRAN':
    case 'TRANSACTION':
      return parseIsolation(tokens);
    case 'LOCK_TIMEOUT':
      return { kind: 'setLockTimeout', milliseconds: parseNumberOrVariable(tokens) };
    case 'DEADLOCK_PRIORITY':
      return { kind: 'setDeadlockPriority', priority: parsePriority(tokens) };
    case 'TEXTSIZE':
      return { kind: 'setTextSize', bytes: parseSigned(tokens) };
    case 'ROWCOUNT':
      return { kind: 'setRowCount', rows: parseNumberOrVariable(tokens) };
    case 'DATEFIRST':
      return { kind: 'setDateFirst', day: parseNumberOrVariable(tokens) };
    case 'DATEFORMAT':
      return { kind: 'setDateFormat', format: parseNameOrString(tokens).toLowerCase() };
    case 'LANGUAGE':
      return { kind: 'setLanguage', language: parseNameOrString(tokens) };
    case 'CONTEXT_INFO':
      return { kind: 'setContextInfo', value: parseExpression(tokens) };
    case 'IDENTITY_INSERT':
      return { kind: 'setIdentityInsert', table: parseObjectName(tokens), on: parseOn(tokens) };
    default:
      throw new SqlFault(195, 15, `'${text}' is not a recognized SET option.`, line, 5);
  }
}

function parseIsolation(tokens: TokenStream): SetOption {
  tokens.expect('ISOLATION', 'LEVEL');
  return { kind: 'setIsolation', level: parseLevel(tokens) };
}

function parseLevel(tokens: TokenStream): IsolationLevel {
  if (tokens.accept('READ', 'UNCOMMITTED')) return 'read uncommitted';
  if (tokens.accept('READ', 'COMMITTED')) return 'read committed';
  if (tokens.accept('REPEATABLE', 'READ')) return 'repeatable read';
  if (tokens.accept('SNAPSHOT')) return 'snapshot';
  tokens.expect('SERIALIZABLE');
  return 'serializable';
}

const priorities = { LOW: -5, NORMAL: 0, HIGH: 5 } as const;

function parsePriority(tokens: TokenStream): number {
  const word = tokens.acceptOneOf('LOW', 'NORMAL', 'HIGH');
  const priority = word ? priorities[word] : parseSigned(tokens);
  return priority >= -10 && priority <= 10 ? priority : tokens.fail();
}

function parseSigned(tokens: TokenStream): number {
  const negative = tokens.accept('-');
  const value = tokens.wholeNumber();
  return negative ? -value : value;
}

function parseNumberOrVariable(tokens: TokenStream): Expression {
  if (!tokens.seesKind('variable')) {
    return { kind: 'literal', type: 'integer', text: String(parseSigned(tokens)) };
  }
  const { text, line } = tokens.next();
  return { kind: 'variable', name: text, line };
}

function parseNameOrString(tokens: TokenStream): string {
  return tokens.seesKind('string') ? tokens.next().text : tokens.name();
}
