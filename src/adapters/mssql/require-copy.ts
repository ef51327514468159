import { sql, type Kysely } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import { ExpectedError } from '../../core/expected-error.ts';
import type { ControlSchema } from './schema.ts';

/**
 * Refuses a control database that another system works on: one where rows without sch_Origen appeared in the two days
 * before `today`. On such a one DELIVERY_MODE=record would claim alerts and deliver none.
 */
export async function requireCopy(db: Kysely<ControlSchema>, today: Temporal.PlainDate): Promise<void> {
  const since = today.subtract({ days: 2 }).toString();
  const { rows } = await sql`
    SELECT TOP (1) sch_id FROM CT_Scheduler_Alertas
    WHERE sch_Origen IS NULL AND sch_Fecha >= CAST(${since} AS DATE)`.execute(db);
  if (rows.length === 0) return;
  throw new ExpectedError(
    'record_on_live_database',
    'DELIVERY_MODE is record, but another system has written executions to this control database in the last two ' +
      'days. Point CONTROL_DATABASE at a copy, or take DELIVERY_MODE away.',
  );
}
