import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { isText } from '../types/sql-types.ts';
import { textOf, typed } from '../types/typed-sql.ts';

/** A value built from others of one type: `build` gets their PostgreSQL text (characters as `text`). */
export function combined(
  type: SqlType,
  values: readonly Typed[],
  nullable: boolean,
  build: (texts: string[]) => string,
): Typed {
  const converted = values.map((value) => convertTo(value, type, 'implicit'));
  const texts = converted.map((value) => (isText(type) ? textOf(value) : value.sql));
  return typed(build(texts), type, nullable);
}

/** CASE and its like, whose result has the type of highest precedence. */
export function choice(
  conditions: readonly string[],
  results: readonly Typed[],
  otherwise: Typed | undefined,
): Typed {
  const values = otherwise ? [...results, otherwise] : results;
  if (values.every((value) => value.untypedNull)) throw onlyNulls();
  const nullable = !otherwise || values.some((value) => value.nullable);
  return combined(unionType(values), values, nullable, (texts) => {
    const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${texts[index] ?? 'NULL'}`);
    return `CASE ${branches.join(' ')} ELSE ${otherwise ? (texts.at(-1) ?? 'NULL') : 'NULL'} END`;
  });
}

function onlyNulls(): SqlFault {
  const message =
    'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.';
  return new SqlFault(8133, 16, message);
}
