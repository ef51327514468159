import { parseVariableName } from './parse-control.ts';
import { acceptLiteral } from './parse-expression.ts';
import { parseObjectName } from './parse-names.ts';
import type { ExecuteArgument, ExecuteStatement, Expression } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** After EXEC or EXECUTE, or at the first word of a batch that begins with a procedure's name. */
export function parseExecute(tokens: TokenStream): ExecuteStatement {
  if (tokens.sees('(')) tokens.refuse('EXECUTE of a character string: use sp_executesql');
  if (tokens.sees('AS')) tokens.refuse('EXECUTE AS');
  const result = tokens.seesKind('variable') ? parseVariableName(tokens) : undefined;
  if (result && !tokens.accept('=')) return tokens.refuse('the name of a procedure in a variable');
  const procedure = parseObjectName(tokens);
  const values = seesArgument(tokens) ? tokens.list(() => parseArgument(tokens)) : [];
  if (tokens.sees('WITH')) tokens.refuse('EXECUTE … WITH');
  return { kind: 'execute', procedure, arguments: values, ...(result && { result }) };
}

function seesArgument(tokens: TokenStream): boolean {
  if (tokens.seesKind('variable', 'string', 'integer', 'decimal', 'float', 'money', 'binary')) return true;
  return tokens.seesName() || tokens.seesOneOf('NULL', 'DEFAULT', '-', '+');
}

function parseArgument(tokens: TokenStream): ExecuteArgument {
  const named =
    tokens.seesKind('variable') && tokens.peek(1).text === '=' && tokens.peek(1).kind === 'operator';
  const name = named ? { name: parseVariableName(tokens).name } : {};
  if (named) tokens.expect('=');
  if (tokens.accept('DEFAULT')) return { ...name, output: false };
  const value = parseArgumentValue(tokens);
  const output = tokens.acceptOneOf('OUTPUT', 'OUT') !== undefined;
  return { ...name, value, output };
}

/** A literal, a variable or a bare word; EXECUTE takes no expressions. */
function parseArgumentValue(tokens: TokenStream): Expression {
  const { kind, text } = tokens.current;
  if (kind === 'variable') {
    if (!text.startsWith('@@')) return parseVariableName(tokens);
    tokens.next();
    return { kind: 'systemVariable', name: text.toUpperCase() };
  }
  if (tokens.seesName()) return { kind: 'literal', type: 'string', text: tokens.name(), unicode: true };
  const sign = tokens.acceptOneOf('-', '+');
  const literal = acceptLiteral(tokens) ?? tokens.fail();
  return sign ? { kind: 'unary', operator: sign, operand: literal } : literal;
}
