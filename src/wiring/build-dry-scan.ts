import { findStanding } from '../adapters/mssql/find-standing.ts';
import { readWatchedAlerts } from '../adapters/mssql/read-watched-alerts.ts';
import { retried } from '../adapters/mssql/retry-conflicts.ts';
import { readScanState } from '../adapters/mssql/scan-state.ts';
import { dryScan } from '../scan/dry-scan.ts';
import type { Parts } from './parts.ts';

export function buildDryScan({ config, clock, db }: Pick<Parts, 'config' | 'clock' | 'db'>) {
  const { zone: timeZone, ...alerts } = config.alerts;
  return dryScan({
    clock,
    policy: { timeZone, ...alerts },
    readScanState: retried(readScanState(db)),
    readWatchedAlerts: retried(readWatchedAlerts(db)),
    findStanding: retried(findStanding(db)),
  });
}
