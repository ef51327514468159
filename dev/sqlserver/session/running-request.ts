import type { RequestEvent } from '../contract.ts';

const EVENTS_AHEAD = 2_000;

/**
 * A request while it runs: carries what the running statement tells to the client that reads. The statement does not wait
 * for the reader, unless it is far ahead; a chain of generators instead would cost every row a step in each of them.
 */
export class RunningRequest {
  isCancelled = false;
  #events: RequestEvent[] = [];
  #isOver = false;
  #isLeft = false;
  #wakeReader = (): void => undefined;
  #wakeTeller = (): void => undefined;

  tell(event: RequestEvent): void {
    if (this.#isLeft) return;
    this.#events.push(event);
    this.#wakeReader();
  }

  /** Holds the statement back while the client has much to read. */
  async room(): Promise<void> {
    while (this.#events.length > EVENTS_AHEAD && !this.#isLeft)
      await new Promise<void>((resolve) => (this.#wakeTeller = resolve));
  }

  /** Runs the request and gives what it tells; throws what the work throws. */
  async *run(work: () => Promise<void>): AsyncGenerator<RequestEvent> {
    const end = work().finally(() => {
      this.#isOver = true;
      this.#wakeReader();
    });
    // Awaited below, once the reader has come to the end of what was told.
    end.catch(() => undefined);
    try {
      while (!this.#isOver || this.#events.length > 0) {
        const events = this.#events;
        this.#events = [];
        this.#wakeTeller();
        for (const event of events) yield event;
        if (!this.#isOver && this.#events.length === 0)
          await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      this.#isLeft = true;
      this.#wakeTeller();
      await end;
    }
  }
}
