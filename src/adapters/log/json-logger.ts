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

/** Messages from the outer error to its innermost cause; of what a person can mend the code, else the outer one's stack. */
function describe(cause: unknown): { code?: string; message: string; stack?: string } {
  const message = messagesOf(cause);
  if (cause instanceof ExpectedError) return { code: cause.code, message };
  const { stack } = cause instanceof Error ? cause : {};
  return { message, ...(stack === undefined ? {} : { stack }) };
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
