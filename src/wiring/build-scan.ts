import { claimOccurrences } from '../adapters/mssql/claim-occurrences.ts';
import { markEnqueued } from '../adapters/mssql/mark-enqueued.ts';
import { readChangedAlerts } from '../adapters/mssql/read-changed-alerts.ts';
import { readClaimed } from '../adapters/mssql/read-claimed.ts';
import { recordCycle } from '../adapters/mssql/record-cycle.ts';
import { readScanState, storeReadUpTo } from '../adapters/mssql/scan-state.ts';
import { selectCandidates } from '../adapters/mssql/select-candidates.ts';
import { storeAgenda } from '../adapters/mssql/store-agenda.ts';
import { closeExpired, findReportsDue, takeOverdue } from '../adapters/mssql/sweep-executions.ts';
import { enqueueExecutions } from '../scan/enqueue-executions.ts';
import { refreshAgenda } from '../scan/refresh-agenda.ts';
import { scanDueAlerts, type ScanPorts } from '../scan/scan-due-alerts.ts';
import type { ScanPolicy } from '../scan/scan-policy.ts';
import { sweepExecutions } from '../scan/sweep-executions.ts';
import type { Parts } from './parts.ts';

export function buildScan({ config, ...parts }: Parts) {
  const { zone: timeZone, ...alerts } = config.alerts;
  const policy: ScanPolicy = {
    timeZone,
    timeZoneData: process.versions['tz'] ?? '',
    leaseSeconds: config.dispatch.leaseSeconds,
    ...alerts,
  };
  return scanDueAlerts(scanPortsOf(policy, parts));
}

/** What a scan is built from; tests give a queue that keeps a list. */
export function scanPortsOf(
  policy: ScanPolicy,
  {
    clock,
    log,
    db,
    queue,
  }: Pick<Parts, 'clock' | 'log' | 'db'> & {
    queue: Pick<Parts['queue'], 'sendDispatch' | 'nudgeReports'>;
  },
): ScanPorts {
  const { sendDispatch, nudgeReports } = queue;
  const enqueue = enqueueExecutions({ clock, log, policy, sendDispatch, markEnqueued: markEnqueued(db) });
  return {
    clock,
    log,
    policy,
    refreshAgenda: refreshAgenda({
      log,
      policy,
      readScanState: readScanState(db),
      readChangedAlerts: readChangedAlerts(db),
      readClaimed: readClaimed(db),
      storeAgenda: storeAgenda(db, policy.leaseSeconds),
      storeReadUpTo: storeReadUpTo(db),
    }),
    selectCandidates: selectCandidates(db),
    claimOccurrences: claimOccurrences(db, policy.leaseSeconds),
    enqueueExecutions: enqueue,
    sweepExecutions: sweepExecutions({
      log,
      policy,
      takeOverdue: takeOverdue(db),
      closeExpired: closeExpired(db),
      enqueueExecutions: enqueue,
      findReportsDue: findReportsDue(db),
      nudgeReports,
    }),
    recordCycle: recordCycle(db),
  };
}
