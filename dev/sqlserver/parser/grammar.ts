import type { ObjectName, VariableReference } from './syntax.ts';
import type { Parse } from './token-stream.ts';

/** What a parser gives, or what the parsers of a table give. */
export type Parsed<Parser> = Parser extends Parse<infer Part> ? Part : never;
type Parts = Readonly<Record<string, Parse<unknown>>>;
type Shape<Given extends Parts> = { [Name in keyof Given]: Parsed<Given[Name]> };

/** An object whose parts are read in the order in which they are written. */
export function shape<Given extends Parts>(parts: Given): Parse<Shape<Given>> {
  const entries = Object.entries(parts);
  return (tokens) =>
    Object.fromEntries(entries.map(([part, parse]) => [part, parse(tokens)])) as Shape<Given>;
}

/** A node of the syntax tree. */
export function node<const Kind extends string, Given extends Parts>(kind: Kind, parts: Given) {
  return shape({ kind: constant(kind), ...parts });
}

export function constant<const Value>(value: Value): Parse<Value> {
  return () => value;
}

/** Is the first phrase there? The other one says that it is not. */
export function flag(phrase: string, opposite: string = phrase): Parse<boolean> {
  return (tokens) => tokens.acceptOneOf(phrase, opposite) === phrase;
}

/** One of the table's phrases, read as what the table has for it. */
export function choice<const Meaning>(table: Readonly<Record<string, Meaning>>): Parse<Meaning> {
  return (tokens) => tokens.choose(table) ?? tokens.fail();
}

/** The part behind a phrase. */
export function after<Part>(phrase: string, parse: Parse<Part>): Parse<Part> {
  return (tokens) => {
    tokens.expect(phrase);
    return parse(tokens);
  };
}

/** The part behind a phrase, if the phrase is there. */
export function optional<Part>(phrase: string, parse: Parse<Part>): Parse<Part | undefined> {
  return (tokens) => (tokens.accept(phrase) ? parse(tokens) : undefined);
}

/** The parts behind a phrase, if the phrase is there. */
export function optionalList<Part>(phrase: string, parse: Parse<Part>): Parse<Part[]> {
  return (tokens) => (tokens.accept(phrase) ? tokens.list(parse) : []);
}

/** The part with or without a phrase in front that means nothing. */
export function skipping<Part>(phrase: string, parse: Parse<Part>): Parse<Part> {
  return (tokens) => {
    tokens.accept(phrase);
    return parse(tokens);
  };
}

/** The part in front of one of the phrases. */
export function before<Part>(parse: Parse<Part>, ...phrases: [string, ...string[]]): Parse<Part> {
  return (tokens) => {
    const part = parse(tokens);
    tokens.expect(...phrases);
    return part;
  };
}

export function brackets<Part>(parse: Parse<Part>): Parse<Part> {
  return after('(', before(parse, ')'));
}

export function list<Part>(parse: Parse<Part>): Parse<Part[]> {
  return (tokens) => tokens.list(parse);
}

export const line: Parse<number> = (tokens) => tokens.current.line;
export function lineOf(phrase: string): Parse<number> {
  return (tokens) => {
    const at = tokens.current.line;
    tokens.expect(phrase);
    return at;
  };
}
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
