import type { HostClock } from './host-clock.ts';

/** The life that all invocations of an app share: in Azure the worker process, here what stands for it. */
export interface WorkerLife {
  /**
   * Waits for an invocation. Rejects when the worker dies, or with `tooLong` after `limit` ms (undefined: no limit);
   * the worker then dies of it, with everything else that it is doing.
   */
  guard<Value>(running: Promise<Value>, limit: number | undefined, tooLong: () => Error): Promise<Value>;
  /** Fails every invocation under way. Later ones find a new worker. */
  die(): void;
}

/** Handlers share the host's process, so that a dead worker's go on unheard instead of being torn down. */
export function workerLife(clock: HostClock): WorkerLife {
  let life = new AbortController();
  const die = (): void => {
    const ending = life;
    life = new AbortController();
    ending.abort(new Error('node exited with code 1 (0x1)'));
  };
  return {
    die,
    guard(running, limit, tooLong) {
      return new Promise((resolve, reject) => {
        const ended = new AbortController();
        const death = life.signal;
        const died = (): void => reject(death.reason as Error);
        death.addEventListener('abort', died, { once: true, signal: ended.signal });
        running.then(resolve, reject).finally(() => ended.abort());
        if (limit === undefined) return;
        void clock.wait(limit, ended.signal).then(() => {
          if (ended.signal.aborted) return;
          reject(tooLong());
          die();
        });
      });
    },
  };
}
