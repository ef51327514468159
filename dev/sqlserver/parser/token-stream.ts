import type { Token } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { refusedPhrases, reservedWords } from './refused-constructs.ts';
import { SqlFault, incorrectSyntax, notSupported } from './sql-fault.ts';

/** What reads one part of the grammar; it stands at the part's first token, and behind its last one afterwards. */
export type Parse<Part> = (tokens: TokenStream) => Part;

/** SQL Server gives up on deep nesting too (191); ours is bounded so that no statement exhausts the stack. */
const deepestNesting = 400;
const longestChain = 1000;

/**
 * The tokens of a batch and the place where the parser stands. A phrase is words and operators with spaces between them,
 * such as `GROUP BY`; `@` in it stands for any variable.
 */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  get current(): Token {
    return this.peek(0);
  }

  peek(distance: number): Token {
    const token = this.#tokens[this.#position + distance] ?? this.#tokens.at(-1);
    if (!token) throw new RangeError('a token stream always has its end token');
    return token;
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#position += 1;
    return token;
  }

  sees(phrase: string, distance = 0): boolean {
    const { symbol } = this.peek(distance);
    if (symbol === phrase) return true;
    if (symbol === '' || !phrase.startsWith(symbol) || phrase.charAt(symbol.length) !== ' ') return false;
    return this.sees(phrase.slice(symbol.length + 1), distance + 1);
  }

  seesKind(...kinds: readonly Token['kind'][]): boolean {
    return kinds.includes(this.current.kind);
  }

  /** Is an identifier next: a bracketed or quoted one, or a word that is not reserved? */
  seesName(distance = 0): boolean {
    const { kind, symbol } = this.peek(distance);
    return kind === 'quotedName' || (kind === 'word' && !reservedWords.has(symbol));
  }

  /** Steps over the phrase if it is next. */
  accept(phrase: string): boolean {
    const found = this.sees(phrase);
    if (found) this.#position += phrase.split(' ').length;
    return found;
  }

  /** Steps over the one of these phrases that is next. */
  acceptOneOf<Phrase extends string>(...phrases: readonly Phrase[]): Phrase | undefined {
    for (const phrase of phrases) if (this.accept(phrase)) return phrase;
    return undefined;
  }

  /** Steps over the first phrase of the table that is next, and gives what the table has for it. */
  choose<const Meaning>(table: Readonly<Record<string, Meaning>>): Meaning | undefined {
    for (const phrase of Object.keys(table)) if (this.accept(phrase)) return table[phrase];
    return undefined;
  }

  /** Steps over the one of these phrases that is next; the error is where the first of them ends to fit. */
  expect(...phrases: [string, ...string[]]): void {
    if (this.acceptOneOf(...phrases)) return;
    for (const symbol of phrases[0].split(' ')) if (!this.accept(symbol)) this.fail();
  }

  kind(kind: Token['kind']): Token {
    return this.current.kind === kind ? this.next() : this.fail();
  }

  name(): string {
    if (!this.seesName()) this.fail();
    if (this.current.text.startsWith('#')) this.refuse('temporary tables');
    return this.next().text;
  }

  /** One or more parts between commas or other separators. */
  list<Part>(parse: Parse<Part>, separator = ','): Part[] {
    const parts = [parse(this)];
    while (this.accept(separator)) parts.push(parse(this));
    return parts;
  }

  nested<Part>(parse: Parse<Part>): Part {
    this.#depth += 1;
    if (this.#depth > deepestNesting) this.#failTooDeep();
    const part = parse(this);
    this.#depth -= 1;
    return part;
  }

  /** What `more` builds onto a first part, time and again, until it finds nothing more. */
  grow<Part>(first: Part, more: (grown: Part) => Part | undefined): Part {
    let grown = first;
    for (let length = 0; length < longestChain; length++) {
      const next = more(grown);
      if (next === undefined) return grown;
      grown = next;
    }
    return this.#failTooDeep();
  }

  /** The token that an error names: this one, at the end the last one. */
  near(): string {
    const { kind, text } = this.current;
    return kind !== 'end' ? text : this.#position === 0 ? '' : this.peek(-1).text;
  }

  /** The error at this token: a listed construct's, which it is part of, or SQL Server's syntax error. */
  fail(): never {
    this.refuseListed();
    const { text, symbol, line } = this.current;
    if (!reservedWords.has(symbol)) throw incorrectSyntax(this.near(), line);
    throw new SqlFault(156, 15, `Incorrect syntax near the keyword '${text}'.`, line);
  }

  refuse(construct: string): never {
    throw notSupported(construct, this.current.line);
  }

  refuseIf(phrase: string, construct: string): void {
    if (this.sees(phrase)) this.refuse(construct);
  }

  /** Refuses the listed construct that this token is part of, if there is one. */
  refuseListed(): void {
    for (const [construct, phrases] of Object.entries(refusedPhrases)) {
      if (phrases.some((phrase) => this.#isWithin(phrase))) this.refuse(construct);
    }
  }

  #isWithin(phrase: string): boolean {
    return phrase.split(' ').some((_, back) => back <= this.#position && this.sees(phrase, -back));
  }

  #failTooDeep(): never {
    const message =
      'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.';
    throw new SqlFault(191, 15, message, this.current.line);
  }
}
