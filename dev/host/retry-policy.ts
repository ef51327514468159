import type { RetryOptions } from './app/worker-protocol.ts';
import { exponentialBackoff } from './backoff.ts';

/** How a function's retry policy spaces its attempts. */
export interface RetryPolicy {
  /** -1: without end. */
  readonly maxRetryCount: number;
  /** Milliseconds before the next attempt. */
  nextDelay(): number;
}

export function retryPolicyOf(options: RetryOptions): RetryPolicy {
  const ms = (interval: { readonly seconds?: number } | undefined): number => (interval?.seconds ?? 0) * 1000;
  if (options.retryStrategy === 'fixedDelay') {
    const delay = ms(options.delayInterval);
    return { maxRetryCount: options.maxRetryCount, nextDelay: () => delay };
  }
  const backoff = exponentialBackoff(ms(options.minimumInterval), ms(options.maximumInterval));
  return { maxRetryCount: options.maxRetryCount, nextDelay: () => backoff(false) };
}
