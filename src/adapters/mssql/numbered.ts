import { sql, type RawBuilder } from 'kysely';

/** SQL Server takes 2,100 parameters. */
const mostParameters = 2_000;

/**
 * For an IN, a parameter each: of a list in one JSON parameter the servers do not know how short it is, and may read a
 * whole table for it. The list is not empty; what is beyond 2,000 is left out.
 */
export function numbered(ids: readonly number[]): RawBuilder<unknown> {
  return sql`(${sql.join(ids.slice(0, mostParameters))})`;
}
