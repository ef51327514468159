import { SqlFault } from '../parser/sql-fault.ts';
import type { ComparisonOperator } from '../parser/syntax.ts';
import type { Collation, Typed } from './contract.ts';
import { convertTo } from './convert.ts';
import { commonType } from './result-types.ts';
import { isText } from './type-families.ts';

/** A comparison of two values, brought to one type by precedence, as a PostgreSQL condition. */
export function compared(operator: ComparisonOperator, left: Typed, right: Typed): string {
  const [one, other] = comparable(left, right);
  return `(${one.sql} ${operator} ${other.sql})`;
}

/** Both values with the same type, ready for PostgreSQL's operators. */
export function comparable(left: Typed, right: Typed): [Typed, Typed] {
  if (left.untypedNull && right.untypedNull) return [asInteger(left), asInteger(right)];
  if (left.untypedNull) return [convertTo(left, right.type, 'implicit'), right];
  if (right.untypedNull) return [left, convertTo(right, left.type, 'implicit')];
  const type = isText(left.type) && isText(right.type) ? undefined : commonType(left.type, right.type);
  if (!type) return collated(left, right);
  return [comparedAs(left, right, type), comparedAs(right, left, type)];
}

/** A bit beside the number 0 or 1 stays a bit, so that its index is used. */
function comparedAs(value: Typed, other: Typed, type: Typed['type']): Typed {
  const hasBit = value.type.name === 'bit' || other.type.name === 'bit';
  const constant = value.constant ?? other.constant;
  const isFlag = hasBit && type.name === 'int' && (constant === '0' || constant === '1');
  if (isFlag) return convertTo(value, { name: 'bit' }, 'explicit');
  if (type.name === 'decimal' && value.type.name !== 'decimal' && isExact(value)) {
    return { ...value, sql: `${value.sql}::numeric` };
  }
  return value.type.name === type.name ? value : convertTo(value, type, 'implicit');
}

function isExact(value: Typed): boolean {
  return ['tinyint', 'smallint', 'int', 'bigint', 'money', 'smallmoney'].includes(value.type.name);
}

const asInteger = (value: Typed): Typed => convertTo(value, { name: 'int' }, 'implicit');

function collated(left: Typed, right: Typed): [Typed, Typed] {
  const collation = sharedCollation(left.collation, right.collation);
  return [left, { ...right, sql: `(${right.sql} COLLATE tsql.${collation})` }];
}

function sharedCollation(one: Collation | undefined, other: Collation | undefined): Collation {
  if (one === undefined || other === undefined || one === other) return one ?? other ?? 'ci_as';
  throw new SqlFault(
    468,
    16,
    'Cannot resolve the collation conflict between two collations in the operation.',
    0,
    9,
  );
}
