/** Lets the process do what else is waiting: timers, answers from the network, other executions. At least so many ms. */
export function othersTurn(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds > 0) setTimeout(resolve, milliseconds);
    else setImmediate(resolve);
  });
}
