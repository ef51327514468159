import type { LookupRecipients } from '../../dispatch/prepare/lookup-recipients.ts';
import type { RunQuery } from '../../dispatch/prepare/run-query.ts';
import { lookupRecipients } from './lookup-recipients.ts';
import { runQuery } from './run-query.ts';
import { tenantSessions, type TenantSessionOptions } from './tenant-sessions.ts';

export interface TenantDatabaseOptions extends TenantSessionOptions {
  /** Most rows of a query. */
  maxRows: number;
}

export interface TenantDatabases {
  lookupRecipients: LookupRecipients;
  runQuery: RunQuery;
  close: () => Promise<void>;
}

/** All that is asked of tenants' ERP databases. */
export function tenantDatabases(options: TenantDatabaseOptions): TenantDatabases {
  const { inTransaction, inSession, close } = tenantSessions(options);
  return {
    lookupRecipients: lookupRecipients(inSession),
    runQuery: runQuery(inTransaction, options),
    close,
  };
}
