import { sql, type Kysely, type Transaction } from 'kysely';
import type { Temporal } from 'temporal-polyfill';
import type { Fault } from '../../domain/fault.ts';
import { reviewOfClaimed } from '../../domain/review-time.ts';
import type { AgendaChange, StoreAgenda, StoredChanges } from '../../scan/refresh-agenda.ts';
import { freeMissedKeys, settleExecutions } from './settle-executions.ts';
import { insertExecutions } from './insert-executions.ts';
import { insertFaults } from './insert-faults.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { instantText, occurrenceText } from './sql-time.ts';

type Restart = Extract<AgendaChange, { kind: 'restart' }>;

/**
 * Only what still stands as it was read is changed; keys are given up before new occurrences ask for them. Alerts are
 * told by the codes that were given: the same code can stand in another case in the agenda.
 */
export function storeAgenda(db: Kysely<ControlSchema>, leaseSeconds: number): StoreAgenda {
  return (changes, settlements, { now, readUpTo }) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        if (!(await isReadUpTo(trx, readUpTo))) return nothingStored;
        const stored = new Set([
          ...(await updateRows(trx, changes, now)),
          ...(await insertRows(trx, changes, now)),
          ...(await deleteRows(trx, changes)),
        ]);
        const restarts = changes
          .filter((change) => change.kind === 'restart')
          .filter(({ alert }) => stored.has(alert));
        const reviewAt = reviewOfClaimed(now, leaseSeconds);
        const settled = await settleExecutions(
          trx,
          settlements.filter(({ execution }) => stored.has(execution.alert)),
          reviewAt,
        );
        await freeMissedKeys(
          trx,
          restarts.filter(({ edited }) => edited),
        );
        const missed = await insertExecutions(
          trx,
          restarts.flatMap(({ missed: late }) => late),
          { now, reviewAt },
        );
        await insertFaults(
          trx,
          restarts.flatMap((restart) => problemFault(restart, now)),
        );
        return { stored, missed, ...settled };
      }),
    );
}

const nothingStored: StoredChanges = { stored: new Set(), missed: [], moved: [], cancelled: [] };

async function isReadUpTo(trx: Transaction<ControlSchema>, version: bigint | null): Promise<boolean> {
  const { rows } = await sql`
    SELECT est_id FROM CT_Scheduler_Estado
    WHERE est_id = 1 AND COALESCE(est_Version, -1) = CAST(${(version ?? -1n).toString()} AS BIGINT)`.execute(
    trx,
  );
  return rows.length > 0;
}

async function updateRows(
  trx: Transaction<ControlSchema>,
  changes: readonly AgendaChange[],
  now: Temporal.Instant,
): Promise<readonly string[]> {
  const rows = changes.flatMap((change) =>
    change.kind === 'restart' && change.was !== null
      ? [{ ...rowOf(change, now), ...standing(change.alert, change.was) }]
      : [],
  );
  if (rows.length === 0) return [];
  const { rows: updated } = await sql<{ alert: string }>`
    UPDATE a SET age_Huella = j.huella, age_Proxima = j.proxima, age_Problema = j.problema,
      age_ProblemaDesde = CASE WHEN j.problemaNuevo = 1 THEN j.avisado ELSE a.age_ProblemaDesde END,
      age_Avisado = CASE WHEN j.problemaNuevo = 1 THEN j.avisado ELSE a.age_Avisado END
    OUTPUT j.alert
    FROM CT_Scheduler_Agenda a
    JOIN OPENJSON(${JSON.stringify(rows)}) WITH (
      alert VARCHAR(6), huella VARCHAR(64), proxima DATETIMEOFFSET(0), problema NVARCHAR(1000),
      problemaNuevo BIT, avisado DATETIME2(3), huellaLeida VARCHAR(64), proximaLeida DATETIMEOFFSET(0)
    ) j ON j.alert = a.agecfg_Cod
    WHERE a.age_Huella = j.huellaLeida
      AND (a.age_Proxima = j.proximaLeida OR (a.age_Proxima IS NULL AND j.proximaLeida IS NULL))`.execute(
    trx,
  );
  return rowsOf(updated);
}

async function insertRows(
  trx: Transaction<ControlSchema>,
  changes: readonly AgendaChange[],
  now: Temporal.Instant,
): Promise<readonly string[]> {
  const rows = changes.flatMap((change) =>
    change.kind === 'restart' && change.was === null ? [rowOf(change, now)] : [],
  );
  if (rows.length === 0) return [];
  const { rows: inserted } = await sql<{ alert: string }>`
    INSERT INTO CT_Scheduler_Agenda
      (agecfg_Cod, age_Huella, age_Proxima, age_Problema, age_ProblemaDesde, age_Avisado)
    OUTPUT inserted.agecfg_Cod AS alert
    SELECT j.alert, j.huella, j.proxima, j.problema, j.avisado, j.avisado
    FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      alert VARCHAR(6), huella VARCHAR(64), proxima DATETIMEOFFSET(0), problema NVARCHAR(1000), avisado DATETIME2(3)
    ) j
    WHERE NOT EXISTS (SELECT 1 FROM CT_Scheduler_Agenda a WHERE a.agecfg_Cod = j.alert)`.execute(trx);
  return rowsOf(inserted);
}

async function deleteRows(
  trx: Transaction<ControlSchema>,
  changes: readonly AgendaChange[],
): Promise<readonly string[]> {
  const rows = changes.flatMap((change) =>
    change.kind === 'forget' ? [standing(change.alert, change.was)] : [],
  );
  if (rows.length === 0) return [];
  const { rows: deleted } = await sql<{ alert: string }>`
    DELETE a
    OUTPUT j.alert
    FROM CT_Scheduler_Agenda a
    JOIN OPENJSON(${JSON.stringify(rows)}) WITH (alert VARCHAR(6), huellaLeida VARCHAR(64)) j
      ON j.alert = a.agecfg_Cod
    WHERE a.age_Huella = j.huellaLeida`.execute(trx);
  return rowsOf(deleted);
}

function rowOf(restart: Restart, now: Temporal.Instant) {
  return {
    alert: restart.alert,
    huella: restart.fingerprint,
    proxima: restart.pointer && occurrenceText(restart.pointer),
    problema: restart.problem,
    problemaNuevo: restart.problemIsNew ? 1 : 0,
    avisado: restart.problem === null ? null : instantText(now),
  };
}

function standing(alert: string, was: { fingerprint: string; pointer: Temporal.ZonedDateTime | null }) {
  return { alert, huellaLeida: was.fingerprint, proximaLeida: was.pointer && occurrenceText(was.pointer) };
}

function problemFault(restart: Restart, now: Temporal.Instant): Fault[] {
  const { alert, tenant, problem, problemIsNew } = restart;
  if (problem === null || !problemIsNew) return [];
  const whose = tenant === null ? {} : { tenant };
  return [{ reason: 'configuracion_invalida', detail: problem, at: now, alert, ...whose }];
}

function rowsOf(rows: readonly { alert: string }[]): string[] {
  return rows.map(({ alert }) => alert);
}
