import { ExpectedError, type ErrorCode } from '../../core/expected-error.ts';
import type { DatabaseFault } from '../../manage/manage-api.ts';
import { isPassing } from './sql-fault-kind.ts';

/** What a person can mend so that the control database will do. */
const ofDatabase = new Set<ErrorCode>([
  'server_too_old',
  'compatibility_too_low',
  'table_without_key',
  'schema_missing',
  'control_database_refused',
  'identity_refused',
  'record_on_live_database',
]);

/** Whether a request failed because the control database is away, busy or not fit to be used, and what to do then. */
export const databaseFault: DatabaseFault = (fault) => {
  if (fault instanceof ExpectedError)
    return ofDatabase.has(fault.code) ? { kind: 'unfit', advice: fault.message } : null;
  return isPassing(fault) ? { kind: 'away' } : null;
};
