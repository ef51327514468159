import type { Reason } from '../../domain/reason.ts';

/**
 * What a tenant's database gave. `passing`: worth asking again later (away, slow, locked, no place free). `final`:
 * asking again gives the same (login refused, bad query, bad connection). `detail` is a Spanish sentence without secrets.
 */
export type TenantAnswer<T> =
  | { kind: 'answer'; value: T }
  | { kind: 'passing'; reason: Reason; detail: string }
  | { kind: 'final'; reason: Reason; detail: string };
