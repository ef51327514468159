import type { SqlType } from '../contract.ts';
import type { Typed } from '../types/contract.ts';
import { isText, isUnicode } from '../types/sql-types.ts';

type VaryingType = Extract<SqlType, { name: 'varchar' | 'nvarchar' }>;

/** What has no length of its own counts as the longest text. */
export function lengthOf({ type }: Typed): number | 'max' {
  return 'length' in type ? type.length : 8000;
}

/** The varying type of the same kind. */
export function varying(value: Typed): VaryingType {
  return { name: isUnicode(value.type) ? 'nvarchar' : 'varchar', length: lengthOf(value) };
}

/** The same as far as a literal count lets it be that long. */
export function upTo(value: Typed, count: Typed): VaryingType {
  const [length, most] = [lengthOf(value), Number(count.constant)];
  const bound = length === 'max' ? (isUnicode(value.type) ? 4000 : 8000) : length;
  const isShorter = most > 0 && most <= bound;
  return { name: varying(value).name, length: isShorter ? most : length };
}

/** A number of letters or bytes is BIGINT where the text is MAX. */
export function countOf(value: Typed): SqlType {
  return { name: lengthOf(value) === 'max' ? 'bigint' : 'int' };
}

/** The longest type of the kind of all texts among the values. */
export function longest(...values: readonly Typed[]): VaryingType {
  const texts = values.filter(({ type }) => isText(type));
  const wide = texts.some(({ type }) => isUnicode(type));
  const isMax = texts.some((value) => lengthOf(value) === 'max');
  return { name: wide ? 'nvarchar' : 'varchar', length: isMax ? 'max' : wide ? 4000 : 8000 };
}
