import { sql, type Kysely } from 'kysely';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom, sqlInstant } from '../sql-time.ts';

interface Record {
  place: 'first' | 'last' | 'before' | 'covering';
  cic_id: number;
  cic_Inicio: Date;
  cic_Error: string | null;
}

const mostCovering = 5;

export function readScansAround(db: Kysely<ControlSchema>): WhyPorts['readScansAround'] {
  return async (at, windowMinutes) => {
    const reach = sqlInstant(at.subtract({ minutes: windowMinutes }));
    const columns = sql`cic_id, cic_Inicio, cic_Error FROM CT_Scheduler_Ciclos`;
    const { rows } = await sql<Record>`
      SELECT 'first' AS place, a.* FROM (SELECT TOP (1) ${columns} ORDER BY cic_Inicio, cic_id) a
      UNION ALL
      SELECT 'last', b.* FROM (SELECT TOP (1) ${columns} ORDER BY cic_Inicio DESC, cic_id DESC) b
      UNION ALL
      SELECT 'before', c.* FROM (
        SELECT TOP (1) ${columns} WHERE cic_Inicio < ${reach} ORDER BY cic_Inicio DESC, cic_id DESC) c
      UNION ALL
      SELECT 'covering', d.* FROM (
        SELECT TOP (${mostCovering}) ${columns} WHERE cic_Inicio >= ${reach} ORDER BY cic_Inicio, cic_id) d`.execute(
      db,
    );
    const scans = rows.map((row) => ({
      place: row.place,
      scan: { id: row.cic_id, at: instantFrom(row.cic_Inicio), error: row.cic_Error },
    }));
    const one = (place: Record['place']) => scans.find((each) => each.place === place)?.scan ?? null;
    return {
      first: one('first')?.at ?? null,
      last: one('last')?.at ?? null,
      before: one('before'),
      covering: scans
        .filter(({ place }) => place === 'covering')
        .map(({ scan }) => scan)
        .toSorted((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds || a.id - b.id),
    };
  };
}
