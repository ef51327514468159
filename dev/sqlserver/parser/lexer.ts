import { SqlFault, incorrectSyntax } from './sql-fault.ts';

export type TokenKind =
  | 'word'
  | 'quotedName'
  | 'variable'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'money'
  | 'binary'
  | 'operator'
  | 'end';

export interface Token {
  kind: TokenKind;
  /** The value: names without brackets, strings without quotes, numbers as written, variables with their `@`. */
  text: string;
  /** `text` in upper case for words, '' for everything else. */
  word: string;
  /** Strings written N'…'. */
  unicode: boolean;
  line: number;
  start: number;
  end: number;
}

const blank = /[\s\uFEFF]+/y;
const lineComment = /--[^\n]*/y;
const name = /[\p{L}_#][\p{L}\p{Nd}_@$#]*/uy;
const variable = /@[\p{L}\p{Nd}_@$#]*/uy;
const binary = /0x[\da-f]*/iy;
const number = /(?:\d+(\.\d*)?|\.\d+)(e[+-]?\d*)?/iy;
const money = /\$\d*(?:\.\d*)?/y;
const operator = /<>|!=|!<|!>|<=|>=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|::|[-(),;.=<>+*/%&|^~:]/y;
const longestName = 128;

/** Cuts a batch into tokens; the last one is `end`. Quoted identifiers are names (QUOTED_IDENTIFIER ON). */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let line = 1;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(text);
  };
  const skip = (end: number): void => {
    for (let at = position; at < end; at++) if (text.charCodeAt(at) === 10) line += 1;
    position = end;
  };
  const push = (kind: TokenKind, end: number, value = text.slice(position, end), unicode = false): void => {
    const word = kind === 'word' ? value.toUpperCase() : '';
    tokens.push({ kind, text: value, word, unicode, line, start: position, end });
    skip(end);
  };
  const pushName = (kind: 'word' | 'quotedName' | 'variable', end: number, value?: string): void => {
    push(kind, end, value);
    const written = tokens.at(-1)?.text ?? '';
    if (written.length > longestName) throw nameTooLong(written, line);
    if (kind === 'quotedName' && written === '') throw emptyName(line);
  };

  while (position < text.length) {
    const found = match(blank) ?? match(lineComment);
    if (found) {
      skip(position + found[0].length);
      continue;
    }
    const character = text.charAt(position);
    if (text.startsWith('/*', position)) skip(endOfComment(text, position, line));
    else if (character === "'" || /^n'/i.test(text.slice(position, position + 2))) {
      const unicode = character !== "'";
      const { value, end } = quoted(text, position + (unicode ? 1 : 0), "'", line);
      push('string', end, value.replaceAll(/\\\r?\n/g, ''), unicode);
    } else if (character === '[' || character === '"') {
      const { value, end } = quoted(text, position, character === '[' ? ']' : '"', line);
      pushName('quotedName', end, value);
    } else {
      const simple = match(name) ?? match(variable);
      if (simple) pushName(character === '@' ? 'variable' : 'word', position + simple[0].length);
      else pushNumberOrOperator(match, push, position, character, line);
    }
  }
  tokens.push({ kind: 'end', text: '', word: '', unicode: false, line, start: position, end: position });
  return tokens;
}

function pushNumberOrOperator(
  match: (pattern: RegExp) => RegExpExecArray | null,
  push: (kind: TokenKind, end: number, value?: string) => void,
  position: number,
  character: string,
  line: number,
): void {
  const hexadecimal = match(binary);
  if (hexadecimal) {
    const digits = hexadecimal[0].slice(2);
    return push('binary', position + hexadecimal[0].length, digits.length % 2 === 1 ? `0${digits}` : digits);
  }
  const digits = match(number);
  if (digits) {
    const [all, fraction, exponent] = digits;
    const kind =
      exponent !== undefined
        ? 'float'
        : fraction !== undefined || all.startsWith('.')
          ? 'decimal'
          : 'integer';
    return push(kind, position + all.length);
  }
  const amount = match(money);
  if (amount) return push('money', position + amount[0].length);
  const symbol = match(operator);
  if (symbol) return push('operator', position + symbol[0].length);
  throw incorrectSyntax(character, line);
}

/** Text in quotes, in which a doubled closing quote stands for itself. */
function quoted(text: string, start: number, close: string, line: number): { value: string; end: number } {
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
function endOfComment(text: string, start: number, line: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let depth = 0, found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw new SqlFault(113, 15, "Missing end comment mark '*/'.", line);
}

function nameTooLong(written: string, line: number): SqlFault {
  const message = `The identifier that starts with '${written.slice(0, longestName)}' is too long. Maximum length is ${longestName}.`;
  return new SqlFault(103, 15, message, line, 4);
}

function emptyName(line: number): SqlFault {
  const message =
    'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.';
  return new SqlFault(1038, 15, message, line, 4);
}
