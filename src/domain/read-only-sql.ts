import { sqlTokens, UnreadableSql, type SqlToken } from './sql-tokens.ts';

/** `detail`: a Spanish sentence with the word and its position, `at` the position alone where there is one. */
export type ReadOnlyCheck = { kind: 'allowed' } | { kind: 'refused'; detail: string; at: SqlPosition | null };

/** Both from 1. */
interface SqlPosition {
  line: number;
  column: number;
}

/** Reserved words that begin or belong to a statement that is not a SELECT; as a name they need brackets anyway. */
const refusedWords = new Set(
  `add alter authorization backup begin break bulk checkpoint close commit continue conversation create cursor dbcc
  deallocate declare delete deny drop dump exec execute goto grant if insert into kill load merge open opendatasource
  openquery openrowset print proc procedure raiserror readtext receive reconfigure restore return revert revoke rollback
  save set setuser shutdown tran transaction trigger truncate update updatetext use waitfor while writetext`.split(
    /\s+/,
  ),
);

const longest = 200_000;

interface Reading {
  tokens: readonly SqlToken[];
  /** The word of each token as compared: folded, '' for what is not a word. */
  words: readonly string[];
}

type Finding = { token: SqlToken; problem: string } | undefined;

/**
 * Whether a tenant's text is one SELECT (or WITH … SELECT) on its own database and nothing else. It is the first of two
 * locks: the login's rights are the other.
 */
export function checkReadOnly(sql: string): ReadOnlyCheck {
  if (sql.length > longest) return refusedWhole(`La consulta pasa los ${longest} caracteres.`);
  try {
    const all = sqlTokens(sql);
    const tokens = all.slice(Math.max(all.findIndex(isNotSemicolon), 0));
    if (!tokens.some(isNotSemicolon)) return refusedWhole('La consulta está vacía.');
    const reading = { tokens, words: tokens.map(wordOf) };
    const finding =
      wrongStart(reading) ?? wrongWord(reading) ?? wrongName(reading) ?? secondStatement(reading);
    if (finding === undefined) return { kind: 'allowed' };
    return refused(sql, finding.token.at, `«${finding.token.text.slice(0, 60)}»`, finding.problem);
  } catch (error) {
    if (!(error instanceof UnreadableSql)) throw error;
    return refused(sql, error.at, 'Hay', error.message);
  }
}

/** Whether the statement uses a parameter (`@persona`), not counting texts and comments. Unreadable ones use none. */
export function usesParameter(sql: string, parameter: string): boolean {
  return parametersOf(sql).has(parameter.toLowerCase());
}

/** In lower case, with @; without the server's own (`@@VERSION`). */
export function parametersOf(sql: string): ReadonlySet<string> {
  try {
    const variables = sqlTokens(sql).filter(
      ({ kind, text }) => kind === 'variable' && !text.startsWith('@@'),
    );
    return new Set(variables.map(({ text }) => text.toLowerCase()));
  } catch (error) {
    if (error instanceof UnreadableSql) return new Set();
    throw error;
  }
}

function refused(sql: string, offset: number, what: string, problem: string): ReadOnlyCheck {
  const before = sql.slice(0, offset).split('\n');
  const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  const place = `línea ${at.line}, columna ${at.column}`;
  const detail = `${what} ${problem} (${place}): la consulta debe ser un solo SELECT de lectura.`;
  return { kind: 'refused', detail, at };
}

function refusedWhole(detail: string): ReadOnlyCheck {
  return { kind: 'refused', detail, at: null };
}

function isNotSemicolon({ text }: SqlToken): boolean {
  return text !== ';';
}

/** Without case, accents and letter forms, so that no look-alike passes for another word than the server's. */
function wordOf({ kind, text }: SqlToken): string {
  if (kind !== 'word') return '';
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ı', 'i');
}

function wrongStart({ tokens, words }: Reading): Finding {
  const first = tokens.findIndex(({ text }) => text !== '(');
  const word = words[first];
  const token = tokens[first] ?? tokens[0];
  if (token === undefined || word === 'select' || (word === 'with' && first === 0)) return undefined;
  return { token, problem: 'no es SELECT ni WITH' };
}

function wrongWord({ tokens, words }: Reading): Finding {
  for (const [index, token] of tokens.entries()) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    const isJoinHint = word === 'merge' && (next === 'join' || next === 'union');
    const isNextValue = word === 'next' && next === 'value' && words[index + 2] === 'for';
    const isSend = word === 'send' && next === 'on';
    if ((refusedWords.has(word) && !isJoinHint) || isNextValue || isSend)
      return { token, problem: 'no se admite' };
  }
  return undefined;
}

/** `base.esquema.tabla`, `base..tabla`, and a third part of any kind. */
function wrongName({ tokens }: Reading): Finding {
  for (const [index, token] of tokens.entries()) {
    const isSecondDot = token.text === '.' && tokens[index - 1]?.text === '.';
    const isThirdPart =
      token.text === '.' &&
      isName(tokens[index - 1]) &&
      tokens[index - 2]?.text === '.' &&
      isName(tokens[index - 3]);
    if (isSecondDot || isThirdPart) {
      const start = tokens[isSecondDot ? index - 2 : index - 3] ?? token;
      return {
        token: start,
        problem: 'empieza un nombre de más de dos partes: use esquema.tabla, o un alias',
      };
    }
  }
  return undefined;
}

function isName(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'name';
}

const setOperators = new Set(['union', 'except', 'intersect']);

/** T-SQL needs no semicolon between statements: any SELECT outside parentheses must have its reason. */
function secondStatement({ tokens, words }: Reading): Finding {
  let depth = 0;
  let seen = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0) return { token, problem: 'cierra un paréntesis que no se abrió' };
    if (token.text === ';' && tokens.slice(index).some(isNotSemicolon)) {
      return { token, problem: 'empieza otra sentencia' };
    }
    if (depth > 0 || words[index] !== 'select') continue;
    if (!continuesStatement(words, index, seen)) return { token, problem: 'empieza otra sentencia' };
    seen += 1;
  }
  const [first] = tokens;
  return first !== undefined && words[0] === 'with' && seen === 0
    ? { token: first, problem: 'no lleva a un SELECT' }
    : undefined;
}

function continuesStatement(words: readonly string[], index: number, seen: number): boolean {
  const before = words[index - 1] ?? '';
  if (index === 0) return true;
  if (words[0] === 'with' && seen === 0) return before === '';
  return setOperators.has(before) || (before === 'all' && words[index - 2] === 'union');
}
