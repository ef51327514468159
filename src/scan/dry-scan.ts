import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import { othersTurn } from '../core/others-turn.ts';
import type { DecidingPolicy } from './deciding-policy.ts';
import { explainDecision, type DryDecision, type Standing } from './explain-decision.ts';
import type { NewExecution } from './new-execution.ts';
import type { ReadScanState } from './refresh-agenda.ts';
import type { ChangedAlert } from './restart-alert.ts';
import { sketchDecision } from './sketch-decision.ts';
import { spanAround } from './span.ts';

/** An alert with all that a dry scan tells of it. */
export interface WatchedAlert extends ChangedAlert {
  name: string | null;
  /** null: there is no such tenant. */
  tenantActive: boolean | null;
  /** A pause is in force. */
  paused: boolean;
}

/** Without a filter the active ones, and those that no scan has seen deactivated; else all that fit. In the order of their codes. */
export interface WatchFilter {
  tenant?: string | undefined;
  alert?: string | undefined;
}

export type ReadWatchedAlerts = (
  filter: WatchFilter,
  at: Temporal.Instant,
) => Promise<readonly WatchedAlert[]>;

/** For each, the execution that keeps it from being recorded: with its key, or of the system before us; null = none. */
export type FindStanding = (executions: readonly NewExecution[]) => Promise<readonly (Standing | null)[]>;

export interface DryScanPorts {
  clock: Clock;
  policy: DecidingPolicy;
  readScanState: ReadScanState;
  readWatchedAlerts: ReadWatchedAlerts;
  findStanding: FindStanding;
}

export interface DryScan {
  at: Temporal.Instant;
  decisions: readonly DryDecision[];
}

/**
 * What a scan would decide of each alert at that time (null = now), were it the next one: by the rules of the scan itself,
 * from the agenda as it stands. Changes nothing.
 */
export function dryScan({ clock, policy, readScanState, readWatchedAlerts, findStanding }: DryScanPorts) {
  return async (at: Temporal.Instant | null, filter: WatchFilter): Promise<DryScan> => {
    const span = spanAround(at ?? clock.now(), policy);
    const [{ lastScan }, alerts] = await Promise.all([readScanState(), readWatchedAlerts(filter, span.now)]);
    const sketches = [];
    for (const alert of alerts) {
      // One that is a year behind takes milliseconds: dispatches of this process must not wait for all of them.
      await othersTurn();
      sketches.push({ alert, sketch: sketchDecision(alert, span, lastScan, policy) });
    }
    const standing = await findStanding(
      sketches.flatMap(({ sketch }) => [...sketch.executions, ...(sketch.today ? [sketch.today] : [])]),
    );
    const found = standing.values();
    const take = () => found.next().value ?? null;
    const decisions = sketches.map(({ alert, sketch }) => {
      const executions = sketch.executions.map((execution) => ({ execution, standing: take() }));
      const today = sketch.today === null ? null : take();
      return explainDecision({ alert, sketch, executions, today }, span);
    });
    return { at: span.now, decisions };
  };
}
