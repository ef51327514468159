import { SqlFault } from '../parser/sql-fault.ts';
import type { Condition } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { isUnicode } from '../types/sql-types.ts';
import { quote, textOf } from '../types/typed-sql.ts';
import { asText } from './built-in.ts';
import { translateExpression } from './translate-expression.ts';

/** "LIKE (Transact-SQL)"; error 506. PostgreSQL sees through tsql.is_like, to its own LIKE where the pattern is plain. */
export function translateLike(
  { operand, pattern, escape }: Extract<Condition, { kind: 'like' }>,
  scope: Scope,
): string {
  const value = asText(translateExpression(operand, scope));
  const like = asText(translateExpression(pattern, scope));
  const mark = escape && translateExpression(escape, scope).constant;
  if (escape && mark?.length !== 1) {
    const message = `The invalid escape character "${mark ?? ''}" was specified in a LIKE predicate.`;
    throw new SqlFault(506, 16, message);
  }
  const texts = [textOf(value), ...(trimsToo(value, like) ? [`rtrim(${textOf(value)}, ' ')`] : [])];
  const either = texts.map(
    (text) => `tsql.is_like(${text}, ${textOf(like)}, ${mark === undefined ? 'NULL' : quote(mark)})`,
  );
  return either.join(' OR ');
}

/** Trailing spaces of the value count for Unicode text only. */
function trimsToo(value: Typed, pattern: Typed): boolean {
  return !isUnicode(value.type) && !isUnicode(pattern.type) && !pattern.constant?.endsWith('%');
}
