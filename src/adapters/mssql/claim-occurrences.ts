import { sql, type Kysely, type Transaction } from 'kysely';
import { reviewOfClaimed } from '../../domain/review-time.ts';
import type { Claimable, ClaimOccurrences } from '../../scan/claim-occurrences.ts';
import { insertExecutions } from './insert-executions.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { occurrenceText } from './sql-time.ts';

/** The pointer is the first lock, the unique key the second: whoever loses the first inserts nothing. */
export function claimOccurrences(db: Kysely<ControlSchema>, leaseSeconds: number): ClaimOccurrences {
  return (batch, now) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        const won = new Set([...(await movePointers(trx, batch)), ...(await dropDeleted(trx, batch))]);
        const executions = batch
          .filter(({ candidate }) => won.has(candidate.alert))
          .flatMap((decision) => decision.executions);
        return insertExecutions(trx, executions, { now, reviewAt: reviewOfClaimed(now, leaseSeconds) });
      }),
    );
}

async function movePointers(
  trx: Transaction<ControlSchema>,
  batch: readonly Claimable[],
): Promise<readonly string[]> {
  const moves = batch.flatMap((decision) =>
    decision.kind === 'decided'
      ? [{ ...standing(decision), next: decision.next && occurrenceText(decision.next.at) }]
      : [],
  );
  if (moves.length === 0) return [];
  const { rows } = await sql<{ alert: string }>`
    UPDATE a SET age_Proxima = j.next
    OUTPUT inserted.agecfg_Cod AS alert
    FROM CT_Scheduler_Agenda a
    JOIN OPENJSON(${JSON.stringify(moves)}) WITH (
      alert VARCHAR(6), pointer DATETIMEOFFSET(0), fingerprint VARCHAR(64), next DATETIMEOFFSET(0)
    ) j ON j.alert = a.agecfg_Cod
    WHERE a.age_Proxima = j.pointer AND a.age_Huella = j.fingerprint`.execute(trx);
  return rows.map(({ alert }) => alert);
}

/**
 * Deletes the agenda rows of deleted alerts. Looks once more, with locks, and does not wait for them (1222): what was read
 * could still be rolled back, and is then left to a later scan.
 */
async function dropDeleted(
  trx: Transaction<ControlSchema>,
  batch: readonly Claimable[],
): Promise<readonly string[]> {
  const gone = batch.filter(({ kind }) => kind === 'forget').map(standing);
  if (gone.length === 0) return [];
  const { rows } = await sql<{ alert: string }>`
    DELETE a
    OUTPUT deleted.agecfg_Cod AS alert
    FROM CT_Scheduler_Agenda a
    JOIN OPENJSON(${JSON.stringify(gone)}) WITH (
      alert VARCHAR(6), pointer DATETIMEOFFSET(0), fingerprint VARCHAR(64)
    ) j ON j.alert = a.agecfg_Cod
    WHERE a.age_Proxima = j.pointer AND a.age_Huella = j.fingerprint
      AND NOT EXISTS (
        SELECT 1 FROM CT_Alertas_Config c WITH (READCOMMITTEDLOCK, NOWAIT) WHERE c.cfg_Cod = a.agecfg_Cod
      )`.execute(trx);
  return rows.map(({ alert }) => alert);
}

function standing({ candidate: { alert, pointer, fingerprint } }: Claimable) {
  return { alert, pointer: occurrenceText(pointer), fingerprint };
}
