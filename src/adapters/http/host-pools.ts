import type { LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { aheadConnections } from './ahead-connections.ts';

export interface HostPoolsOptions {
  /** Calls to one host at a time. */
  placesPerHost: number;
  /** How names become addresses, for connections opened ahead as well; absent = the system's way. */
  lookup?: LookupFunction;
  /** Hosts; beyond them those are forgotten that were asked for longest ago and have no connection. */
  most?: number;
}

export interface HostPools {
  /** After `close`: one that refuses every call. */
  poolOf(url: URL): Pool;
  /** Has a pool and connections ready for calls of the next seconds. Gives no answer: a failure is the calls' to tell. */
  makeReady(url: URL, count: number): void;
  close(): Promise<void>;
}

/**
 * Kept connections, a pool for each host. A pool stays though it has no connection left: undici's Agent would make it anew
 * at an instant, when there is no time for that.
 */
export function hostPools({ placesPerHost, lookup, most = 200 }: HostPoolsOptions): HostPools {
  const connector = buildConnector({ allowH2: false, ...(lookup && { lookup }) });
  const connections = aheadConnections(connector, placesPerHost);
  const pools = new Map<string, Pool>();
  let isClosed = false;
  const poolOf = ({ origin }: URL): Pool => {
    const pool = pools.get(origin) ?? newPool(origin);
    pools.delete(origin);
    pools.set(origin, pool);
    if (isClosed) void pool.destroy();
    return pool;
  };
  const newPool = (origin: string): Pool => {
    if (pools.size >= most) forgetIdle(pools, most - 1);
    return new Pool(origin, { connections: placesPerHost, allowH2: false, connect: connections.connect });
  };
  return {
    poolOf,
    makeReady(url, count) {
      poolOf(url);
      connections.openAhead(url, count);
    },
    async close() {
      isClosed = true;
      connections.close();
      await Promise.all(Array.from(pools.values(), (pool) => pool.destroy()));
    },
  };
}

/** Those asked for longest ago first, until so many are left. */
function forgetIdle(pools: Map<string, Pool>, left: number): void {
  for (const [origin, pool] of pools) {
    if (pools.size <= left) return;
    const { connected, size } = pool.stats;
    if (connected === 0 && size === 0) pools.delete(origin);
  }
}
