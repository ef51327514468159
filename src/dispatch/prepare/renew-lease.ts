import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../core/clock.ts';
import { reached } from '../reached.ts';

/** False: the lease is another's. */
export type RenewLease = (lease: {
  executionId: number;
  owner: string;
  until: Temporal.Instant;
}) => Promise<boolean>;

/** Another dispatch has taken over, so this one must not go on: it carries what the message stands for. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Does the work and renews its lease three times per period meanwhile. The signal aborts with LeaseLost when the lease
 * is another's, with a fault when it ended because it could not be renewed: then perhaps nobody carries on.
 */
export async function whileRenewing<T>(
  lease: { executionId: number; owner: string; seconds: number; from: Temporal.Instant },
  { clock, renewLease }: { clock: Clock; renewLease: RenewLease },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = keepRenewing(lease, { clock, renewLease }, done.signal, (why) => lost.abort(why));
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
  lose: (why: Error) => void,
): Promise<void> {
  const pause = { milliseconds: Math.round((seconds * 1000) / 3) };
  let until = from.add({ seconds });
  while (await reached(clock, clock.now().add(pause), done)) {
    const next = clock.now().add({ seconds });
    let fault: unknown;
    const renewed = await renewLease({ executionId, owner, until: next }).catch((cause: unknown) => {
      fault = cause;
      return null;
    });
    if (renewed === false) return lose(new LeaseLost());
    if (renewed === true) until = next;
    if (clock.now().epochMilliseconds >= until.epochMilliseconds) {
      return lose(new Error(`The lease of execution ${executionId} could not be renewed.`, { cause: fault }));
    }
  }
}
