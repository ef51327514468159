import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Condition, Expression } from '../parser/syntax.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { comparable, compared } from '../types/operators.ts';
import { unionType } from '../types/result-types.ts';
import { isUnicode } from '../types/sql-types.ts';
import { quote, textOf } from '../types/typed-sql.ts';
import { asText } from './built-in.ts';
import { translateExpression } from './translate-expression.ts';

/** A search condition as a PostgreSQL condition, in brackets. */
export function translateCondition(condition: Condition, scope: Scope): string {
  const value = (expression: Expression): Typed => translateExpression(expression, scope);
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [condition.left, condition.right].map((part) => translateCondition(part, scope));
      return `(${left ?? ''} ${condition.kind.toUpperCase()} ${right ?? ''})`;
    }
    case 'not':
      return `(NOT ${translateCondition(condition.operand, scope)})`;
    case 'comparison':
      return compared(condition.operator, value(condition.left), value(condition.right));
    case 'isNull': {
      const { sql, untypedNull } = value(condition.operand);
      return `(${untypedNull ? 'NULL::int' : sql} IS ${condition.not ? 'NOT ' : ''}NULL)`;
    }
    case 'in':
      return negated(condition.not, isOneOf(value(condition.operand), condition.list.map(value)));
    case 'between': {
      const operand = value(condition.operand);
      const from = compared('>=', operand, value(condition.low));
      return negated(condition.not, `${from} AND ${compared('<=', operand, value(condition.high))}`);
    }
    case 'like':
      return negated(condition.not, translateLike(condition, scope));
    case 'exists':
      return `(EXISTS (${scope.query(condition.query, 'exists').sql}))`;
    case 'inQuery': {
      const { sql, column } = scope.query(condition.query, 'list');
      if (!column) throw notSupported('a query without columns');
      const [left, right] = comparable(value(condition.operand), column);
      const list = right.sql === column.sql ? sql : `SELECT ${right.sql} FROM (${sql}) AS q`;
      return negated(condition.not, `${left.sql} IN (${list})`);
    }
  }
}

function negated(not: boolean, condition: string): string {
  return not ? `(NOT (${condition}))` : `(${condition})`;
}

/** As in SQL Server the value and the whole list take one type. */
function isOneOf(value: Typed, members: readonly Typed[]): string {
  const type = unionType([value, ...members]);
  const pairs = members.map((member) =>
    comparable(value, member.untypedNull ? member : withType(member, type)),
  );
  const [first] = pairs;
  if (first && pairs.every(([left]) => left.sql === first[0].sql))
    return `${first[0].sql} IN (${pairs.map(([, right]) => right.sql).join(', ')})`;
  return pairs.map(([left, right]) => `${left.sql} = ${right.sql}`).join(' OR ');
}

/** Comparing by pairs gives what one common type gives, except that text among numbers is read as a number. */
function withType(member: Typed, type: Typed['type']): Typed {
  if (member.type.name === type.name) return member;
  return comparable(member, { sql: 'NULL', type, nullable: true })[0];
}

/** "LIKE (Transact-SQL)"; error 506. PostgreSQL sees through tsql.is_like, to its own LIKE where the pattern is plain. */
function translateLike(
  { operand, pattern, escape }: Extract<Condition, { kind: 'like' }>,
  scope: Scope,
): string {
  const value = asText(translateExpression(operand, scope));
  const like = asText(translateExpression(pattern, scope));
  const mark = escape && translateExpression(escape, scope).constant;
  if (escape && mark === undefined) throw notSupported('ESCAPE with what is not a literal');
  if (mark !== undefined && mark.length !== 1) {
    const message = `The invalid escape character "${mark}" was specified in a LIKE predicate.`;
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
