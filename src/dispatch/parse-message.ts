import { z } from 'zod';
import { bodyText, readingsOf } from '../core/queue-body.ts';

const largestId = 2 ** 31 - 1;
const schema = z.object({ executionId: z.int().min(1).max(largestId) });

export type ParsedMessage = { kind: 'ours'; executionId: number } | { kind: 'foreign'; body: string };

/** A body of the queue, as the host hands it over. */
export function parseMessage(message: unknown): ParsedMessage {
  for (const reading of readingsOf(message)) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return { kind: 'ours', executionId: parsed.data.executionId };
  }
  return { kind: 'foreign', body: bodyText(message) };
}
