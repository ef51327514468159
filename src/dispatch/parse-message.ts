import { z } from 'zod';
import { jsonOf } from '../core/json-of.ts';

const largestId = 2 ** 31 - 1;
const schema = z.object({ executionId: z.int().min(1).max(largestId) });

export type ParsedMessage = { kind: 'ours'; executionId: number } | { kind: 'foreign'; body: string };

/**
 * A queue body as the host hands it over: JSON already parsed, else text. Base64 of JSON is ours too, because older
 * clients and tools write it. `body` of a foreign one is its whole text: cut before its secrets are struck out, it would
 * keep a part of one that stands at the cut.
 */
export function parseMessage(message: unknown): ParsedMessage {
  for (const reading of readingsOf(message)) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return { kind: 'ours', executionId: parsed.data.executionId };
  }
  return { kind: 'foreign', body: textOf(message) };
}

function* readingsOf(message: unknown): Generator {
  yield message;
  if (typeof message !== 'string') return;
  yield jsonOf(message);
  yield jsonOf(Buffer.from(message, 'base64').toString('utf8'));
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
}
