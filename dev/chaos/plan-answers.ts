import type { Fate } from './plan-companies.ts';
import { randomFrom } from './random.ts';

/** What the receiver does with one request, once it has read all of it. */
export type Answer =
  /** 200, after that many ms. */
  | { kind: 'accept'; after: number }
  /** 410 */
  | { kind: 'refuse' }
  | { kind: 'fail'; status: 500 | 429 }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** Nothing until the caller's patience is over. */
  | { kind: 'silence' }
  /** The host is killed, once the execution's other delivery is on record. */
  | { kind: 'kill' };

/** A delivery that came more often than this has no more trouble. */
const lastTrouble = 3;

/** `arrival` counts the requests for one delivery from 1. The same seed gives the same answers. */
export function planAnswer(seed: number, delivery: string, fate: Fate, arrival: number): Answer {
  if (fate === 'refuses') return { kind: 'refuse' };
  if (fate === 'kills') return { kind: 'kill' };
  const random = randomFrom(seed, 'answer', delivery, arrival);
  const percent = random.between(1, 100);
  if (arrival > lastTrouble || percent > 34) return { kind: 'accept', after: 0 };
  if (percent > 14) return { kind: 'accept', after: random.between(50, 600) };
  if (percent > 7) return { kind: 'fail', status: random.pick([500, 429]) };
  return { kind: percent > 3 ? 'reset' : 'silence' };
}
