import { parseCondition } from './parse-condition.ts';
import { parseDataType } from './parse-data-type.ts';
import { acceptLiteral, parseExpression } from './parse-expression.ts';
import { parseTableElements } from './parse-table-definition.ts';
import { SqlFault } from './sql-fault.ts';
import { parseStatement, parseStatements } from './parse-batch.ts';
import type {
  ControlStatement,
  Expression,
  TransactionName,
  VariableDeclaration,
  VariableReference,
} from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** After the word DECLARE. */
export function parseDeclare(tokens: TokenStream): ControlStatement {
  if (tokens.seesName()) tokens.refuse('cursors');
  const isTable =
    tokens.peek(1).word === 'TABLE' || (tokens.peek(1).word === 'AS' && tokens.peek(2).word === 'TABLE');
  if (!isTable) return { kind: 'declare', variables: tokens.list(() => parseDeclaration(tokens)) };
  const variable = parseVariableName(tokens);
  tokens.accept('AS');
  tokens.expect('TABLE');
  return { kind: 'declareTable', variable, elements: tokens.bracketed(() => parseTableElements(tokens)) };
}

function parseDeclaration(tokens: TokenStream): VariableDeclaration {
  const variable = parseVariableName(tokens);
  tokens.accept('AS');
  const type = parseDataType(tokens, 'definition');
  return tokens.accept('=') ? { variable, type, value: parseExpression(tokens) } : { variable, type };
}

export function parseVariableName(tokens: TokenStream): VariableReference {
  const { text, line } = tokens.kind('variable');
  if (text.startsWith('@@')) tokens.refuse('variables whose name begins with @@');
  return { kind: 'variable', name: text, line };
}

/** After the word IF. */
export function parseIf(tokens: TokenStream): ControlStatement {
  const condition = parseCondition(tokens);
  const whenTrue = parseStatement(tokens);
  const hasElse = tokens.accept(';', 'ELSE') || tokens.accept('ELSE');
  return { kind: 'if', condition, whenTrue, ...(hasElse && { whenFalse: parseStatement(tokens) }) };
}

/** After the word WHILE. */
export function parseWhile(tokens: TokenStream): ControlStatement {
  const condition = parseCondition(tokens);
  return { kind: 'while', condition, body: parseStatement(tokens) };
}

/** After the word BEGIN: a transaction, TRY … CATCH or a block. */
export function parseBegin(tokens: TokenStream): ControlStatement {
  if (tokens.acceptOneOf('TRAN', 'TRANSACTION')) {
    const name = acceptTransactionName(tokens);
    if (tokens.sees('WITH', 'MARK')) tokens.refuse('WITH MARK');
    return { kind: 'beginTransaction', ...name };
  }
  if (tokens.sees('DISTRIBUTED')) tokens.refuse('distributed transactions');
  if (!tokens.accept('TRY')) {
    const statements = parseStatements(tokens, 'END');
    if (statements.length === 0) tokens.fail();
    tokens.expect('END');
    return { kind: 'block', statements };
  }
  const attempt = parseStatements(tokens, 'END');
  tokens.expect('END', 'TRY', 'BEGIN', 'CATCH');
  const handler = parseStatements(tokens, 'END');
  tokens.expect('END', 'CATCH');
  return { kind: 'tryCatch', attempt, handler };
}

/** After COMMIT or ROLLBACK. */
export function parseEndOfTransaction(tokens: TokenStream, kind: 'commit' | 'rollback'): ControlStatement {
  if (tokens.accept('WORK')) return { kind };
  return tokens.acceptOneOf('TRAN', 'TRANSACTION') ? { kind, ...acceptTransactionName(tokens) } : { kind };
}

/** After the word SAVE. */
export function parseSave(tokens: TokenStream): ControlStatement {
  tokens.expectOneOf('TRAN', 'TRANSACTION');
  const { name } = acceptTransactionName(tokens);
  return name === undefined ? tokens.fail() : { kind: 'saveTransaction', name };
}

function acceptTransactionName(tokens: TokenStream): { name?: TransactionName } {
  if (tokens.seesKind('variable')) return { name: parseVariableName(tokens) };
  if (!tokens.seesName()) return {};
  const { line } = tokens.current;
  const name = tokens.name();
  if (name.length <= 32) return { name };
  const message = `The identifier that starts with '${name.slice(0, 32)}' is too long. Maximum length is 32.`;
  throw new SqlFault(103, 15, message, line, 4);
}

/** After the word THROW. */
export function parseThrow(tokens: TokenStream): ControlStatement {
  const number = acceptThrowArgument(tokens);
  if (!number) return { kind: 'throw' };
  tokens.expect(',');
  const message = acceptThrowArgument(tokens) ?? tokens.fail();
  tokens.expect(',');
  const state = acceptThrowArgument(tokens) ?? tokens.fail();
  return { kind: 'throw', error: { number, message, state } };
}

/** THROW takes literals and variables, no expressions. */
function acceptThrowArgument(tokens: TokenStream): Expression | undefined {
  return tokens.seesKind('variable') ? parseVariableName(tokens) : acceptLiteral(tokens);
}

/** After the word RAISERROR. */
export function parseRaiserror(tokens: TokenStream): ControlStatement {
  if (!tokens.accept('(')) return tokens.refuse('RAISERROR without brackets');
  const [message, severity, state, ...rest] = tokens.list(() => parseExpression(tokens));
  tokens.expect(')');
  if (!message || !severity || !state) return tokens.fail();
  const noWait = tokens.accept('WITH', 'NOWAIT');
  if (tokens.sees('WITH')) tokens.refuse('RAISERROR … WITH LOG and WITH SETERROR');
  return { kind: 'raiserror', message, severity, state, arguments: rest, noWait };
}

/** After the word WAITFOR. */
export function parseWaitFor(tokens: TokenStream): ControlStatement {
  if (tokens.sees('TIME') || tokens.sees('(')) tokens.refuse('WAITFOR TIME and WAITFOR (…)');
  tokens.expect('DELAY');
  if (tokens.seesKind('variable')) return { kind: 'waitFor', delay: parseVariableName(tokens) };
  const { text, unicode } = tokens.kind('string');
  return { kind: 'waitFor', delay: { kind: 'literal', type: 'string', text, unicode } };
}
