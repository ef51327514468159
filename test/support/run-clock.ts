import { setImmediate, setTimeout } from 'node:timers/promises';
import type { MovedClock } from './moved-clock.ts';

/** Turns of the event loop after which whatever was to be begun has begun. */
const turns = 5;

/** Moves the clock to the next time that somebody waits for, whenever nothing else is under way, until `ends` resolves. */
export async function runClock(
  clock: MovedClock,
  ends: Promise<unknown>,
  { isBusy, moved }: { isBusy: () => boolean; moved: () => void },
): Promise<void> {
  const state = { ended: false };
  void ends.then(() => (state.ended = true));
  for (let idle = 0; !state.ended; idle++) {
    // What is under way is a server's work: no turn of ours brings it forward.
    if (isBusy()) idle = 0;
    await (isBusy() ? setTimeout(1) : setImmediate());
    if (idle < turns || state.ended) continue;
    if (clock.next === undefined) throw new Error('Nothing is under way, and nobody waits for a time.');
    await clock.moveTo(clock.next.toString());
    moved();
    idle = 0;
  }
}
