import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { reached } from '../reached.ts';

/** False: the lease is another's. */
export type RenewLease = (lease: {
  executionId: number;
  owner: string;
  until: Temporal.Instant;
}) => Promise<boolean>;

/** Why a preparation's signal aborts: another dispatch may have taken over, so this one must not go on. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Does the work and renews its lease three times per period meanwhile. The signal aborts with LeaseLost when the lease
 * is another's, or when it ended because it could not be renewed.
 */
export async function whileRenewing<T>(
  lease: { executionId: number; owner: string; seconds: number; from: Temporal.Instant },
  { clock, renewLease }: { clock: Clock; renewLease: RenewLease },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = keepRenewing(lease, { clock, renewLease }, done.signal, () => lost.abort(new LeaseLost()));
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
  }
}

async function keepRenewing(
  {
    executionId,
    owner,
    seconds,
    from,
  }: { executionId: number; owner: string; seconds: number; from: Temporal.Instant },
  { clock, renewLease }: { clock: Clock; renewLease: RenewLease },
  done: AbortSignal,
  lose: () => void,
): Promise<void> {
  const pause = { milliseconds: Math.round((seconds * 1000) / 3) };
  let until = from.add({ seconds });
  while (await reached(clock, clock.now().add(pause), done)) {
    const next = clock.now().add({ seconds });
    const renewal = await renewLease({ executionId, owner, until: next }).catch(() => 'failed' as const);
    if (renewal === true) until = next;
    const over = clock.now().epochMilliseconds >= until.epochMilliseconds;
    if (renewal === false || over) return lose();
  }
}
