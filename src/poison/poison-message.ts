import { z } from 'zod';
import { bodyText, readingsOf } from '../core/queue-body.ts';
import { nudge } from '../domain/nudge.ts';

/** A nudge, or a message for dispatch that failed five times: the sweep finds its execution. */
const ours = z.union([
  z.object({ nudge: z.literal(nudge.nudge) }),
  z.object({ executionId: z.int().positive() }),
]);

export type PoisonMessage = { kind: 'ours' } | { kind: 'foreign'; body: string };

/** A body of the poison queue, as the host hands it over. */
export function readPoisonMessage(message: unknown): PoisonMessage {
  if (readingsOf(message).some((reading) => ours.safeParse(reading).success)) return { kind: 'ours' };
  return { kind: 'foreign', body: bodyText(message) };
}
