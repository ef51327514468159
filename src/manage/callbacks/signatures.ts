import type { Temporal } from 'temporal-polyfill';

/** `incomplete`: what signs it is missing or unreadable. `expired`: rightly signed, but too long ago or ahead. */
export type Verdict = 'valid' | 'incomplete' | 'wrong' | 'expired';

/** By webhook-id, webhook-timestamp and webhook-signature. `body`: as it came, before any reading of it. */
export type VerifyStandard = (call: {
  headers: Headers;
  body: Uint8Array;
  secrets: readonly string[];
  now: Temporal.Instant;
}) => Verdict;

/** By X-Hub-Signature-256. */
export type VerifyMeta = (call: {
  signature: string;
  body: Uint8Array;
  secrets: readonly string[];
}) => Verdict;
