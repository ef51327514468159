/** Gives the place back. */
export type Leave = () => void;

interface Host {
  taken: number;
  /** In the order of their turns. */
  waiting: Map<string, Waiter[]>;
}

type Waiter = (place: 'given' | 'none') => void;

/**
 * At most `places` calls to one host at a time. Those that wait get a place in turn between tenants: one with a
 * thousand calls delays another's by one call, not by a thousand.
 */
export function hostPlaces(places: number) {
  const hosts = new Map<string, Host>();

  /** Null when the signal aborts first. */
  return async (name: string, tenant: string, signal: AbortSignal): Promise<Leave | null> => {
    if (signal.aborted) return null;
    const host = hosts.get(name) ?? { taken: 0, waiting: new Map<string, Waiter[]>() };
    hosts.set(name, host);
    if (host.taken < places) host.taken += 1;
    else if ((await waitIn(host, tenant, signal)) === 'none') return null;
    return () => {
      const next = nextOf(host);
      if (next !== undefined) next('given');
      else if ((host.taken -= 1) === 0) hosts.delete(name);
    };
  };
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
function nextOf({ waiting }: Host): Waiter | undefined {
  for (const [tenant, queue] of waiting) {
    waiting.delete(tenant);
    const first = queue.shift();
    if (queue.length > 0) waiting.set(tenant, queue);
    if (first !== undefined) return first;
  }
  return undefined;
}
