import type { Kysely } from 'kysely';
import type { ReadLastScan } from '../../manage/check-health.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

export function readLastScan(db: Kysely<ControlSchema>): ReadLastScan {
  return async () => {
    const state = await db.selectFrom('CT_Scheduler_Estado').select('est_UltimoCiclo').executeTakeFirst();
    return state?.est_UltimoCiclo ? instantFrom(state.est_UltimoCiclo) : null;
  };
}
