import { sql, type Kysely, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { CancelExecution } from '../../manage/routes/cancel-execution.ts';
import { auditEntry } from './audit-entry.ts';
import { finish } from './close-execution.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { isOpen, tallyColumns, tallyOf, type TallyRecord } from './sql-tally.ts';
import { instantFrom, sqlInstant } from './sql-time.ts';
import { lockExecution } from './take-deliveries.ts';

/** One transaction that takes the execution's row first, as whoever takes its deliveries does. */
export function cancelExecution(
  db: Kysely<ControlSchema>,
  { timeZone }: { timeZone: string },
): CancelExecution {
  return ({ id, detail }, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        const found = await readLocked(trx, id);
        if (found === null) return { kind: 'unknown' };
        if (found.origin === null) return { kind: 'foreign' };
        if (!found.isOpen) return { kind: 'finished', state: found.state };
        if (found.isPrepared && found.tally.open === 0) return { kind: 'ending' };
        const until = await callsUntil(trx, id, act.at);
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
  tally: ReturnType<typeof tallyOf>;
}

async function readLocked(trx: Transaction<ControlSchema>, id: number): Promise<Found | null> {
  const { rows } = await sql<
    TallyRecord & {
      sch_Origen: string | null;
      sch_Estado: string | null;
      sch_Preparada: Date | null;
    }
  >`
    ${lockExecution(id)};
    SELECT s.sch_Origen, s.sch_Estado, s.sch_Preparada, t.*
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
    tally: tallyOf(record),
  };
}

/** Until when somebody may be calling the webhook, who has taken what is open; null = nobody is. */
async function callsUntil(
  trx: Transaction<ControlSchema>,
  id: number,
  now: Temporal.Instant,
): Promise<Temporal.Instant | null> {
  const { rows } = await sql<{ held: Date | null }>`
    SELECT MAX(msg_TomadaHasta) AS held FROM CT_Alertas_Mensajes
    WHERE msgsch_id = ${id} AND ${isOpen} AND msg_TomadaHasta > ${sqlInstant(now)}`.execute(trx);
  const held = rows[0]?.held ?? null;
  return held && instantFrom(held);
}
