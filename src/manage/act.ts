import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { operatorOf } from './operator-of.ts';

/** What somebody does by hand. Whatever port does it writes this into the audit table, in the same transaction. */
export interface Act {
  at: Temporal.Instant;
  who: string;
  /** `pause`, `fault.retry` … */
  act: string;
  /** On which row, in words: `alert 000001`. */
  on: string;
  /** Particulars, without secrets. */
  detail: Readonly<Record<string, unknown>> | null;
}

export interface ActPorts {
  clock: Clock;
  log: Logger;
  /** Whether the app sits behind Entra sign-in. */
  trustsSignIn: boolean;
}

/** The act that a request asks for. Throws invalid_request when nobody can tell who asks. */
export function actOf(
  headers: Headers,
  what: Pick<Act, 'act' | 'on'> & Partial<Pick<Act, 'detail'>>,
  { clock, trustsSignIn }: Pick<ActPorts, 'clock' | 'trustsSignIn'>,
): Act {
  return { at: clock.now(), who: operatorOf(headers, trustsSignIn), detail: null, ...what };
}

/** For the log, once it is done and recorded. What was not done is not told. */
export function logAct({ act, who, on }: Pick<Act, 'act' | 'who' | 'on'>, log: Logger): void {
  log.info('manage.acted', { act, who, on });
}
