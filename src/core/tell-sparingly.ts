import type { Temporal } from 'temporal-polyfill';
import type { Clock } from './clock.ts';

const apart = { minutes: 1 };

/**
 * For what may happen at any rate: of each kind one line a minute. Gives how many of the kind were left out since its last
 * line, or null where this one is left out as well. Kinds are kept for good: they must be few.
 */
export function tellSparingly(clock: Clock): (kind: string) => number | null {
  const told = new Map<string, { quietUntil: Temporal.Instant; leftOut: number }>();
  return (kind) => {
    const now = clock.now();
    const last = told.get(kind);
    if (last !== undefined && now.epochMilliseconds < last.quietUntil.epochMilliseconds) {
      last.leftOut += 1;
      return null;
    }
    told.set(kind, { quietUntil: now.add(apart), leftOut: 0 });
    return last?.leftOut ?? 0;
  };
}
