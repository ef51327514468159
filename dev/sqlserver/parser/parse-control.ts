import {
  before,
  constant,
  name,
  node,
  objectName,
  optional,
  shape,
  skipping,
  variableName,
} from './grammar.ts';
import { checkName } from './lexer.ts';
import { parseDataType } from './parse-data-type.ts';
import { acceptLiteral, acceptVariable, parseExpression } from './parse-expression.ts';
import type { Expression, TransactionName, VariableReference } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

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
const execute = node('execute', { result: acceptResult, procedure: objectName, arguments: parseArguments });
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
  EXECUTE: execute,
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

/** Behind EXECUTE, or at the first word of a batch that begins with a procedure's name. */
export function parseExecute(tokens: TokenStream) {
  return execute(tokens);
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
