import { SqlFault, incorrectSyntax } from './sql-fault.ts';

export interface Token {
  kind: keyof typeof shapes | 'quotedName' | 'string' | 'end';
  /** Names without brackets, strings without quotes, everything else as written. */
  text: string;
  /** What the grammar compares: words in upper case, operators, `@` for a variable; '' for everything else. */
  symbol: string;
  /** Strings written N'…'. */
  unicode: boolean;
  line: number;
}

/** The first that fits is it. */
const shapes = {
  blank: /(?:[\s\uFEFF]+|--[^\n]*)+/y,
  word: /[\p{L}_#][\p{L}\p{Nd}_@$#]*/uy,
  operator: /<>|!=|!<|!>|<=|>=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|::|\.(?!\d)|[-(),;=<>+*/%&|^~:]/y,
  variable: /@[\p{L}\p{Nd}_@$#]*/uy,
  binary: /0x[\da-f]*/iy,
  float: /(?:\d+(?:\.\d*)?|\.\d+)e[+-]?\d*/iy,
  decimal: /\d+\.\d*|\.\d+/y,
  integer: /\d+/y,
  money: /\$(?![a-z_$])\d*(?:\.\d*)?/iy,
};
const kinds = Object.keys(shapes) as (keyof typeof shapes)[];
/** Words with one meaning. */
const synonyms: Readonly<Record<string, string>> = {
  TRAN: 'TRANSACTION',
  EXEC: 'EXECUTE',
  PROC: 'PROCEDURE',
};

/** Cuts a batch into tokens; the last one is `end`. Quoted identifiers are names (QUOTED_IDENTIFIER ON). */
export function tokenize(batch: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let start = 0; start < batch.length;) {
    const { kind, text, end, unicode = false } = readToken(batch, start, line);
    if (kind !== 'blank') {
      const word = kind === 'word' ? text.toUpperCase() : kind === 'operator' ? text : '';
      const symbol = kind === 'variable' ? '@' : (synonyms[word] ?? word);
      tokens.push({ kind, text, symbol, unicode, line });
    }
    for (let at = start; at < end; at++) if (batch.charCodeAt(at) === 10) line += 1;
    if (kind === 'word' || kind === 'variable' || kind === 'quotedName') checkName(text, 128, line);
    start = end;
  }
  return [...tokens, { kind: 'end', text: '', symbol: '', unicode: false, line }];
}

type Read = Pick<Token, 'kind' | 'text'> & { end: number; unicode?: boolean };

function readToken(batch: string, start: number, line: number): Read {
  const first = batch.charAt(start);
  if (batch.startsWith('/*', start)) return readComment(batch, start, line);
  const unicode = (first === 'N' || first === 'n') && batch.charAt(start + 1) === "'";
  if (unicode || first === "'") {
    const { text, end } = readQuoted(batch, start + Number(unicode), "'", line);
    return { kind: 'string', text: text.replaceAll(/\\\r?\n/g, ''), end, unicode };
  }
  if (first === '[') return { kind: 'quotedName', ...readQuoted(batch, start, ']', line) };
  if (first === '"') return { kind: 'quotedName', ...readQuoted(batch, start, '"', line) };
  for (const kind of kinds) {
    const shape = shapes[kind];
    shape.lastIndex = start;
    if (shape.test(batch)) return { kind, text: batch.slice(start, shape.lastIndex), end: shape.lastIndex };
  }
  throw incorrectSyntax(first, line);
}

/** Text in quotes, in which a doubled closing quote stands for itself. */
function readQuoted(
  batch: string,
  start: number,
  close: string,
  line: number,
): { text: string; end: number } {
  let text = '';
  for (let from = start + 1; ;) {
    const at = batch.indexOf(close, from);
    if (at < 0) {
      const rest = batch.slice(start + 1);
      throw new SqlFault(105, 15, `Unclosed quotation mark after the character string '${rest}'.`, line);
    }
    text += batch.slice(from, at);
    if (batch.charAt(at + 1) !== close) return { text, end: at + 1 };
    text += close;
    from = at + 2;
  }
}

/** Comments nest in T-SQL. */
function readComment(batch: string, start: number, line: number): Read {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let depth = 0, found = mark.exec(batch); found; found = mark.exec(batch)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'blank', text: '', end: mark.lastIndex };
  }
  throw new SqlFault(113, 15, "Missing end comment mark '*/'.", line);
}

const nameMissing =
  'An object or column name is missing or empty. For SELECT INTO statements, verify each column has a name. For other statements, look for empty alias names. Aliases defined as "" or [] are not allowed. Change the alias to a valid name.';

export function checkName(name: string, longest: number, line: number): void {
  if (name === '') throw new SqlFault(1038, 15, nameMissing, line, 4);
  if (name.length <= longest) return;
  const message = `The identifier that starts with '${name.slice(0, longest)}' is too long. Maximum length is ${longest}.`;
  throw new SqlFault(103, 15, message, line, 4);
}
