/** Gives the next delay in milliseconds; a success starts it over. */
export type Backoff = (succeeded: boolean) => number;

/**
 * Delays that about double from `minimum` to `maximum`, each 20 % at random around its value, as the WebJobs SDK
 * polls an empty queue and spaces retries with exponential back-off.
 */
export function exponentialBackoff(minimum: number, maximum: number, random = Math.random): Backoff {
  let current = 0;
  let exponent = 0;
  return (succeeded) => {
    if (succeeded) {
      current = Math.min(minimum, maximum);
      exponent = 1;
    } else if (current !== maximum) {
      const growth = exponent === 0 ? 0 : (0.8 + 0.4 * random()) * 2 ** (exponent - 1) * minimum;
      current = Math.min(minimum + growth, maximum);
      exponent += 1;
    }
    return current;
  };
}
