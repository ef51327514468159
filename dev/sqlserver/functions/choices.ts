import type { SqlType } from '../contract.ts';
import { SqlFault } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { convertTo } from '../types/convert.ts';
import { unionType } from '../types/result-types.ts';
import { isText } from '../types/type-families.ts';
import { fromText, nullOf, textOf } from '../types/typed-sql.ts';

/** A value built from others of one type: `build` gets their PostgreSQL text (characters as `text`). */
export function combined(
  type: SqlType,
  values: readonly Typed[],
  nullable: boolean,
  build: (texts: string[]) => string,
): Typed {
  const converted = values.map((value) =>
    value.untypedNull ? nullOf(type) : convertTo(value, type, 'implicit'),
  );
  if (!isText(type)) return { sql: `(${build(converted.map((value) => value.sql))})`, type, nullable };
  const [collated] = converted.filter((value) => value.collation !== undefined);
  return {
    ...fromText(build(converted.map((value) => textOf(value))), type, nullable),
    ...(collated?.collation && { collation: collated.collation }),
  };
}

/** CASE and its like, whose result has the type of highest precedence. */
export function choice(
  conditions: readonly string[],
  results: readonly Typed[],
  otherwise: Typed | undefined,
): Typed {
  const values = otherwise ? [...results, otherwise] : [...results];
  if (values.every((value) => value.untypedNull)) throw onlyNulls();
  const nullable = !otherwise || values.some((value) => value.nullable);
  return combined(unionType(values), values, nullable, (texts) => {
    const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${texts[index] ?? 'NULL'}`);
    const rest = otherwise ? ` ELSE ${texts.at(-1) ?? 'NULL'}` : '';
    return `CASE ${branches.join(' ')}${rest} END`;
  });
}

function onlyNulls(): SqlFault {
  const message =
    'At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.';
  return new SqlFault(8133, 16, message);
}
