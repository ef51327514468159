import { sql, type Kysely, type Transaction } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { CancelExecution } from '../../manage/routes/cancel-execution.ts';
import { auditEntry } from './audit-entry.ts';
import { finish } from './close-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { tallyColumns, tallyOf, type TallyRecord } from './sql-tally.ts';
import { instantFrom, sqlInstant } from './sql-time.ts';
import { lockExecution } from './take-deliveries.ts';

/** No hold of taken deliveries is longer than two leases, or twice the longest time limit of a webhook and five seconds. */
const longestCallSeconds = 65;

/** One transaction that takes the execution's row first, as whoever takes its deliveries does. */
export function cancelExecution(
  db: Kysely<ControlSchema>,
  { timeZone, leaseSeconds }: { timeZone: string; leaseSeconds: number },
): CancelExecution {
  return ({ id, detail }, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        const found = await readLocked(trx, id);
        if (found === null) return { kind: 'unknown' };
        if (found.origin === null) return { kind: 'foreign' };
        if (!found.isOpen) return { kind: 'finished', state: found.state };
        if (found.isPrepared && found.tally.open === 0) return { kind: 'ending' };
        const until = await callsUntil(trx, found, { now: act.at, leaseSeconds });
        if (until !== null) return { kind: 'calling', until };
        const closing = {
          executionId: id,
          state: 'CANCELADA',
          reason: 'cancelada_por_operador',
          detail,
          freesKey: false,
          fault: null,
          attemptedAt: act.at.toZonedDateTimeISO(timeZone).toPlainDateTime(),
        } as const;
        await finish(trx, closing, sql`1 = 1`);
        await auditEntry(act).execute(trx);
        const { accepted, open } = found.tally;
        const state = accepted > 0 ? 'PARCIAL' : 'CANCELADA';
        return {
          kind: 'cancelled',
          cancelled: { id, state, reason: closing.reason, accepted, cancelled: open },
        };
      }),
    );
}

interface Found {
  id: number;
  origin: string | null;
  state: string;
  isOpen: boolean;
  isPrepared: boolean;
  /** sch_Rondas */
  rounds: number;
  instant: Temporal.Instant;
  tally: ReturnType<typeof tallyOf>;
}

async function readLocked(trx: Transaction<ControlSchema>, id: number): Promise<Found | null> {
  const { rows } = await sql<
    TallyRecord & {
      sch_Origen: string | null;
      sch_Estado: string | null;
      sch_Preparada: Date | null;
      sch_Rondas: number;
      sch_Ocurrencia: Date | null;
    }
  >`
    ${lockExecution(id)};
    SELECT s.sch_Origen, s.sch_Estado, s.sch_Preparada, s.sch_Rondas, s.sch_Ocurrencia, t.*
    FROM CT_Scheduler_Alertas s
    CROSS APPLY (SELECT ${tallyColumns} FROM CT_Alertas_Mensajes WHERE msgsch_id = ${id}) t
    WHERE s.sch_id = ${id}`.execute(trx);
  const [record] = rows;
  if (record === undefined) return null;
  const state = record.sch_Estado ?? '';
  return {
    id,
    origin: record.sch_Origen,
    state,
    isOpen: state === 'PENDIENTE' || state === 'EN_PROCESO',
    isPrepared: record.sch_Preparada !== null,
    rounds: record.sch_Rondas,
    instant:
      record.sch_Ocurrencia === null
        ? Temporal.Instant.fromEpochMilliseconds(0)
        : instantFrom(record.sch_Ocurrencia),
    tally: tallyOf(record),
  };
}

/**
 * Until when somebody may be calling the webhook; null = nobody is. Whoever delivers has opened the execution and holds what
 * it takes: for longer than now, and not longer than a hold. What was never taken is due at the instant itself.
 */
async function callsUntil(
  trx: Transaction<ControlSchema>,
  { id, isPrepared, rounds, instant }: Found,
  { now, leaseSeconds }: { now: Temporal.Instant; leaseSeconds: number },
): Promise<Temporal.Instant | null> {
  if (!isPrepared || rounds === 0) return null;
  const longest = now.add({ seconds: 2 * Math.max(leaseSeconds, longestCallSeconds) });
  const { rows } = await sql<{ held: Date | null }>`
    SELECT MAX(msg_ProximoIntento) AS held FROM CT_Alertas_Mensajes
    WHERE msgsch_id = ${id} AND msg_Estado IN ('PENDIENTE', 'REINTENTO')
      AND msg_ProximoIntento > ${sqlInstant(now)} AND msg_ProximoIntento <= ${sqlInstant(longest)}
      AND NOT (msg_Intentos = 0 AND msg_ProximoIntento = ${sqlInstant(instant)})`.execute(trx);
  const held = rows[0]?.held ?? null;
  return held && instantFrom(held);
}
