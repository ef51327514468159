import { heartbeat } from '../adapters/http/heartbeat.ts';
import { claimOccurrences } from '../adapters/mssql/claim-occurrences.ts';
import { forgetBatch } from '../adapters/mssql/forget-batch.ts';
import { markEnqueued } from '../adapters/mssql/mark-enqueued.ts';
import { readChangedAlerts } from '../adapters/mssql/read-changed-alerts.ts';
import { readClaimed } from '../adapters/mssql/read-claimed.ts';
import { recordCycle } from '../adapters/mssql/record-cycle.ts';
import { readScanState, storeReadUpTo } from '../adapters/mssql/scan-state.ts';
import { selectCandidates } from '../adapters/mssql/select-candidates.ts';
import { storeAgenda } from '../adapters/mssql/store-agenda.ts';
import { closeExpired, findReportsDue, takeOverdue } from '../adapters/mssql/sweep-executions.ts';
import { afterScan, type AfterScanPorts } from '../scan/after-scan.ts';
import { enqueueExecutions } from '../scan/enqueue-executions.ts';
import { forgetRecords } from '../scan/forget-records.ts';
import { refreshAgenda } from '../scan/refresh-agenda.ts';
import { scanDueAlerts, type ScanPorts } from '../scan/scan-due-alerts.ts';
import type { ScanPolicy } from '../scan/scan-policy.ts';
import { sweepExecutions } from '../scan/sweep-executions.ts';
import { buildEarlyNews } from './build-callbacks.ts';
import type { Parts } from './parts.ts';

export function buildScan({ config, ...parts }: Parts) {
  const { zone: timeZone, ...alerts } = config.alerts;
  const policy: ScanPolicy = {
    timeZone,
    timeZoneData: process.versions['tz'] ?? '',
    leaseSeconds: config.dispatch.leaseSeconds,
    retentionDays: config.records.retentionDays,
    ...alerts,
  };
  const { url } = config.heartbeat;
  const heart = url === null ? null : heartbeat(url, parts.log);
  const { secrets, whatsapp } = config.callbacks;
  const takesNews = secrets.length + whatsapp.appSecrets.length > 0;
  const ports = scanPortsOf(policy, {
    ...parts,
    beat: () => heart?.beat(),
    ...(takesNews && { raiseEarlyNews: buildEarlyNews(timeZone, parts) }),
  });
  return { scan: scanDueAlerts(ports), closeScan: async () => await heart?.close() };
}

/** What a scan is built from; tests give a queue that keeps a list. */
export function scanPortsOf(
  policy: ScanPolicy,
  {
    clock,
    log,
    db,
    queue,
    beat = () => undefined,
    raiseEarlyNews = async () => 0,
  }: Pick<Parts, 'clock' | 'log' | 'db'> & {
    beat?: () => void;
    raiseEarlyNews?: AfterScanPorts['raiseEarlyNews'];
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
    afterScan: afterScan({
      clock,
      log,
      beat,
      raiseEarlyNews,
      forgetRecords: forgetRecords({ clock, log, policy, forgetBatch: forgetBatch(db) }),
    }),
  };
}
