import type { HostClock } from '../../dev/host/host-clock.ts';

/** A host clock that stands still until the test moves it. */
export interface MovedHostClock extends HostClock {
  /** Moves on by `ms`, waking every waiter at its own instant, and lets what they start come to rest. */
  pass(ms: number): Promise<void>;
  /** Lets everything that waits for no time come to rest. */
  settle(): Promise<void>;
}

export function hostClockAt(start: string): MovedHostClock {
  let now = Date.parse(start);
  const waits = new Set<{ until: number; wake: () => void }>();

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
  };
  const nextDue = (until: number) =>
    [...waits].filter((wait) => wait.until <= until).sort((a, b) => a.until - b.until)[0];

  return {
    now: () => now,
    settle,
    wait(ms, signal) {
      if (signal.aborted || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wait = { until: now + ms, wake: () => (waits.delete(wait), resolve()) };
        waits.add(wait);
        signal.addEventListener('abort', wait.wake, { once: true });
      });
    },
    async pass(ms) {
      const until = now + ms;
      await settle();
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        now = Math.max(now, due.until);
        due.wake();
        await settle();
      }
      now = until;
    },
  };
}
