import { Temporal } from 'temporal-polyfill';
import type { MovedClock } from '../../support/moved-clock.ts';

export interface NightHostOptions {
  clock: MovedClock;
  dispatch: (message: { executionId: number }) => Promise<unknown>;
  /** Messages at work at once: batchSize + newBatchThreshold of host.json. */
  slots: number;
  /** Called after each dispatch. */
  onEnd: () => void;
}

/** The functions host with its queue: what is visible by the moved clock is handed over in the order of its coming. */
export function nightHost({ clock, dispatch, slots, onEnd }: NightHostOptions) {
  const queue: { executionId: number; visibleAt: Temporal.Instant }[] = [];
  const openings = new Map<number, number>();
  const failures: unknown[] = [];
  let running = 0;
  let stopped = false;

  const take = () => {
    if (running >= slots || stopped) return undefined;
    const index = queue.findIndex(({ visibleAt }) => Temporal.Instant.compare(visibleAt, clock.now()) <= 0);
    return index === -1 ? undefined : queue.splice(index, 1)[0];
  };
  /** Hands over what has become visible. */
  const pump = () => {
    for (let message = take(); message !== undefined; message = take()) {
      const { executionId } = message;
      openings.set(executionId, (openings.get(executionId) ?? 0) + 1);
      running += 1;
      void dispatch({ executionId })
        .catch((fault: unknown) => failures.push(fault))
        .finally(() => {
          running -= 1;
          pump();
          onEnd();
        });
    }
  };
  return {
    add: (executionId: number, visibleAt: Temporal.Instant) => void queue.push({ executionId, visibleAt }),
    pump,
    running: () => running,
    openings: (executionId: number) => openings.get(executionId) ?? 0,
    /** Nothing more is handed over. */
    stop: () => (stopped = true),
    failures,
  };
}
