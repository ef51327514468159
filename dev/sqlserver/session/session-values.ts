import type { SqlType, SqlValue } from '../contract.ts';
import type { SessionContext } from './session-context.ts';

const name: SqlType = { name: 'nvarchar', length: 128 };
const int: SqlType = { name: 'int' };
const smallint: SqlType = { name: 'smallint' };
const bit: SqlType = { name: 'bit' };
const identity: SqlType = { name: 'decimal', precision: 38, scale: 0 };

interface SessionValue {
  type: SqlType;
  of(session: SessionContext): SqlValue;
}

/** What a statement can ask of its session; bound as parameters, so that a translation serves every session. */
export const sessionValues = {
  rowCount: { type: int, of: ({ rowCount }) => rowCount },
  tranCount: { type: int, of: ({ transaction }) => transaction.count },
  transactionState: { type: smallint, of: ({ transaction }) => (transaction.count === 0 ? 0 : 1) },
  lastError: { type: int, of: ({ lastError }) => lastError },
  identity: { type: identity, of: ({ lastIdentity }) => lastIdentity },
  scopeIdentity: { type: identity, of: ({ scopeIdentity }) => scopeIdentity },
  processId: { type: smallint, of: ({ sessionId }) => sessionId },
  lockTimeout: { type: int, of: ({ settings }) => settings.lockTimeout },
  login: { type: name, of: ({ identity: login }) => login.name },
  user: { type: name, of: ({ principal }) => principal.user },
  database: { type: name, of: ({ database }) => database.name },
  isServerAdministrator: { type: bit, of: ({ identity: login }) => login.administrator },
  isDatabaseOwner: { type: bit, of: ({ principal }) => principal.isOwner },
} satisfies Record<string, SessionValue>;

export type SessionValueName = keyof typeof sessionValues;
