import { sql, type Kysely } from 'kysely';
import type { Standing } from '../../scan/explain-decision.ts';
import type { FindStanding } from '../../scan/dry-scan.ts';
import type { NewExecution } from '../../scan/new-execution.ts';
import type { ControlSchema } from './schema.ts';

interface StandingRecord {
  n: number;
  executionId: number;
  state: string | null;
}

/** Of one statement. */
const atOnce = 5_000;

/** By the rule by which insertExecutions leaves out what stands. */
export function findStanding(db: Kysely<ControlSchema>): FindStanding {
  return async (executions) => {
    const found: (Standing | null)[] = executions.map(() => null);
    for (let start = 0; start < executions.length; start += atOnce) {
      const rows = executions.slice(start, start + atOnce).map((each, n) => soughtOf(each, start + n));
      for (const { n, executionId, state } of await standing(db, rows)) found[n] = { executionId, state };
    }
    return found;
  };
}

async function standing(
  db: Kysely<ControlSchema>,
  sought: readonly ReturnType<typeof soughtOf>[],
): Promise<readonly StandingRecord[]> {
  const json = JSON.stringify(sought);
  const { rows } = await sql<StandingRecord>`
    SELECT j.n, s.sch_id AS executionId, s.sch_Estado AS state
    FROM OPENJSON(${json}) WITH (
      n INT, alert VARCHAR(6), viejaFecha DATE, viejaDesde DATETIME, viejaHasta DATETIME
    ) j
    JOIN CT_Scheduler_Alertas s ON s.schcfg_Cod = j.alert AND s.sch_Origen IS NULL
    WHERE CAST(s.sch_Fecha AS DATE) = j.viejaFecha
      OR (s.sch_FechaIntento >= j.viejaDesde AND s.sch_FechaIntento <= j.viejaHasta)
    UNION ALL
    SELECT j.n, s.sch_id, s.sch_Estado
    FROM OPENJSON(${json}) WITH (n INT, alert VARCHAR(6), clave VARCHAR(30)) j
    JOIN CT_Scheduler_Alertas s ON s.schcfg_Cod = j.alert AND s.sch_Clave = j.clave`.execute(db);
  return rows;
}

function soughtOf({ alert, key, older }: NewExecution, n: number) {
  return {
    n,
    alert,
    clave: key,
    viejaFecha: older?.by === 'day' ? older.day.toString() : null,
    viejaDesde: older?.by === 'time' ? older.from.toString({ smallestUnit: 'millisecond' }) : null,
    viejaHasta: older?.by === 'time' ? older.to.toString({ smallestUnit: 'millisecond' }) : null,
  };
}
