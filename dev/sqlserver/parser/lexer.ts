import { SqlFault, incorrectSyntax } from './sql-fault.ts';

type TokenKind = keyof typeof shapes | 'quotedName' | 'string' | 'end';

export interface Token {
  kind: TokenKind;
  /** Names without brackets, strings without quotes, everything else as written. */
  text: string;
  /** What the grammar compares: words in upper case, operators, `@` for a variable; '' for everything else. */
  symbol: string;
  /** Strings written N'…'. */
  unicode: boolean;
  line: number;
  start: number;
  end: number;
}

const blank = /(?:[\s\uFEFF]+|--[^\n]*)+/y;
/** The first that fits is it. */
const shapes = {
  word: /[\p{L}_#][\p{L}\p{Nd}_@$#]*/uy,
  operator: /<>|!=|!<|!>|<=|>=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|::|\.(?!\d)|[-(),;=<>+*/%&|^~:]/y,
  variable: /@[\p{L}\p{Nd}_@$#]*/uy,
  binary: /0x[\da-f]*/iy,
  float: /(?:\d+(?:\.\d*)?|\.\d+)e[+-]?\d*/iy,
  decimal: /\d+\.\d*|\.\d+/y,
  integer: /\d+/y,
  money: /\$\d*(?:\.\d*)?/y,
};
const kinds = Object.keys(shapes) as (keyof typeof shapes)[];
/** Words with one meaning. */
const synonyms: Readonly<Record<string, string>> = {
  TRAN: 'TRANSACTION',
  EXEC: 'EXECUTE',
  PROC: 'PROCEDURE',
};
const longestName = 128;

/** Cuts a batch into tokens; the last one is `end`. Quoted identifiers are names (QUOTED_IDENTIFIER ON). */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let line = 1;
  const skipTo = (end: number): void => {
    for (let at = position; at < end; at++) if (text.charCodeAt(at) === 10) line += 1;
    position = end;
  };
  while (position < text.length) {
    const skipped = match(blank, text, position)?.length ?? lengthOfComment(text, position, line);
    if (skipped === 0) {
      const { kind, value, end, unicode = false } = readToken(text, position, line);
      const token = { kind, text: value, symbol: symbolOf(kind, value), unicode, line, start: position, end };
      tokens.push(token);
      skipTo(end);
      checkName(token, line);
    } else skipTo(position + skipped);
  }
  tokens.push({ kind: 'end', text: '', symbol: '', unicode: false, line, start: position, end: position });
  return tokens;
}

function match(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

function readToken(
  text: string,
  start: number,
  line: number,
): { kind: TokenKind; value: string; end: number; unicode?: boolean } {
  const first = text.charAt(start);
  const unicode = (first === 'N' || first === 'n') && text.charAt(start + 1) === "'";
  if (unicode || first === "'") {
    const { value, end } = readQuoted(text, unicode ? start + 1 : start, "'", line);
    return { kind: 'string', value: value.replaceAll(/\\\r?\n/g, ''), end, unicode };
  }
  if (first === '[' || first === '"') {
    return { kind: 'quotedName', ...readQuoted(text, start, first === '[' ? ']' : '"', line) };
  }
  for (const kind of kinds) {
    const value = match(shapes[kind], text, start);
    if (value !== undefined) return { kind, value, end: start + value.length };
  }
  throw incorrectSyntax(first, line);
}

function symbolOf(kind: TokenKind, value: string): string {
  if (kind === 'variable') return '@';
  const word = kind === 'word' ? value.toUpperCase() : kind === 'operator' ? value : '';
  return synonyms[word] ?? word;
}

/** Text in quotes, in which a doubled closing quote stands for itself. */
function readQuoted(
  text: string,
  start: number,
  close: string,
  line: number,
): { value: string; end: number } {
  let value = '';
  let from = start + 1;
  for (;;) {
    const at = text.indexOf(close, from);
    if (at < 0) {
      const rest = text.slice(start + 1);
      throw new SqlFault(105, 15, `Unclosed quotation mark after the character string '${rest}'.`, line);
    }
    value += text.slice(from, at);
    if (text.charAt(at + 1) !== close) return { value, end: at + 1 };
    value += close;
    from = at + 2;
  }
}

/** Comments nest in T-SQL. */
function lengthOfComment(text: string, start: number, line: number): number {
  if (!text.startsWith('/*', start)) return 0;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let depth = 0, found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex - start;
  }
  throw new SqlFault(113, 15, "Missing end comment mark '*/'.", line);
}

function checkName({ kind, text }: Token, line: number): void {
  if (text === '' && kind === 'quotedName') {
    const message =
      'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.';
    throw new SqlFault(1038, 15, message, line, 4);
  }
  if (text.length > longestName && (kind === 'quotedName' || kind === 'word' || kind === 'variable')) {
    throw nameTooLong(text, longestName, line);
  }
}

export function nameTooLong(name: string, longest: number, line: number): SqlFault {
  const message = `The identifier that starts with '${name.slice(0, longest)}' is too long. Maximum length is ${longest}.`;
  return new SqlFault(103, 15, message, line, 4);
}
