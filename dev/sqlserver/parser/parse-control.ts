import { parseDataType } from './parse-data-type.ts';
import { acceptLiteral, acceptVariable, parseExpression } from './parse-expression.ts';
import { parseName, parseObjectName, parseVariableName } from './parse-names.ts';
import { nameTooLong } from './lexer.ts';
import type {
  ControlStatement,
  ExecuteArgument,
  ExecuteStatement,
  Expression,
  TransactionName,
  VariableDeclaration,
} from './syntax.ts';
import type { Parse, TokenStream } from './token-stream.ts';

export { parseVariableName } from './parse-names.ts';

/** Variables, transactions and procedures, by their first words. */
export const control: Readonly<Record<string, Parse<ControlStatement | ExecuteStatement>>> = {
  DECLARE: (tokens) => {
    if (tokens.seesName()) tokens.refuse('cursors');
    return { kind: 'declare', variables: tokens.list(parseDeclaration) };
  },
  'BEGIN TRANSACTION': (tokens) => ({ kind: 'beginTransaction', name: acceptTransactionName(tokens) }),
  'COMMIT TRANSACTION': (tokens) => ({ kind: 'commit', name: acceptTransactionName(tokens) }),
  'COMMIT WORK': () => ({ kind: 'commit' }),
  COMMIT: () => ({ kind: 'commit' }),
  'ROLLBACK TRANSACTION': (tokens) => ({ kind: 'rollback', name: acceptTransactionName(tokens) }),
  'ROLLBACK WORK': () => ({ kind: 'rollback' }),
  ROLLBACK: () => ({ kind: 'rollback' }),
  'SAVE TRANSACTION': (tokens) => ({
    kind: 'saveTransaction',
    name: acceptTransactionName(tokens) ?? tokens.fail(),
  }),
  USE: (tokens) => ({ kind: 'use', database: tokens.name() }),
  'WAITFOR DELAY': (tokens) => {
    if (tokens.sees('@')) return { kind: 'waitFor', delay: parseVariableName(tokens) };
    const { text, unicode } = tokens.kind('string');
    return { kind: 'waitFor', delay: { kind: 'literal', type: 'string', text, unicode } };
  },
  EXECUTE: parseExecute,
};

function parseDeclaration(tokens: TokenStream): VariableDeclaration {
  const variable = parseVariableName(tokens);
  tokens.accept('AS');
  const type = parseDataType(tokens, 'definition');
  return { variable, type, value: tokens.after('=', parseExpression) };
}

function acceptTransactionName(tokens: TokenStream): TransactionName | undefined {
  if (tokens.sees('@')) return parseVariableName(tokens);
  if (!tokens.seesName()) return undefined;
  const { text, line } = tokens.next();
  if (text.length > 32) throw nameTooLong(text, 32, line);
  return text;
}

/** Behind EXECUTE, or at the first word of a batch that begins with a procedure's name. */
export function parseExecute(tokens: TokenStream): ExecuteStatement {
  const result = tokens.sees('@') ? parseVariableName(tokens) : undefined;
  if (result && !tokens.accept('=')) tokens.refuse('the name of a procedure in a variable');
  const procedure = parseObjectName(tokens);
  const values = seesArgument(tokens) ? tokens.list(parseArgument) : [];
  return { kind: 'execute', procedure, arguments: values, result };
}

function seesArgument(tokens: TokenStream): boolean {
  const literals = ['string', 'integer', 'decimal', 'float', 'money', 'binary'] as const;
  return (
    tokens.seesName() ||
    tokens.seesKind('variable', ...literals) ||
    ['NULL', 'DEFAULT', '-'].includes(tokens.current.symbol)
  );
}

function parseArgument(tokens: TokenStream): ExecuteArgument {
  const name = tokens.sees('@ =') ? parseVariableName(tokens).name : undefined;
  if (name !== undefined) tokens.expect('=');
  if (tokens.accept('DEFAULT')) return { name, output: false };
  return {
    name,
    value: parseArgumentValue(tokens),
    output: tokens.acceptOneOf('OUTPUT', 'OUT') !== undefined,
  };
}

/** A literal, a variable or a bare word; EXECUTE takes no expressions. */
function parseArgumentValue(tokens: TokenStream): Expression {
  if (tokens.seesName()) return { kind: 'literal', type: 'string', text: parseName(tokens), unicode: true };
  const operator = tokens.acceptOneOf('-', '+');
  if (operator) return { kind: 'unary', operator, operand: acceptLiteral(tokens) ?? tokens.fail() };
  return acceptVariable(tokens) ?? acceptLiteral(tokens) ?? tokens.fail();
}
