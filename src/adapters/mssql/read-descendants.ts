import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';
import { occurrenceColumn, occurrenceFrom } from './sql-time.ts';

/** An execution that sends another one again. */
export interface Descendant {
  id: number;
  state: string;
  occurrence: string | null;
  isOpen: boolean;
  isPrepared: boolean;
}

/** Those that send an execution again, and those that send these again, in the order of their ids. */
export async function readDescendants(db: Kysely<ControlSchema>, id: number): Promise<Descendant[]> {
  const found: Descendant[] = [];
  let parents = [id];
  while (parents.length > 0) {
    const { rows } = await sql<DescendantRecord>`
      SELECT sch_id, sch_Estado, ${occurrenceColumn('sch_Ocurrencia')} AS occurrence,
        CASE WHEN ${isUnfinished} THEN 1 ELSE 0 END AS isOpen, sch_Preparada
      FROM CT_Scheduler_Alertas
      WHERE schsch_id IN (SELECT id FROM OPENJSON(${JSON.stringify(parents)}) WITH (id INT '$'))`.execute(db);
    found.push(...rows.map(descendantOf));
    parents = rows.map(({ sch_id }) => sch_id);
  }
  return found.sort((a, b) => a.id - b.id);
}

interface DescendantRecord {
  sch_id: number;
  sch_Estado: string | null;
  occurrence: string | null;
  isOpen: number;
  sch_Preparada: Date | null;
}

function descendantOf(record: DescendantRecord): Descendant {
  return {
    id: record.sch_id,
    state: record.sch_Estado ?? '',
    occurrence: record.occurrence && occurrenceFrom(record.occurrence),
    isOpen: record.isOpen === 1,
    isPrepared: record.sch_Preparada !== null,
  };
}
