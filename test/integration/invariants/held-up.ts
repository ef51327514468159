import type { TenantDatabases } from '../../../src/adapters/tenant-mssql/tenant-databases.ts';
import type { DeliverWebhook } from '../../../src/dispatch/deliver/deliver-webhook.ts';
import type { TenantAnswer } from '../../../src/dispatch/prepare/tenant-answer.ts';
import type { Tenant } from '../../../src/domain/tenant.ts';
import { sickTenant } from './night-rows.ts';

/** What (or what alone fails) at the sick tenant's database is told only at `release`: no patience of ours helps who waits. */
export function heldAnswers(
  { lookupRecipients, runQuery }: TenantDatabases,
  { look }: Watcher,
  which: 'all' | 'failing',
) {
  const released = Promise.withResolvers<void>();
  const answers: TenantAnswer<unknown>[] = [];
  let waiting = 0;
  const held =
    <Rest extends unknown[], T>(ask: (tenant: Tenant, ...rest: Rest) => Promise<TenantAnswer<T>>) =>
    async (tenant: Tenant, ...rest: Rest): Promise<TenantAnswer<T>> => {
      if (tenant.code !== sickTenant) return await ask(tenant, ...rest);
      waiting += 1;
      look();
      const answer = await ask(tenant, ...rest);
      answers.push(answer);
      if (which === 'all' || answer.kind !== 'answer') await released.promise;
      waiting -= 1;
      return answer;
    };
  return {
    ports: { lookupRecipients: held(lookupRecipients), runQuery: held(runQuery) },
    answers,
    waiting: () => waiting,
    release: released.resolve,
  };
}

/** Nobody else calls before the sick tenant has: the worst that its hanging calls can do to them. */
export function sickFirst(deliver: DeliverWebhook, { look }: Watcher) {
  const free = Promise.withResolvers<void>();
  let started = 0;
  const deliverWebhook: DeliverWebhook = async (call, signal) => {
    if (call.tenant !== sickTenant) await free.promise;
    else started += 1;
    const answer = deliver(call, signal);
    look();
    return await answer;
  };
  return { deliverWebhook, ofTheSick: () => started, letTheOthersCall: free.resolve };
}

/** Waits for conditions that change with what the night's parts do; each of them calls `look` then. */
export function watcher() {
  let look: () => void = () => undefined;
  return {
    look: () => look(),
    until: async (what: string, holds: () => boolean): Promise<void> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const limit = setTimeout(() => reject(new Error(`Waited too long for ${what}.`)), 25_000);
      look = () => (holds() ? resolve() : undefined);
      look();
      await promise.finally(() => clearTimeout(limit));
    },
  };
}

export type Watcher = ReturnType<typeof watcher>;
