import * as fc from 'fast-check';
import { cases } from './cases.ts';

/** Statements that touch nothing but the tables of `world.ts`, and end no transaction. */
const originals = cases
  .filter(({ alone, line }) => !alone && line !== 'databases' && line !== 'security' && line !== 'procedures')
  .map(({ sql }) => tokensOf(sql))
  .filter((tokens) => !tokens.includes('WAITFOR'));

/** White space belongs to the token before it. */
function tokensOf(sql: string): string[] {
  return sql.match(/(?:N?'(?:[^']|'')*'|\[[^\]]*\]|"[^"]*"|@*[\w$]+|[<>!]=|[^\w\s])\s*/g) ?? [];
}

/** What lexers stumble over, and what PostgreSQL would take if it came through as it is. */
const oddities = [
  ...[
    "'",
    '"',
    '[',
    ']',
    '(',
    ')',
    ';',
    ',',
    '.',
    '@',
    '@@',
    '#',
    '$',
    '$1',
    '$$',
    '::',
    ':',
    '||',
    '|',
    '&',
    '^',
    '~',
    '->',
  ],
  ...[
    '--',
    '/*',
    '*/',
    '\\',
    '`',
    '{',
    '}',
    '?',
    '%',
    '\0',
    '\u00A0',
    '\u2028',
    '\uFEFF',
    'ñ',
    '日本',
    '😀',
    '\uD83D',
    '\uDE00',
  ],
  ...[
    'LIMIT 1',
    'RETURNING *',
    'ON CONFLICT DO NOTHING',
    'ILIKE',
    'USING',
    'LATERAL',
    'true',
    "E'\\x41'",
    'NULL',
    'DEFAULT',
  ],
  ...[
    '0x',
    '1e',
    '1e400',
    '99999999999999999999999999999999999999',
    '.',
    '-',
    "''",
    "N''",
    'pg_sleep(9)',
    'ctid',
  ],
  ...[
    `[x"; SELECT pg_sleep(9); --]`,
    `"x""; SELECT pg_sleep(9); --"`,
    `'x\\'; SELECT pg_sleep(9); --'`,
    '$x$',
    '[]',
    '%s',
  ],
].map((text) => `${text} `);

const place = fc.nat({ max: 200 });
const mutation = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop', 'duplicate'), at: place }),
  fc.record({ kind: fc.constant('swap'), at: place, with: place }),
  fc.record({ kind: fc.constant('insert'), at: place, text: fc.constantFrom(...oddities) }),
  fc.record({ kind: fc.constant('replace'), at: place, text: fc.constantFrom(...oddities) }),
  fc.record({ kind: fc.constant('splice'), at: place, from: place, other: fc.constantFrom(...originals) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer Of> ? Of : never;

function mutated(tokens: readonly string[], change: Mutation): string[] {
  const at = tokens.length === 0 ? 0 : change.at % tokens.length;
  switch (change.kind) {
    case 'drop':
      return tokens.toSpliced(at, 1);
    case 'duplicate':
      return tokens.toSpliced(at, 0, ...tokens.slice(at, at + 1));
    case 'swap': {
      const other = change.with % Math.max(1, tokens.length);
      return tokens.map(
        (token, index) => tokens[index === at ? other : index === other ? at : index] ?? token,
      );
    }
    case 'insert':
      return tokens.toSpliced(at, 0, change.text);
    case 'replace':
      return tokens.toSpliced(at, 1, change.text);
    case 'splice':
      return [...tokens.slice(0, at), ...change.other.slice(change.from % change.other.length)];
  }
}

/** Cases with a few mutations. */
export const mutants: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...originals), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([tokens, changes]) => changes.reduce<readonly string[]>(mutated, tokens).join(''));
