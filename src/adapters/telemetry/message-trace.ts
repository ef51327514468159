import { z } from 'zod';
import { readingsOf } from '../../core/queue-body.ts';

const traced = z.object({ traceparent: z.string().max(100) });

/** What a message of our queue says it goes on with; undefined where nothing was traced, or the body is not ours. */
export function traceOfMessage(message: unknown): string | undefined {
  for (const reading of readingsOf(message)) {
    const parsed = traced.safeParse(reading);
    if (parsed.success) return parsed.data.traceparent;
  }
  return undefined;
}
