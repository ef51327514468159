import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Problem } from '../problem.ts';

const apart = { minutes: 1 };

/** Anyone can call: of what is refused within a minute one line is written, and the next one says how many there were. */
export function logRefusals({ clock, log }: { clock: Clock; log: Logger }): (problem: Problem) => void {
  let quietUntil: Temporal.Instant | undefined;
  let refused = 0;
  return ({ code, message }) => {
    const now = clock.now();
    refused += 1;
    if (quietUntil !== undefined && now.epochMilliseconds < quietUntil.epochMilliseconds) return;
    log.warn('callbacks.refused', { code, detail: message, refused });
    quietUntil = now.add(apart);
    refused = 0;
  };
}
