import { z } from 'zod';
import { jsonOf } from '../core/json-of.ts';
import { nudge } from '../domain/nudge.ts';

/** A nudge, or a message for dispatch that failed five times: the sweep finds its execution. */
const ours = z.union([
  z.object({ nudge: z.literal(nudge.nudge) }),
  z.object({ executionId: z.int().positive() }),
]);

export type PoisonMessage = { kind: 'ours' } | { kind: 'foreign'; body: string };

/**
 * A body as the host hands it over: JSON already parsed, else text, perhaps Base64 of JSON. A foreign one is
 * given whole: cut before its secrets are struck out, it would keep a part of one that stands at the cut.
 */
export function readPoisonMessage(message: unknown): PoisonMessage {
  const readings =
    typeof message === 'string'
      ? [jsonOf(message), jsonOf(Buffer.from(message, 'base64').toString('utf8'))]
      : [message];
  if (readings.some((reading) => ours.safeParse(reading).success)) return { kind: 'ours' };
  const body = typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
  return { kind: 'foreign', body };
}
