import type { Temporal } from 'temporal-polyfill';
import type { ExecutionState } from '../../domain/execution.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Reason } from '../../domain/reason.ts';

export interface Closing {
  executionId: number;
  /** Closes only while the lease is this one's; null for a prepared execution. */
  owner: string | null;
  state: ExecutionState;
  reason: Reason | null;
  detail: string | null;
  /** The occurrence may be claimed again. */
  freesKey: boolean;
  /** Stored in the same transaction. */
  fault: Fault | null;
  now: Temporal.Instant;
  /** sch_FechaIntento where none was set yet. */
  attemptedAt: Temporal.PlainDateTime;
}

/**
 * Gives an open execution its final state; deliveries still open become ERROR with the same reason. Gives the state: an
 * ERROR or PERDIDA of which something was accepted is PARCIAL. Null: it is another's, or finished already, and nothing
 * was changed.
 */
export type CloseExecution = (closing: Closing) => Promise<ExecutionState | null>;
