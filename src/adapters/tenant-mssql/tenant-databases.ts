import type { LookupRecipients } from '../../dispatch/prepare/lookup-recipients.ts';
import type { RunQuery } from '../../dispatch/prepare/run-query.ts';
import { lookupRecipients } from './lookup-recipients.ts';
import type { OwnLookups } from './lookup-statements.ts';
import { runQuery } from './run-query.ts';
import { tenantSessions, type TenantSessionOptions } from './tenant-sessions.ts';

export interface TenantDatabaseOptions extends TenantSessionOptions {
  /** Most rows of a query. */
  maxRows: number;
  /** Without it the ERP has the usual tables. */
  lookups?: OwnLookups;
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
    lookupRecipients: lookupRecipients(inSession, options.lookups ?? { person: null, profile: null }),
    runQuery: runQuery(inTransaction, options),
    close,
  };
}
