import { sql, type RawBuilder } from 'kysely';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const powers = [60466176, 1679616, 46656, 1296, 36, 1];

/** `codeOf` of the domain for an INT column: base 36, six characters. */
export function sqlCode(column: RawBuilder<unknown>): RawBuilder<string> {
  const places = powers.map(
    (power) => sql`SUBSTRING(${sql.lit(digits)}, ${column} / ${sql.lit(power)} % 36 + 1, 1)`,
  );
  return sql<string>`${sql.join(places, sql` + `)}`;
}
