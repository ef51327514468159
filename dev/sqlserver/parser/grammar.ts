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

/** The parts behind a phrase, if its first word is there. */
export function optionalList<Part>(phrase: string, parse: Parse<Part>): Parse<Part[]> {
  const [first = phrase] = phrase.split(' ');
  const parts = after(phrase, list(parse));
  return (tokens) => (tokens.sees(first) ? parts(tokens) : []);
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

export function list<Part>(parse: Parse<Part>, separator?: string): Parse<Part[]> {
  return (tokens) => tokens.list(parse, separator);
}
