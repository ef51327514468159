let last: Promise<void> = Promise.resolve();

/**
 * Waits for a turn of the event loop that no other invocation's end shares. The host's work after a handler (logs,
 * outputs, deleting the message) waits for one, because it takes milliseconds and in Azure is another process's: 200
 * handlers that go on at one instant would else delay each other by all of it.
 */
export function hostTurn(): Promise<void> {
  last = last.then(() => new Promise<void>((resolve) => void setImmediate(resolve)));
  return last;
}
