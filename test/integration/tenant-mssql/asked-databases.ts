import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import {
  tenantDatabases,
  type TenantDatabaseOptions,
} from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import type { ParameterValue } from '../../../src/dispatch/prepare/run-query.ts';
import type { TenantAnswer } from '../../../src/dispatch/prepare/tenant-answer.ts';
import type { Tenant } from '../../../src/domain/tenant.ts';
import type { TestTenant } from '../../support/tenant-database.ts';

export const never = new AbortController().signal;

/** What is asked of tenants' databases, with small pools. */
export function databases(options: Partial<TenantDatabaseOptions> = {}) {
  const writable: string[] = [];
  const made = tenantDatabases({
    getSecret: () => undefined,
    maxConnections: 2,
    acquireTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    breaker: { failures: 3, openMs: 30_000 },
    requireReadOnly: false,
    onLogin: ({ code }, rights) => rights.length > 0 && writable.push(`${code}: ${rights.join(', ')}`),
    maxRows: 1_000,
    ...options,
  });
  const query = (
    tenant: Tenant,
    text: string,
    { parameters = {}, timeoutSeconds = 10, persona = null, signal = never }: QueryChanges = {},
  ) =>
    made.runQuery(
      tenant,
      { sql: text, parameters, timeoutSeconds, omitIfEmpty: false },
      {
        empresa: tenant.code,
        alerta: '000001',
        fecha: '2026-03-02',
        ocurrencia: '2026-03-02T12:49:05',
        persona,
        perfil: 'VENTAS',
      },
      signal,
    );
  return { ...made, query, writable, [Symbol.asyncDispose]: made.close };
}

interface QueryChanges {
  parameters?: Record<string, ParameterValue>;
  timeoutSeconds?: number;
  persona?: string | null;
  signal?: AbortSignal;
}

export function rowsOf<T>(answer: TenantAnswer<{ rows: T }>): T {
  if (answer.kind !== 'answer') throw new Error(`${answer.reason}: ${answer.detail}`);
  return answer.value.rows;
}

/** Holds a row of the ERP, so that the query waits for it, until `release` or the end of the test. */
export async function heldRow(erp: TestTenant) {
  const code = randomBytes(3).toString('hex');
  await erp.run(`INSERT INTO TgeCTPersonas VALUES ('${code}', N'Ana')`);
  const held = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const transaction = erp.database.db.transaction().execute(async (trx) => {
    await sql`UPDATE TgeCTPersonas SET Tper_Nombre = N'Beto' WHERE Tper_Cod = ${code}`.execute(trx);
    held.resolve();
    await end.promise;
  });
  await held.promise;
  return {
    query: `SELECT Tper_Nombre AS nombre FROM TgeCTPersonas WITH (UPDLOCK) WHERE Tper_Cod = '${code}'`,
    release: () => end.resolve(),
    async [Symbol.asyncDispose]() {
      end.resolve();
      await transaction;
    },
  };
}
