import type { Clock } from '../core/clock.ts';
import type { Temporal } from 'temporal-polyfill';

/** Gives the place back. */
type Leave = () => void;

/** Who may use the process: no tenant's trouble takes the places of the others. `null` = come again later. */
export interface Seats {
  /** A place for one dispatch. */
  enter(tenant: string): Leave | null;
  /** A place among the tenant's dispatches that wait for its database. */
  enterDatabase(tenant: string): Leave | null;
  /** A place among the tenant's dispatches that deliver to this host; unlimited while the host answers it in time. */
  enterHost(tenant: string, host: string): Leave | null;
  /** How the tenant's last login or webhook call ended. */
  note(tenant: string, ended: 'well' | 'badly'): void;
  noteTimeout(tenant: string, host: string): void;
}

const timeoutRemembered = { minutes: 1 };

/**
 * One tenant holds at most three quarters of the slots. All tenants whose last login or webhook answer failed share a
 * quarter. At most `tenantSlots` dispatches of a tenant wait for its database, or for a host that timed out for it lately.
 */
export function dispatchSeats(
  { slots, tenantSlots }: { slots: number; tenantSlots: number },
  clock: Clock,
): Seats {
  const dispatches = counter();
  const databases = counter();
  const hosts = counter();
  const failing = new Set<string>();
  const timeouts = new Map<string, Temporal.Instant>();
  const heldByFailing = () => [...failing].reduce((sum, tenant) => sum + dispatches.of(tenant), 0);

  return {
    enter(tenant) {
      if (dispatches.of(tenant) >= Math.max(1, Math.floor(slots * 0.75))) return null;
      if (failing.has(tenant) && heldByFailing() >= Math.max(1, Math.floor(slots / 4))) return null;
      return dispatches.add(tenant);
    },
    enterDatabase(tenant) {
      return databases.of(tenant) >= tenantSlots ? null : databases.add(tenant);
    },
    enterHost(tenant, host) {
      const key = keyOf(tenant, host);
      const last = timeouts.get(key);
      const slow =
        last !== undefined && last.add(timeoutRemembered).epochMilliseconds > clock.now().epochMilliseconds;
      if (last !== undefined && !slow) timeouts.delete(key);
      return slow && hosts.of(key) >= tenantSlots ? null : hosts.add(key);
    },
    note(tenant, ended) {
      if (ended === 'badly') failing.add(tenant);
      else failing.delete(tenant);
    },
    noteTimeout(tenant, host) {
      timeouts.set(keyOf(tenant, host), clock.now());
    },
  };
}

/** A host that times out for one tenant may be a gateway that serves the others well. */
function keyOf(tenant: string, host: string): string {
  return JSON.stringify([tenant, host]);
}

function counter(): { of(key: string): number; add(key: string): Leave } {
  const counts = new Map<string, number>();
  const change = (key: string, by: number) => {
    const count = (counts.get(key) ?? 0) + by;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  return {
    of: (key) => counts.get(key) ?? 0,
    add: (key) => {
      change(key, 1);
      let held = true;
      return () => {
        if (held) change(key, -1);
        held = false;
      };
    },
  };
}
