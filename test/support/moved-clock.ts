import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../src/core/clock.ts';

/** A clock that stands still until the test moves it; whoever waits for an instant is woken when it is reached. */
export interface MovedClock extends Clock {
  /** An ISO 8601 instant or zoned time. Never backwards. */
  moveTo(time: string): Promise<void>;
  moveBy(duration: Temporal.DurationLike): Promise<void>;
  /** How many wait for a later instant. */
  readonly waiting: number;
  /** The earliest instant that somebody waits for. */
  readonly next: Temporal.Instant | undefined;
}

export function clockAt(start: string): MovedClock {
  let now = Temporal.Instant.from(start);
  const waits = new Set<{ until: Temporal.Instant; wake: () => void }>();

  async function move(to: Temporal.Instant): Promise<void> {
    if (Temporal.Instant.compare(to, now) < 0)
      throw new Error(`The clock stands at ${now.toString()}, after ${to.toString()}.`);
    now = to;
    for (const wait of waits) if (Temporal.Instant.compare(wait.until, now) <= 0) wait.wake();
    await Promise.resolve();
  }

  return {
    now: () => now,
    waitUntil(until, signal) {
      if (Temporal.Instant.compare(until, now) <= 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const wait = { until, wake: () => (waits.delete(wait), resolve()) };
        waits.add(wait);
        signal?.addEventListener('abort', () => (waits.delete(wait), reject(signal.reason as Error)), {
          once: true,
        });
      });
    },
    moveTo: (time) => move(Temporal.Instant.from(time)),
    moveBy: (duration) => move(now.toZonedDateTimeISO('UTC').add(duration).toInstant()),
    get waiting() {
      return waits.size;
    },
    get next() {
      return [...waits].map(({ until }) => until).toSorted((a, b) => Temporal.Instant.compare(a, b))[0];
    },
  };
}
