import { sql, type Kysely } from 'kysely';
import type { ControlSchema } from './schema.ts';
import { isUnfinished } from './sql-tally.ts';

/** An execution that sends another one again. */
export interface Descendant {
  id: number;
  isOpen: boolean;
  isPrepared: boolean;
}

/** Those that send an execution again, and those that send these again, in the order of their ids. */
export async function readDescendants(db: Kysely<ControlSchema>, id: number): Promise<Descendant[]> {
  const found: Descendant[] = [];
  let parents = [id];
  while (parents.length > 0) {
    const { rows } = await sql<{ sch_id: number; isOpen: number; sch_Preparada: Date | null }>`
      SELECT sch_id, CASE WHEN ${isUnfinished} THEN 1 ELSE 0 END AS isOpen, sch_Preparada
      FROM CT_Scheduler_Alertas
      WHERE schsch_id IN (SELECT id FROM OPENJSON(${JSON.stringify(parents)}) WITH (id INT '$'))`.execute(db);
    for (const { sch_id, isOpen, sch_Preparada } of rows)
      found.push({ id: sch_id, isOpen: isOpen === 1, isPrepared: sch_Preparada !== null });
    parents = rows.map(({ sch_id }) => sch_id);
  }
  return found.sort((a, b) => a.id - b.id);
}
