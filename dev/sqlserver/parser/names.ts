import { brackets, list } from './grammar.ts';
import type { ObjectName, VariableReference } from './syntax.ts';
import type { Parse } from './token-stream.ts';

export const line: Parse<number> = (tokens) => tokens.current.line;
export const name: Parse<string> = (tokens) => tokens.name();
export const string: Parse<string> = (tokens) => tokens.kind('string').text;
export const wholeNumber: Parse<number> = (tokens) => Number(tokens.kind('integer').text);
/** The digits of a whole number, with its `-`. */
export const signedNumber: Parse<string> = (tokens) =>
  (tokens.accept('-') ? '-' : '') + tokens.kind('integer').text;

/** `name`, `schema.name`, `database.schema.name` or `database..name`. */
export const objectName: Parse<ObjectName> = (tokens) => {
  const parts = [tokens.name()];
  while (tokens.accept('.')) parts.push(tokens.sees('.') ? '' : tokens.name());
  if (parts.length > 3) tokens.refuse('four-part names');
  const [own = '', schema = '', database = ''] = parts.toReversed();
  return { ...(database !== '' && { database }), ...(schema !== '' && { schema }), name: own };
};

export const variableName: Parse<VariableReference> = (tokens) => {
  const { text, line: at } = tokens.kind('variable');
  if (text.startsWith('@@')) tokens.refuse('variables whose name begins with @@');
  return { kind: 'variable', name: text, line: at };
};

/** [AS] name, if it stands here. */
export const optionalAlias: Parse<string | undefined> = (tokens) =>
  tokens.accept('AS') || tokens.seesName() ? tokens.name() : undefined;

/** (name, name …) */
export const names = brackets(list(name));
/** (name, name …), if it stands here. */
export const optionalNames: Parse<string[] | undefined> = (tokens) =>
  tokens.sees('(') ? names(tokens) : undefined;
