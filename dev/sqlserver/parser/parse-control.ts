import { before, choice, constant, list, node, optional, shape, skipping } from './grammar.ts';
import { checkName } from './lexer.ts';
import { name, objectName, signedNumber, variableName } from './names.ts';
import { parseDataType } from './parse-data-type.ts';
import { acceptLiteral, acceptVariable, parseExpression } from './parse-expression.ts';
import { parseAssignedValue } from './parse-query.ts';
import { SqlFault } from './sql-fault.ts';
import type { Expression, TransactionName, VariableReference } from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

const declaration = shape({
  variable: variableName,
  type: skipping('AS', (tokens) => parseDataType(tokens, 'definition')),
  value: optional('=', parseExpression),
});
const argument = shape({
  name: (tokens) => (tokens.sees('@ =') ? before(variableName, '=')(tokens).name : undefined),
  /** Absent: DEFAULT. A bare word is a string, as in T-SQL. */
  value: (tokens) => (tokens.accept('DEFAULT') ? undefined : parseArgument(tokens)),
  output: (tokens) => tokens.acceptOneOf('OUTPUT', 'OUT') !== undefined,
});
const transaction = { name: acceptTransactionName };
const unnamed = { name: constant(undefined) };

/** Variables, transactions and procedures, by their first words; the longer ones come first. */
export const control = {
  DECLARE: node('declare', { variables: parseDeclarations }),
  'BEGIN TRANSACTION': node('beginTransaction', transaction),
  'COMMIT TRANSACTION': node('commit', transaction),
  'COMMIT WORK': node('commit', unnamed),
  COMMIT: node('commit', unnamed),
  'ROLLBACK TRANSACTION': node('rollback', transaction),
  'ROLLBACK WORK': node('rollback', unnamed),
  ROLLBACK: node('rollback', unnamed),
  'SAVE TRANSACTION': node('saveTransaction', {
    name: (tokens) => acceptTransactionName(tokens) ?? tokens.fail(),
  }),
  USE: node('use', { database: name }),
  /** Text of the form hh:mm[:ss[.mmm]], or a variable that holds it. */
  'WAITFOR DELAY': node('waitFor', {
    delay: (tokens): Expression =>
      tokens.seesKind('string', 'variable') ? parseArgument(tokens) : tokens.fail(),
  }),
  /** Also at the first word of a batch that begins with a procedure's name. */
  EXECUTE: node('execute', { result: acceptResult, procedure: objectName, arguments: parseArguments }),
};

function parseDeclarations(tokens: TokenStream) {
  return tokens.seesName() ? tokens.refuse('cursors') : tokens.list(declaration);
}

function acceptTransactionName(tokens: TokenStream): TransactionName | undefined {
  if (tokens.sees('@')) return variableName(tokens);
  if (!tokens.seesName()) return undefined;
  checkName(tokens.current.text, 32, tokens.current.line);
  return tokens.name();
}

/** The variable of EXECUTE @result = … */
function acceptResult(tokens: TokenStream): VariableReference | undefined {
  if (!tokens.sees('@')) return undefined;
  const result = variableName(tokens);
  return tokens.accept('=') ? result : tokens.refuse('the name of a procedure in a variable');
}

function parseArguments(tokens: TokenStream) {
  const begins = tokens.seesName() || ['@', '-', 'NULL', 'DEFAULT'].includes(tokens.current.symbol);
  const isLiteral = tokens.seesKind('string', 'integer', 'decimal', 'float', 'money', 'binary');
  return begins || isLiteral ? tokens.list(argument) : [];
}

/** A literal, a variable or a bare word; EXECUTE takes no expressions. */
function parseArgument(tokens: TokenStream): Expression {
  if (tokens.seesName()) return { kind: 'literal', type: 'string', text: tokens.name(), unicode: true };
  if (tokens.accept('-'))
    return { kind: 'unary', operator: '-', operand: acceptLiteral(tokens) ?? tokens.fail() };
  return acceptVariable(tokens) ?? acceptLiteral(tokens) ?? tokens.fail();
}

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
  'SET TEXTSIZE': node('setDefault', { option: parseDefault('TEXTSIZE', /^\d+$/) }),
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
