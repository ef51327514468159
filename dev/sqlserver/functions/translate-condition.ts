import { notSupported } from '../parser/sql-fault.ts';
import type { Condition, Query } from '../parser/syntax.ts';
import { compared, comparable } from '../types/compare.ts';
import type { Scope, Typed } from '../types/contract.ts';
import { translateLike } from './like.ts';
import { translateExpression } from './translate-expression.ts';
import { unionType } from '../types/result-types.ts';

/** A search condition as a PostgreSQL condition, in brackets. */
export function translateCondition(condition: Condition, scope: Scope): string {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const [left, right] = [
        translateCondition(condition.left, scope),
        translateCondition(condition.right, scope),
      ];
      return `(${left} ${condition.kind.toUpperCase()} ${right})`;
    }
    case 'not':
      return `(NOT ${translateCondition(condition.operand, scope)})`;
    case 'comparison':
      return compared(
        condition.operator,
        translateExpression(condition.left, scope),
        translateExpression(condition.right, scope),
      );
    case 'isNull': {
      const { sql, untypedNull } = translateExpression(condition.operand, scope);
      return `(${untypedNull ? 'NULL::int' : sql} IS ${condition.not ? 'NOT ' : ''}NULL)`;
    }
    case 'in':
      return translateIn(condition, scope);
    case 'between':
      return translateBetween(condition, scope);
    case 'like':
      return translateLike(condition, scope);
    case 'exists':
      return `(EXISTS (${scope.query(condition.query, 'exists').sql}))`;
    case 'inQuery': {
      const value = translateExpression(condition.operand, scope);
      const { left, list } = listOf(value, condition.query, scope);
      return `(${left} ${condition.not ? 'NOT ' : ''}IN (${list}))`;
    }
    case 'quantified': {
      const value = translateExpression(condition.left, scope);
      const { left, list } = listOf(value, condition.query, scope);
      return `(${left} ${condition.operator} ${condition.quantifier.toUpperCase()} (${list}))`;
    }
  }
}

/** A value and a list from a query, brought to one type. */
function listOf(value: Typed, query: Query, scope: Scope): { left: string; list: string } {
  const { sql, column } = scope.query(query, 'list');
  if (!column) throw notSupported('a query without columns');
  const [left, right] = comparable(value, column);
  if (right.sql === column.sql) return { left: left.sql, list: sql };
  return { left: left.sql, list: `SELECT ${right.sql} FROM (${sql}) AS q` };
}

/** As in SQL Server the value and the whole list take one type. */
function translateIn({ operand, list, not }: Extract<Condition, { kind: 'in' }>, scope: Scope): string {
  const value = translateExpression(operand, scope);
  const members = list.map((item) => translateExpression(item, scope));
  const type = unionType([value, ...members]);
  const pairs = members.map((member) =>
    comparable(value, member.untypedNull ? member : withType(member, type)),
  );
  const first = pairs[0]?.[0].sql;
  const isUniform = pairs.every(([left]) => left.sql === first);
  if (isUniform)
    return `(${first ?? ''} ${not ? 'NOT ' : ''}IN (${pairs.map(([, right]) => right.sql).join(', ')}))`;
  const either = pairs.map(([left, right]) => `${left.sql} = ${right.sql}`).join(' OR ');
  return not ? `(NOT (${either}))` : `(${either})`;
}

/** Comparing by pairs gives what one common type gives, except that text among numbers is read as a number. */
function withType(member: Typed, type: Typed['type']): Typed {
  return member.type.name === type.name
    ? member
    : comparable(member, { sql: 'NULL', type, nullable: true })[0];
}

function translateBetween(
  { operand, low, high, not }: Extract<Condition, { kind: 'between' }>,
  scope: Scope,
): string {
  const value = translateExpression(operand, scope);
  const from = compared('>=', value, translateExpression(low, scope));
  const to = compared('<=', value, translateExpression(high, scope));
  return not ? `(NOT (${from} AND ${to}))` : `(${from} AND ${to})`;
}
