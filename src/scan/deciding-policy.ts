import type { ScanPolicy } from './scan-policy.ts';

/** What the settings say to whoever decides what is due. */
export type DecidingPolicy = Pick<
  ScanPolicy,
  'timeZone' | 'weekStartsOn' | 'windowMinutes' | 'catchUpMinutes' | 'missedDays' | 'only'
>;
