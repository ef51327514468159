import type { Clock } from '../../core/clock.ts';
import { ExpectedError } from '../../core/expected-error.ts';
import type { LogFields, Logger } from '../../core/logger.ts';

/** One JSON object per line. Names of persons stay out of it. */
export function jsonLogger(clock: Clock, write: (line: string) => void): Logger {
  const line = (level: string, event: string, fields: LogFields = {}, cause?: unknown) => {
    const { personName: _, ...rest } = fields;
    const error = cause === undefined ? {} : { error: describe(cause) };
    write(`${JSON.stringify({ time: clock.now().toString(), level, event, ...rest, ...error })}\n`);
  };
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, fields, cause) => line('error', event, fields, cause),
  };
}

/** Messages from the outer error to its innermost cause, and the stack of the outer one unless a person is to mend it. */
function describe(cause: unknown): { message: string; stack?: string } {
  const { stack } = cause instanceof Error && !(cause instanceof ExpectedError) ? cause : {};
  return { message: messagesOf(cause), ...(stack === undefined ? {} : { stack }) };
}

export function messagesOf(cause: unknown): string {
  const messages: string[] = [];
  let current = cause;
  while (current instanceof Error && messages.length < 5) {
    messages.push(current.message);
    current = current.cause;
  }
  return messages.length > 0 ? messages.join(' <- ') : String(cause);
}
