/** Lets the process do what else is waiting: timers, answers from the network, other executions. */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
