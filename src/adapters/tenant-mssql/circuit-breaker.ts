import type { TenantFault } from './tenant-fault.ts';

export interface CircuitBreaker {
  /** The fault to give at once, or undefined when the database may be asked. */
  refusal(): TenantFault | undefined;
  succeeded(): void;
  failed(fault: TenantFault): void;
}

export interface BreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  /** How long it stays open before one try is let through. */
  openMs: number;
  /** A clock that only goes forward, in ms. */
  now: () => number;
}

/**
 * Spares a database that cannot be reached, and those who would wait for it: after some failures in a row everybody is
 * given the last fault at once, until one try that is let through succeeds.
 */
export function circuitBreaker({ failures, openMs, now }: BreakerOptions): CircuitBreaker {
  let inARow = 0;
  let last: TenantFault | undefined;
  let tryAt = 0;
  return {
    refusal: () => {
      if (last === undefined || inARow < failures) return undefined;
      if (now() < tryAt) return last;
      tryAt = now() + openMs;
      return undefined;
    },
    succeeded: () => {
      inARow = 0;
      last = undefined;
    },
    failed: (fault) => {
      inARow += 1;
      last = fault;
      tryAt = now() + openMs;
    },
  };
}
