import { sql, type Kysely } from 'kysely';
import type { ReadScanState, StoreReadUpTo } from '../../scan/refresh-agenda.ts';
import type { ControlSchema } from './schema.ts';
import { instantFrom } from './sql-time.ts';

interface StateRecord {
  lastScan: Date | null;
  readUpTo: string | null;
  settings: string | null;
  endedUpTo: string;
  writtenUpTo: string;
}

/** BIGINT comes as text. */
export function readScanState(db: Kysely<ControlSchema>): ReadScanState {
  return async () => {
    const { rows } = await sql<StateRecord>`
      SELECT est_UltimoCiclo AS lastScan, est_Version AS readUpTo, est_HuellaAjustes AS settings,
        CONVERT(BIGINT, MIN_ACTIVE_ROWVERSION()) - 1 AS endedUpTo, CONVERT(BIGINT, @@DBTS) AS writtenUpTo
      FROM CT_Scheduler_Estado
      WHERE est_id = 1`.execute(db);
    const state = rows[0];
    if (!state) throw new Error('CT_Scheduler_Estado has no row with est_id 1: run npm run migrate');
    return {
      lastScan: state.lastScan && instantFrom(state.lastScan),
      readUpTo: state.readUpTo === null ? null : BigInt(state.readUpTo),
      settings: state.settings,
      endedUpTo: BigInt(state.endedUpTo),
      writtenUpTo: BigInt(state.writtenUpTo),
    };
  };
}

export function storeReadUpTo(db: Kysely<ControlSchema>): StoreReadUpTo {
  return async (version, settings) => {
    await sql`
      UPDATE CT_Scheduler_Estado
      SET est_Version = CAST(${version.toString()} AS BIGINT), est_HuellaAjustes = ${settings}
      WHERE est_id = 1`.execute(db);
  };
}
