import { sql, type Kysely } from 'kysely';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom, sqlInstant } from '../sql-time.ts';

interface Times {
  first: Date | null;
  last: Date | null;
  before: Date | null;
  next: Date | null;
}

/** Scans of this long from the first one that reached the time: failed ones are followed by others. */
const coveringMinutes = 10;

export function readScansAround(db: Kysely<ControlSchema>): WhyPorts['readScansAround'] {
  return async (at, windowMinutes) => {
    const reach = sqlInstant(at.subtract({ minutes: windowMinutes }));
    // Each is the end of an index; in the order of their rows all of a month would be read.
    const { rows: times } = await sql<Times>`
      SELECT MIN(cic_Inicio) AS first, MAX(cic_Inicio) AS last,
        (SELECT MAX(cic_Inicio) FROM CT_Scheduler_Ciclos WHERE cic_Inicio < ${reach}) AS before,
        (SELECT MIN(cic_Inicio) FROM CT_Scheduler_Ciclos WHERE cic_Inicio >= ${reach}) AS next
      FROM CT_Scheduler_Ciclos`.execute(db);
    const { first, last, before, next } = times[0] ?? { first: null, last: null, before: null, next: null };
    const covering = next === null ? [] : await scansFrom(db, instantFrom(next), coveringMinutes);
    const scanBefore = before === null ? [] : await scansFrom(db, instantFrom(before), 0);
    return {
      first: first && instantFrom(first),
      last: last && instantFrom(last),
      before: scanBefore.at(-1) ?? null,
      covering,
    };
  };
}

type Scan = Awaited<ReturnType<WhyPorts['readScansAround']>>['covering'][number];

/** In the order of their times. */
async function scansFrom(
  db: Kysely<ControlSchema>,
  from: Parameters<typeof sqlInstant>[0],
  minutes: number,
): Promise<Scan[]> {
  const { rows } = await sql<{ cic_id: number; cic_Inicio: Date; cic_Error: string | null }>`
    SELECT cic_id, cic_Inicio, cic_Error
    FROM CT_Scheduler_Ciclos
    WHERE cic_Inicio >= ${sqlInstant(from)} AND cic_Inicio <= ${sqlInstant(from.add({ minutes }))}
    ORDER BY cic_Inicio, cic_id`.execute(db);
  return rows.map((row) => ({ id: row.cic_id, at: instantFrom(row.cic_Inicio), error: row.cic_Error }));
}
