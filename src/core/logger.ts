/** Values that may stand in a log line. Never a secret, a URL with its query, a message body or a whole phone number. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Events are named `noun.verb` (`alert.claimed`), at flow level. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `cause` is an error whose message and stack are logged as well. */
  error(event: string, fields?: LogFields, cause?: unknown): void;
}
