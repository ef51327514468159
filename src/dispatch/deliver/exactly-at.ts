import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { othersTurn } from '../../core/others-turn.ts';

/** Timers come up to so much late. */
const lateness = { milliseconds: 1 };

/** Resolves at the instant, to the millisecond, which costs the processor one: for what people wait for, not for upkeep. */
export async function exactlyAt(clock: Clock, instant: Temporal.Instant): Promise<void> {
  await clock.waitUntil(instant.subtract(lateness));
  while (clock.now().epochMilliseconds < instant.epochMilliseconds) await othersTurn();
}
