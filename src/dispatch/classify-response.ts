import type { Temporal } from 'temporal-polyfill';
import type { Reason } from '../domain/reason.ts';

/** `after`: the receiver asked not to be called before. */
export type Verdict =
  | { kind: 'accepted'; wamid: string | null }
  | { kind: 'retry'; reason: Reason; detail: string; after: Temporal.Instant | null }
  | { kind: 'rejected'; reason: Reason; detail: string };
