import { readViewer } from '../adapters/files/read-viewer.ts';
import { findAlerts, readActiveAlerts } from '../adapters/mssql/find-alerts.ts';
import { beginPause, endPauses, findNamed, readPauses } from '../adapters/mssql/pauses.ts';
import { readTenantToCheck } from '../adapters/mssql/read-tenant-to-check.ts';
import { recordAct } from '../adapters/mssql/record-act.ts';
import { readAudit } from '../adapters/mssql/read-audit.ts';
import { readConfiguration } from '../adapters/mssql/read-configuration.ts';
import { discardFault } from '../adapters/mssql/discard-fault.ts';
import { findFaults } from '../adapters/mssql/find-faults.ts';
import { retried } from '../adapters/mssql/retry-conflicts.ts';
import { databaseFault } from '../adapters/mssql/database-fault.ts';
import { retryFault } from '../adapters/mssql/retry-fault.ts';
import { findExecutions } from '../adapters/mssql/find-executions.ts';
import { readDeliveries, readExecution } from '../adapters/mssql/read-execution.ts';
import { readLastScan } from '../adapters/mssql/read-last-scan.ts';
import type { TimeSettings } from '../domain/alert.ts';
import { readUnreadable } from '../adapters/mssql/read-unreadable.ts';
import { readStatus } from '../adapters/mssql/read-status.ts';
import type { DispatchQueue } from '../adapters/storage-queue/dispatch-queue.ts';
import { checkHealth, type Health } from '../manage/check-health.ts';
import { manageApi, type ManagePorts } from '../manage/manage-api.ts';
import type { ProblemPorts } from '../manage/routes/list-problems.ts';
import type { CheckPorts } from '../manage/routes/check-tenant.ts';
import type { ScanPorts } from '../manage/routes/scan.ts';
import type { PreviewPorts } from '../manage/routes/preview-alert.ts';
import type { WhyPorts } from '../manage/why/gather-facts.ts';
import { version } from '../version.ts';
import { buildActs, type ActSettings } from './build-acts.ts';
import { country } from './build-dispatch.ts';
import { buildWhy, type WhySettings } from './build-why.ts';
import type { Parts } from './parts.ts';

/** What operators ask of the other halves of the program. */
export type ManageFlows = PreviewPorts &
  Pick<ManagePorts, 'ready'> &
  Pick<WhyPorts, 'lookUpRecipients'> &
  Pick<ScanPorts, 'dryScan' | 'scanNow'> &
  Pick<CheckPorts, 'checkDatabase'> &
  Pick<ProblemPorts, 'judges'>;

/** The operators' side: a fetch handler for everything under /api/manage/. */
export function buildManage(
  {
    settings,
    trustsSignIn,
    why,
    acts,
  }: { settings: TimeSettings; trustsSignIn: boolean; why: WhySettings; acts: ActSettings },
  {
    clock,
    log,
    db,
    queue,
  }: Pick<Parts, 'clock' | 'log' | 'db'> & {
    queue: Pick<DispatchQueue, 'countMessages' | 'sendDispatch' | 'nudgeReports'>;
  },
  flows: ManageFlows,
): (request: Request) => Promise<Response> {
  return manageApi({
    ...flows,
    databaseFault,
    readTenantToCheck: retried(readTenantToCheck(db, { timeZone: settings.timeZone, country })),
    recordAct: recordAct(db),
    clock,
    log,
    version,
    settings,
    readStatus: retried(readStatus(db, settings)),
    readConfiguration: retried(readConfiguration(db)),
    countMessages: queue.countMessages,
    findAlerts: retried(findAlerts(db)),
    readActiveAlerts: retried(readActiveAlerts(db)),
    readUnreadable: retried(readUnreadable(db)),
    findExecutions: retried(findExecutions(db)),
    readExecution: retried(readExecution(db)),
    readDeliveries: retried(readDeliveries(db)),
    trustsSignIn,
    findNamed: retried(findNamed(db)),
    beginPause: beginPause(db),
    endPauses: endPauses(db),
    readPauses: retried(readPauses(db)),
    readAudit: retried(readAudit(db)),
    findFaults: retried(findFaults(db)),
    retryFault: retryFault(db),
    discardFault: discardFault(db),
    nudgeReports: queue.nudgeReports,
    lackingForMail: flows.judges.settings.flatMap(({ reason, column }) =>
      reason === 'correo_sin_configurar' && column !== undefined ? [column] : [],
    ),
    ...buildWhy(db, why),
    ...buildActs({ ...acts, timeZone: settings.timeZone }, { clock, log, db, queue }),
    readViewer: readViewer(),
  });
}

/** For whoever watches from outside: no key, no detail. */
export function buildHealth({ clock, log, db, queue }: Parts): () => Promise<Health> {
  return checkHealth({ clock, log, readLastScan: readLastScan(db), reachQueue: queue.reachQueue });
}
