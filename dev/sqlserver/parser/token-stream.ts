import type { Token, TokenKind } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { reservedWords } from './reserved-words.ts';
import { SqlFault, incorrectSyntax, notSupported } from './sql-fault.ts';

/** SQL Server gives up on deep nesting too (191); ours is bounded so that no statement exhausts the stack. */
const deepestNesting = 400;

/** The tokens of a batch and the place where the parser stands. */
export class TokenStream {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
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

  /** Are these words and operators next, in this order? */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, index) => {
      const token = this.peek(index);
      return token.kind === 'word' ? token.word === text : token.kind === 'operator' && token.text === text;
    });
  }

  seesOneOf(...texts: readonly string[]): boolean {
    return texts.some((text) => this.sees(text));
  }

  seesKind(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.current.kind);
  }

  /** Steps over these words and operators if they are next. */
  accept(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#position += texts.length;
    return true;
  }

  /** Steps over the one of these words and operators that is next. */
  acceptOneOf<Text extends string>(...texts: readonly Text[]): Text | undefined {
    const found = texts.find((text) => this.sees(text));
    if (found !== undefined) this.#position += 1;
    return found;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.accept(text)) this.fail();
  }

  expectOneOf<Text extends string>(...texts: readonly Text[]): Text {
    return this.acceptOneOf(...texts) ?? this.fail();
  }

  /** Is an identifier next: a bracketed or quoted one, or a word that is not reserved? */
  seesName(distance = 0): boolean {
    const token = this.peek(distance);
    return token.kind === 'quotedName' || (token.kind === 'word' && !reservedWords.has(token.word));
  }

  name(): string {
    return this.seesName() ? this.next().text : this.fail();
  }

  kind(kind: TokenKind): Token {
    return this.current.kind === kind ? this.next() : this.fail();
  }

  wholeNumber(): number {
    return Number(this.kind('integer').text);
  }

  /** One or more items between commas. */
  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  bracketed<Item>(inside: () => Item): Item {
    this.expect('(');
    const item = inside();
    this.expect(')');
    return item;
  }

  /** The batch's text from a token on up to the place reached. */
  textSince(start: Token): string {
    return this.#text.slice(start.start, this.peek(-1).end);
  }

  nested<Item>(inside: () => Item): Item {
    this.#depth += 1;
    if (this.#depth > deepestNesting) throw nestedTooDeeply(this.current.line);
    const item = inside();
    this.#depth -= 1;
    return item;
  }

  /** The token that an error names: this one, at the end the last one. */
  near(): string {
    const token = this.current;
    return token.kind !== 'end' ? token.text : this.#position === 0 ? '' : this.peek(-1).text;
  }

  /** The syntax error that SQL Server reports at this token. */
  fail(): never {
    const token = this.current;
    if (token.kind === 'end') throw incorrectSyntax(this.near(), token.line);
    if (!reservedWords.has(token.word)) throw incorrectSyntax(token.text, token.line);
    throw new SqlFault(156, 15, `Incorrect syntax near the keyword '${token.text}'.`, token.line);
  }

  refuse(construct: string): never {
    throw notSupported(construct, this.current.line);
  }
}

function nestedTooDeeply(line: number): SqlFault {
  const message =
    'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.';
  return new SqlFault(191, 15, message, line);
}
