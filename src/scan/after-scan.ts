import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { ScanReport } from './record-cycle.ts';
import { stepsOf } from './steps.ts';

export interface AfterScanPorts {
  clock: Clock;
  log: Logger;
  /** Tells whoever watches from outside that a scan has finished. Waits for nothing and never fails. */
  beat: () => void;
  /** Gives news that came too early to their deliveries. */
  raiseEarlyNews: (now: Temporal.Instant) => Promise<number>;
  forgetRecords: (report: ScanReport) => Promise<void>;
}

/** What can wait until everything due is on its way and the scan is recorded. What fails is done by a later scan. */
export function afterScan({ clock, log, beat, raiseEarlyNews, forgetRecords }: AfterScanPorts) {
  return async (report: ScanReport): Promise<void> => {
    if (report.finished) beat();
    const steps = stepsOf(log);
    await steps.run('news', () => raiseEarlyNews(clock.now()));
    await steps.run('forget', () => forgetRecords(report));
  };
}
