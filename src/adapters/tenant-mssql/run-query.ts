import { checkReadOnly } from '../../domain/read-only-sql.ts';
import type { RunQuery } from '../../dispatch/prepare/run-query.ts';
import { boundParameters } from './bind-parameters.ts';
import { queryRowsOf } from './cells.ts';
import { readRows } from './read-rows.ts';
import type { InTenantSession } from './tenant-sessions.ts';

/** `maxRows`: the rest of an answer is left on the server. */
export function runQuery(inTransaction: InTenantSession, { maxRows }: { maxRows: number }): RunQuery {
  return async (tenant, { sql, parameters, timeoutSeconds }, builtin, signal) => {
    const check = checkReadOnly(sql);
    if (check.kind === 'refused')
      return { kind: 'final', reason: 'consulta_rechazada', detail: check.detail };
    const bound = boundParameters(builtin, parameters);
    const limits = { timeoutMs: timeoutSeconds * 1000, rows: maxRows };
    return inTransaction(tenant, signal, async ({ connection }) =>
      queryRowsOf(await readRows(connection, sql, bound, limits, signal), tenant.zone),
    );
  };
}
