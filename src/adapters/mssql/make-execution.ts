import { sql, type Kysely } from 'kysely';
import type { MakeExecution } from '../../manage/routes/run-alert.ts';
import type { ReadChannel } from '../../manage/routes/test-alert.ts';
import { auditEntry } from './audit-entry.ts';
import { earlierWithKey, insertByHand, type ByHand } from './insert-by-hand.ts';
import { executionUnderWay, lockAlert, obstacleOf } from './lock-alert.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { ControlSchema } from './schema.ts';
import { sqlVarchar } from './sql-varchar.ts';

/** The row of the alert is the first lock, the unique key the second. */
export function makeExecution(
  db: Kysely<ControlSchema>,
  { timeZone, leaseSeconds }: { timeZone: string; leaseSeconds: number },
): MakeExecution {
  return ({ alert: code, key, request }, act) =>
    retryConflicts(() =>
      db.transaction().execute(async (trx) => {
        const alert = await lockAlert(trx, code, timeZone);
        if (alert === null) return { kind: 'unknown' };
        const isTrial = request.destination !== undefined;
        const asked: ByHand = {
          origin: isTrial ? 'PRUEBA' : 'MANUAL',
          key,
          resends: null,
          request: { ...request, by: act.who },
        };
        const earlier = await earlierWithKey(trx, alert.code, asked);
        if (earlier !== null) return earlier;
        const obstacle = isTrial
          ? null
          : ((await obstacleOf(trx, alert, act.at)) ?? (await executionUnderWay(trx, alert.code)));
        if (obstacle !== null) return obstacle;
        const { execution, toEnqueue } = await insertByHand(trx, alert, asked, {
          now: act.at,
          leaseSeconds,
        });
        const detail = { execution: execution.id, ...act.detail };
        await auditEntry({ ...act, on: `alert ${alert.code}`, detail }).execute(trx);
        return { kind: 'made', execution, toEnqueue };
      }),
    );
}

/** emp_Pais decides how phone numbers without a country code are read. */
export function readChannel(db: Kysely<ControlSchema>, country: string): ReadChannel {
  return async (code) => {
    const { rows } = await sql<{ cfgcan_Cod: string | null; emp_Pais: string | null }>`
      SELECT c.cfgcan_Cod, e.emp_Pais
      FROM CT_Alertas_Config c LEFT JOIN CT_Empresas e ON e.emp_Cod = c.cfgemp_Cod
      WHERE c.cfg_Cod = ${sqlVarchar(code)}`.execute(db);
    const [record] = rows;
    return record === undefined
      ? null
      : { channel: record.cfgcan_Cod, country: record.emp_Pais?.trim() || country };
  };
}
