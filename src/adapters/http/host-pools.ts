import type { LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { aheadConnections } from './ahead-connections.ts';

export interface HostPoolsOptions {
  /** Calls to one host at a time. */
  placesPerHost: number;
  /** How names become addresses, for connections opened ahead as well; absent = the system's way. */
  lookup?: LookupFunction;
  /** Hosts; beyond them those are forgotten that nobody is connected to. */
  most?: number;
}

export interface HostPools {
  poolOf(url: URL): Pool;
  /** Has a pool and connections ready for calls of the next seconds. Gives no answer: a failure is the calls' to tell. */
  makeReady(url: URL, count: number): void;
  close(): Promise<void>;
}

/**
 * Kept connections, a pool for each host. A pool stays though it has no connection left: undici's Agent would make it anew
 * at an instant, when there is no time for that.
 */
export function hostPools({ placesPerHost, lookup, most = 1_000 }: HostPoolsOptions): HostPools {
  const connector = buildConnector({ allowH2: false, ...(lookup && { lookup }) });
  const connections = aheadConnections(connector, placesPerHost);
  const pools = new Map<string, Pool>();
  const poolOf = ({ origin }: URL): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    if (pools.size >= most) forgetIdle(pools);
    const pool = new Pool(origin, {
      connections: placesPerHost,
      allowH2: false,
      connect: connections.connect,
    });
    pools.set(origin, pool);
    return pool;
  };
  return {
    poolOf,
    makeReady(url, count) {
      poolOf(url);
      connections.openAhead(url, count);
    },
    async close() {
      connections.close();
      await Promise.all(Array.from(pools.values(), (pool) => pool.destroy()));
    },
  };
}

function forgetIdle(pools: Map<string, Pool>): void {
  for (const [origin, pool] of pools) {
    const { connected, size } = pool.stats;
    if (connected === 0 && size === 0) pools.delete(origin);
  }
}
