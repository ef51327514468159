import { SqlFault } from '../parser/sql-fault.ts';
import type { Condition } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { isText, isUnicode } from '../types/type-families.ts';
import { translateExpression } from './translate-expression.ts';
import { quote, textOf } from '../types/typed-sql.ts';

/** "LIKE (Transact-SQL)". A constant pattern without classes and backslashes becomes PostgreSQL's LIKE (whose
 * version 18 loses an escaped backslash under such a collation); others are matched by tsql.is_like. */
export function translateLike(
  { operand, pattern, escape, not }: Extract<Condition, { kind: 'like' }>,
  scope: Scope,
): string {
  const value = asText(translateExpression(operand, scope));
  const like = asText(translateExpression(pattern, scope));
  const mark = escape && translateExpression(escape, scope);
  if (mark && mark.constant?.length !== 1) throw invalidEscape(mark);
  const matches = [textOf(value), ...(trimsToo(value, like) ? [`rtrim(${textOf(value)}, ' ')`] : [])];
  const either = matches.map((text) =>
    matched(text, like, mark?.constant, value.collation ?? like.collation),
  );
  return not ? `(NOT (${either.join(' OR ')}))` : `(${either.join(' OR ')})`;
}

/** Trailing spaces of the value count for Unicode text only. */
function trimsToo(value: Typed, pattern: Typed): boolean {
  if (isUnicode(value.type) || isUnicode(pattern.type)) return false;
  return pattern.constant === undefined || !pattern.constant.endsWith('%');
}

function matched(text: string, pattern: Typed, escape: string | undefined, collation = 'ci_as'): string {
  const { constant } = pattern;
  if (constant === undefined || /[[\\]/.test(constant)) {
    return `tsql.is_like(${text}, ${textOf(pattern)}, ${escape === undefined ? 'NULL' : quote(escape)})`;
  }
  return `${text} LIKE ${quote(escaped(constant, escape))} COLLATE tsql.${collation}`;
}

/** The pattern with backslashes as PostgreSQL's escape. */
function escaped(pattern: string, escape: string | undefined): string {
  let result = '';
  for (let place = 0; place < pattern.length; place++) {
    const letter = pattern.charAt(place);
    if (letter === escape && place + 1 < pattern.length) {
      place += 1;
      result += `\\${pattern.charAt(place)}`;
    } else result += letter;
  }
  return result;
}

function asText(value: Typed): Typed {
  if (isText(value.type) && !value.untypedNull) return value;
  return convertTo(value, { name: 'varchar', length: 8000 }, 'implicit');
}

function invalidEscape(mark: Typed): SqlFault {
  const message = `The invalid escape character "${mark.constant ?? ''}" was specified in a LIKE predicate.`;
  return new SqlFault(506, 16, message);
}
