import type { ObjectName, VariableReference } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

export function parseName(tokens: TokenStream): string {
  return tokens.name();
}

/** `name`, `schema.name`, `database.schema.name` or `database..name`. */
export function parseObjectName(tokens: TokenStream): ObjectName {
  const parts = [tokens.name()];
  while (tokens.accept('.')) parts.push(tokens.sees('.') ? '' : tokens.name());
  if (parts.length > 3) tokens.refuse('four-part names');
  const [name = '', schema = '', database = ''] = parts.toReversed();
  return { ...(database !== '' && { database }), ...(schema !== '' && { schema }), name };
}

/** [AS] name, if it stands here. */
export function acceptAlias(tokens: TokenStream): string | undefined {
  return tokens.accept('AS') || tokens.seesName() ? tokens.name() : undefined;
}

/** (name, name …), if it stands here. */
export function acceptNames(tokens: TokenStream): string[] | undefined {
  return tokens.sees('(') ? tokens.bracketedList(parseName) : undefined;
}

export function parseVariableName(tokens: TokenStream): VariableReference {
  const { text, line } = tokens.kind('variable');
  if (text.startsWith('@@')) tokens.refuse('variables whose name begins with @@');
  return { kind: 'variable', name: text, line };
}
