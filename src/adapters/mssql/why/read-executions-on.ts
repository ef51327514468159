import { sql, type Kysely, type RawBuilder } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { KnownExecution } from '../../../manage/why/facts.ts';
import type { WhyPorts } from '../../../manage/why/gather-facts.ts';
import { numbered } from '../numbered.ts';
import type { ControlSchema } from '../schema.ts';
import { instantFrom, occurrenceColumn, occurrenceFrom, sqlOccurrence } from '../sql-time.ts';
import { sqlVarchar } from '../sql-varchar.ts';
import { readLostDeliveries } from './read-lost-deliveries.ts';

interface Record {
  sch_id: number;
  sch_Origen: string | null;
  occurrence: string | null;
  schsch_id: number | null;
  sch_Estado: string | null;
  sch_Motivo: string | null;
  sch_DetalleError: string | null;
  sch_Preparada: Date | null;
  sch_Duenio: string | null;
  sch_LeaseHasta: Date | null;
  sch_Revisar: Date | null;
}

const most = 1_000;
/** A resend of a resend of a resend is as far as anybody goes. */
const mostLevels = 5;

export function readExecutionsOn(db: Kysely<ControlSchema>): WhyPorts['readExecutionsOn'] {
  return async (alert, { date, from, to }) => {
    const day = sql`CAST(${date.toString()} AS DATE)`;
    // The index is by day; an occurrence and its day are one apart at most.
    const records = await select(
      db,
      sql`s.schcfg_Cod = ${sqlVarchar(alert)} AND s.sch_Fecha >= DATEADD(DAY, -1, ${day}) AND s.sch_Fecha < DATEADD(DAY, 2, ${day})
        AND (s.sch_Fecha >= ${day} AND s.sch_Fecha < DATEADD(DAY, 1, ${day})
          OR s.sch_Ocurrencia >= ${inUtc(from)} AND s.sch_Ocurrencia < ${inUtc(to)})`,
    );
    const known = new Map(records.map((record) => [record.sch_id, record]));
    let latest: readonly Record[] = records;
    for (let level = 0; level < mostLevels && latest.length > 0; level++) {
      const again = await select(db, sql`s.schsch_id IN ${numbered(latest.map(({ sch_id }) => sch_id))}`);
      latest = again.filter(({ sch_id }) => !known.has(sch_id));
      for (const record of latest) known.set(record.sch_id, record);
    }
    const tallies = await talliesOf(db, [...known.keys()]);
    const lost = await readLostDeliveries(
      db,
      [...tallies].filter(([, tally]) => (tally['FALLIDO'] ?? 0) > 0).map(([id]) => id),
    );
    return [...known.values()]
      .toSorted((a, b) => b.sch_id - a.sch_id)
      .map((record) => ({
        ...executionOf(record, tallies.get(record.sch_id) ?? {}),
        lost: lost.get(record.sch_id) ?? [],
      }));
  };
}

async function select(db: Kysely<ControlSchema>, condition: RawBuilder<unknown>): Promise<readonly Record[]> {
  const { rows } = await sql<Record>`
    SELECT TOP (${most}) s.sch_id, s.sch_Origen, ${occurrenceColumn('s.sch_Ocurrencia')} AS occurrence, s.schsch_id,
      s.sch_Estado, s.sch_Motivo, s.sch_DetalleError, s.sch_Preparada, s.sch_Duenio, s.sch_LeaseHasta, s.sch_Revisar
    FROM CT_Scheduler_Alertas s
    WHERE ${condition}
    ORDER BY s.sch_id DESC`.execute(db);
  return rows;
}

async function talliesOf(db: Kysely<ControlSchema>, ids: readonly number[]) {
  const tallies = new Map<number, { [state: string]: number }>();
  if (ids.length === 0) return tallies;
  const { rows } = await sql<{ id: number; state: string | null; count: number }>`
    SELECT msgsch_id AS id, msg_Estado AS state, COUNT(*) AS count
    FROM CT_Alertas_Mensajes
    WHERE msgsch_id IN ${numbered(ids)}
    GROUP BY msgsch_id, msg_Estado`.execute(db);
  for (const { id, state, count } of rows) tallies.set(id, { ...tallies.get(id), [state ?? '']: count });
  return tallies;
}

function inUtc(at: Temporal.Instant): RawBuilder<never> {
  return sqlOccurrence(at.toZonedDateTimeISO('UTC'));
}

/** A lease without an owner is a wait. */
function executionOf(record: Record, tally: KnownExecution['tally']): Omit<KnownExecution, 'lost'> {
  const lease = record.sch_LeaseHasta && instantFrom(record.sch_LeaseHasta);
  const occurrence = record.occurrence === null ? null : occurrenceFrom(record.occurrence);
  return {
    id: record.sch_id,
    origin: record.sch_Origen,
    at: occurrence === null ? null : Temporal.Instant.from(occurrence),
    occurrence,
    resends: record.schsch_id,
    state: record.sch_Estado,
    reason: record.sch_Motivo,
    detail: record.sch_DetalleError,
    prepared: record.sch_Preparada !== null,
    preparedAt: record.sch_Preparada && instantFrom(record.sch_Preparada),
    heldUntil: record.sch_Duenio === null ? null : lease,
    waitsUntil: record.sch_Duenio === null ? lease : null,
    reviewAt: record.sch_Revisar && instantFrom(record.sch_Revisar),
    tally,
  };
}
