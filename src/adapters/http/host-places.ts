/** Gives the place back. */
export type Leave = () => void;

interface Host {
  taken: number;
  takenBy: Map<string, number>;
  /** In the order of their turns. */
  waiting: Map<string, Waiter[]>;
}

type Waiter = (place: 'given' | 'none') => void;

/**
 * At most `places` calls to one host at a time, and at most three quarters of them one tenant's: where only its path of
 * a gateway hangs, the others are served. Those that wait get a place in turn between tenants: one with a thousand
 * calls delays another's by one call, not by a thousand.
 */
export function hostPlaces(places: number) {
  const hosts = new Map<string, Host>();
  const placesOfOne = Math.max(1, Math.floor(places * 0.75));
  const mayTake = ({ taken, takenBy }: Host, tenant: string) =>
    taken < places && (takenBy.get(tenant) ?? 0) < placesOfOne;

  /** Null when the signal aborts first. */
  return async (name: string, tenant: string, signal: AbortSignal): Promise<Leave | null> => {
    if (signal.aborted) return null;
    const host = hosts.get(name) ?? { taken: 0, takenBy: new Map(), waiting: new Map() };
    hosts.set(name, host);
    if (mayTake(host, tenant)) take(host, tenant, 1);
    else if ((await waitIn(host, tenant, signal)) === 'none') return null;
    return () => {
      take(host, tenant, -1);
      const next = nextOf(host, (other) => mayTake(host, other));
      if (next !== undefined) {
        take(host, next.tenant, 1);
        next.waiter('given');
      } else if (host.taken === 0) hosts.delete(name);
    };
  };
}

function take(host: Host, tenant: string, by: 1 | -1): void {
  host.taken += by;
  const left = (host.takenBy.get(tenant) ?? 0) + by;
  if (left === 0) host.takenBy.delete(tenant);
  else host.takenBy.set(tenant, left);
}

async function waitIn(host: Host, tenant: string, signal: AbortSignal): Promise<'given' | 'none'> {
  const { promise, resolve } = Promise.withResolvers<'given' | 'none'>();
  const queue = host.waiting.get(tenant) ?? [];
  host.waiting.set(tenant, queue);
  queue.push(resolve);
  const giveUp = () => {
    const index = queue.indexOf(resolve);
    if (index === -1) return;
    queue.splice(index, 1);
    if (queue.length === 0) host.waiting.delete(tenant);
    resolve('none');
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The first of the tenant whose turn it is, which then goes to the end. */
function nextOf(
  { waiting }: Host,
  mayTake: (tenant: string) => boolean,
): { tenant: string; waiter: Waiter } | undefined {
  for (const [tenant, queue] of waiting) {
    if (!mayTake(tenant)) continue;
    waiting.delete(tenant);
    const waiter = queue.shift();
    if (queue.length > 0) waiting.set(tenant, queue);
    if (waiter !== undefined) return { tenant, waiter };
  }
  return undefined;
}
