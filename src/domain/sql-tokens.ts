/** `name` is a quoted identifier, `word` a bare one or a keyword, `variable` one that begins with @. */
export interface SqlToken {
  kind: 'word' | 'name' | 'text' | 'number' | 'variable' | 'symbol';
  text: string;
  /** Offset in the statement, from 0. */
  at: number;
}

/** A text that SQL Server might read in another way than we do. */
export class UnreadableSql extends Error {
  override readonly name = 'UnreadableSql';
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

type Kind = SqlToken['kind'];

/** Where SQL Server may or may not see the end of a line: what follows could be code to it and a comment to us. */
const unsureLineEnds = /\r(?!$)|[\0\v\f\u0085\u2028\u2029]/;

const forms: readonly (readonly [Kind | 'space', RegExp])[] = [
  ['space', /[ \t\r\n\p{Zs}]+/uy],
  ['space', /--[^\n]*/y],
  ['text', /[Nn]?'(?:[^']|'')*'/y],
  ['name', /\[(?:[^\]]|\]\])*\]/y],
  ['name', /"(?:[^"]|"")*"/y],
  ['number', /0[xX][0-9A-Fa-f]*|\$?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['variable', /@[\p{L}\p{M}\p{Nd}_@#$]+/uy],
  ['word', /[\p{L}_#][\p{L}\p{M}\p{Nd}_@#$]*/uy],
  ['symbol', /[-+*/%&|^~=<>!(),.;]/y],
];

const continuesWord = /[\p{L}\p{M}\p{Nd}_@#$]/u;

/**
 * The tokens of a T-SQL statement, without spaces and comments (which nest). Throws UnreadableSql for whatever has no
 * place outside texts and quoted names, and where our reading and SQL Server's could differ.
 */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < sql.length;) {
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at);
      continue;
    }
    const [kind, text] = readAt(sql, at);
    if (text.startsWith('--') && unsureLineEnds.test(text)) {
      throw new UnreadableSql('un comentario con un fin de línea dudoso', at);
    }
    const end = at + text.length;
    if (kind === 'number' && continuesWord.test(charAt(sql, end))) {
      throw new UnreadableSql('un número pegado a una palabra', at);
    }
    if (kind !== 'space') tokens.push({ kind, text, at });
    at = end;
  }
  return tokens;
}

function readAt(sql: string, at: number): readonly [Kind | 'space', string] {
  for (const [kind, form] of forms) {
    form.lastIndex = at;
    const [text] = form.exec(sql) ?? [];
    if (text !== undefined) return [kind, text];
  }
  const character = charAt(sql, at);
  if (character === "'") throw new UnreadableSql('un texto sin cerrar', at);
  if (character === '"' || character === '[') throw new UnreadableSql('un nombre sin cerrar', at);
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new UnreadableSql(`un carácter no admitido (U+${code})`, at);
}

function endOfComment(sql: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw new UnreadableSql('un comentario sin cerrar', start);
}

function charAt(sql: string, at: number): string {
  const point = sql.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}
