import type { SqlType } from '../contract.ts';

const name: SqlType = { name: 'nvarchar', length: 128 };
const int: SqlType = { name: 'int' };

/** What a statement can ask of its session; bound as parameters, so that a translation serves every session. */
export const sessionValueTypes = {
  rowCount: int,
  tranCount: int,
  identity: { name: 'decimal', precision: 38, scale: 0 },
  processId: { name: 'smallint' },
  lockTimeout: int,
  transactionState: { name: 'smallint' },
  login: name,
  user: name,
  database: name,
  host: name,
  application: name,
  isServerAdministrator: { name: 'bit' },
  isDatabaseOwner: { name: 'bit' },
  lastError: int,
  errorNumber: int,
  errorMessage: { name: 'nvarchar', length: 4000 },
  errorSeverity: int,
  errorState: int,
  errorLine: int,
} as const satisfies Record<string, SqlType>;

export type SessionValueName = keyof typeof sessionValueTypes;
