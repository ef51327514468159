import type { Temporal } from 'temporal-polyfill';
import type { ExecutionState } from '../../domain/execution.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Tally } from './tally.ts';

/** How a dispatch ends. Each way is stored before the message goes. */
export type Ending =
  /** A final state. `freesKey`: the occurrence may be claimed again. */
  | {
      kind: 'close';
      state: ExecutionState;
      reason: Reason | null;
      detail: string | null;
      tally?: Tally;
      freesKey?: true;
    }
  /** A fault that passes: tried again later, or given up when it is too late for that. */
  | { kind: 'wait'; reason: Reason; detail: string }
  /** The working time is over before the preparation. */
  | { kind: 'continue' }
  /** Deliveries are open; the next attempt is at this time. */
  | { kind: 'later'; at: Temporal.Instant }
  /** Nothing was due: whoever took the open deliveries carries on. */
  | { kind: 'idle' }
  /** The alert was edited: a further message opens the execution at its new time. */
  | { kind: 'move'; to: Temporal.ZonedDateTime }
  /** Another dispatch holds the lease. */
  | { kind: 'lost' }
  /** The last outcomes closed it as ENVIADA. */
  | { kind: 'finished'; tally: Tally };

/** Why nothing goes out: for good, or until it has passed. */
export type Obstacle = Extract<Ending, { kind: 'close' | 'wait' }>;

export function failed(reason: Reason, detail: string): Obstacle {
  return { kind: 'close', state: 'ERROR', reason, detail };
}
