import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Tenant } from '../domain/tenant.ts';
import type { WritableLogin } from '../manage/problems/finding.ts';

/** What this process has seen of the tenants' logins. */
export interface WritableLogins {
  /** Told with each new pool of connections of a tenant. */
  onLogin: (tenant: Tenant, rights: readonly string[]) => void;
  /** By emp_Cod; since when it has been so without a break. */
  writableLogins: () => ReadonlyMap<string, WritableLogin>;
}

export function keepWritableLogins({ clock, log }: { clock: Clock; log: Logger }): WritableLogins {
  const seen = new Map<string, WritableLogin>();
  return {
    onLogin: ({ code, connection }, rights) => {
      if (rights.length === 0) {
        seen.delete(code);
        return;
      }
      log.warn('tenant.writable-login', { tenant: code, rights: rights.join(', ') });
      const known = seen.get(code);
      const since = known?.connection === connection ? known.since : clock.now();
      seen.set(code, { rights, connection, since });
    },
    writableLogins: () => seen,
  };
}
