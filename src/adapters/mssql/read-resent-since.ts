import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { occurrenceColumn, occurrenceFrom } from './sql-time.ts';

/** An execution that sends another one again. */
export interface ResentSince {
  id: number;
  state: string;
  occurrence: string | null;
  isOpen: boolean;
  isPrepared: boolean;
}

/**
 * Those that were made after an execution to send the same as it again, whichever of them was named for it: the first of
 * all, one that sent that again, and so on. In the order of their ids.
 */
export async function readResentSince(
  db: Kysely<ControlSchema>,
  { id, resends }: { id: number; resends: number | null },
): Promise<ResentSince[]> {
  const found = new Map<number, ResentSince>();
  let parents = [resends === null ? id : await firstOf(db, resends)];
  while (parents.length > 0) {
    const { rows } = await sql<ResentRecord>`
      SELECT sch_id, sch_Estado, ${occurrenceColumn('sch_Ocurrencia')} AS occurrence,
        CASE WHEN ${isUnfinished} THEN 1 ELSE 0 END AS isOpen, sch_Preparada
      FROM CT_Scheduler_Alertas
      WHERE schsch_id IN (SELECT id FROM OPENJSON(${JSON.stringify(parents)}) WITH (id INT '$'))
        AND schsch_id IS NOT NULL`.execute(db);
    const others = rows.filter(({ sch_id }) => !found.has(sch_id));
    for (const record of others) found.set(record.sch_id, resentOf(record));
    parents = others.map(({ sch_id }) => sch_id);
  }
  return [...found.values()].filter((each) => each.id > id).sort((a, b) => a.id - b.id);
}

/** What all of a chain send again. Its own row may have been forgotten by now. */
async function firstOf(db: Kysely<ControlSchema>, id: number): Promise<number> {
  const { rows } = await sql<{ resends: number | null }>`
    SELECT schsch_id AS resends FROM CT_Scheduler_Alertas WHERE sch_id = ${id} AND schsch_id < sch_id`.execute(
    db,
  );
  const resends = rows[0]?.resends ?? null;
  return resends === null ? id : await firstOf(db, resends);
}

interface ResentRecord {
  sch_id: number;
  sch_Estado: string | null;
  occurrence: string | null;
  isOpen: number;
  sch_Preparada: Date | null;
}

function resentOf(record: ResentRecord): ResentSince {
  return {
    id: record.sch_id,
    state: record.sch_Estado ?? '',
    occurrence: record.occurrence && occurrenceFrom(record.occurrence),
    isOpen: record.isOpen === 1,
    isPrepared: record.sch_Preparada !== null,
  };
}
