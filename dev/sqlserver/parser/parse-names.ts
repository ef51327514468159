import type { ObjectName, TableHint } from './syntax.ts';
import type { TokenStream } from './token-stream.ts';

/** `name`, `schema.name`, `database.schema.name` or `database..name`. */
export function parseObjectName(tokens: TokenStream): ObjectName {
  const parts = [tokens.name()];
  while (tokens.accept('.')) parts.push(tokens.sees('.') ? '' : tokens.name());
  if (parts.length > 3) tokens.refuse('four-part names');
  const [name = '', schema = '', database = ''] = parts.toReversed();
  return { ...(database !== '' && { database }), ...(schema !== '' && { schema }), name };
}

const hints: ReadonlySet<string> = new Set<TableHint>([
  'NOLOCK',
  'READUNCOMMITTED',
  'READCOMMITTED',
  'READCOMMITTEDLOCK',
  'REPEATABLEREAD',
  'SERIALIZABLE',
  'HOLDLOCK',
  'READPAST',
  'ROWLOCK',
  'PAGLOCK',
  'TABLOCK',
  'TABLOCKX',
  'UPDLOCK',
  'XLOCK',
  'NOWAIT',
]);

function isHint(word: string): word is TableHint {
  return hints.has(word);
}

/** WITH (hint[,] hint …), if it stands here. */
export function parseHints(tokens: TokenStream): TableHint[] {
  if (!tokens.accept('WITH', '(')) return [];
  const found: TableHint[] = [];
  do {
    const { word } = tokens.current;
    if (!isHint(word)) return tokens.refuse(`the table hint ${tokens.current.text}`);
    found.push(word);
    tokens.next();
    tokens.accept(',');
  } while (!tokens.accept(')'));
  return found;
}
