import { sql, type RawBuilder } from 'kysely';

/** A WHERE of the conditions that are there. */
export function allOf(conditions: readonly (RawBuilder<unknown> | undefined | false)[]): RawBuilder<unknown> {
  const given = conditions.filter((condition) => condition !== undefined && condition !== false);
  return given.length === 0 ? sql`1 = 1` : sql.join(given, sql` AND `);
}
