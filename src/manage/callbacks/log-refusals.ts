import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { tellSparingly } from '../../core/tell-sparingly.ts';
import type { Problem } from '../problem.ts';

/** Anyone can call: of what is refused within a minute one line is written, and the next one says how many there were. */
export function logRefusals({ clock, log }: { clock: Clock; log: Logger }): (problem: Problem) => void {
  const leftOut = tellSparingly(clock);
  return ({ code, message }) => {
    const before = leftOut('refused');
    if (before !== null) log.warn('callbacks.refused', { code, detail: message, refused: before + 1 });
  };
}
