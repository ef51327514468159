import { sql, type RawBuilder } from 'kysely';
import { stateRank } from '../../domain/delivery.ts';

const highest = Math.max(...Object.values(stateRank));
const ranks = Object.entries(stateRank).map(
  ([state, rank]) => sql`WHEN ${sql.lit(state)} THEN ${sql.lit(rank)}`,
);

/** `stateRank` of the domain for a column with an msg_Estado; nothing rises above one that is not ours. */
export function sqlRank(state: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`CASE ${state} ${sql.join(ranks, sql` `)} ELSE ${sql.lit(highest)} END`;
}
