/** What a person can meet outside of executions. docs/errors.md has a line for each, and a test proves it complete. */
export const errorCodes = {
  config_invalid: 'Environment variables are missing or malformed.',
  server_too_old: 'The control database is on a server older than SQL Server 2016.',
  compatibility_too_low: 'The compatibility level of the control database is below 130.',
  table_without_key: 'A table of the control database exists without its key column.',
  migration_running: 'Another migration of the same database did not end in time.',
  schema_missing: 'The control database has not been migrated.',
  control_database_refused: 'The control database refuses the login of the app.',
  identity_refused: 'Azure does not let the app sign in with its identity.',
  storage_refused: 'The storage account of the queue refuses the app.',
  storage_unknown: 'The storage account of the queue is not found by its name.',
  queue_missing: 'The storage account has no queue of alerts.',
  record_on_live_database: 'DELIVERY_MODE=record was started on a database that another system works on.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A fault that a person can mend. Its message says what to do; its stack would tell nothing more, and is left out. */
export class ExpectedError extends Error {
  override readonly name: string;
  /** The host and the command line print the message alone and end with code 1. */
  readonly expected = true;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = code;
    this.stack = `${code}: ${message}`;
  }
}
