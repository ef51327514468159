import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { systemClock } from './adapters/clock/system-clock.ts';
import { webhookClient } from './adapters/http/deliver-webhook.ts';
import { jsonLogger } from './adapters/log/json-logger.ts';
import { textLogger } from './adapters/log/text-logger.ts';
import { sendMail } from './adapters/mail/send-mail.ts';
import { claimOccurrences } from './adapters/mssql/claim-occurrences.ts';
import { closeExecution } from './adapters/mssql/close-execution.ts';
import { openControlDatabase } from './adapters/mssql/control-database.ts';
import { endRounds } from './adapters/mssql/end-rounds.ts';
import { gatherIncidents } from './adapters/mssql/gather-incidents.ts';
import { insertFaultOnce, insertFaults } from './adapters/mssql/insert-faults.ts';
import { markEnqueued } from './adapters/mssql/mark-enqueued.ts';
import { moveExecution } from './adapters/mssql/move-execution.ts';
import { openExecution } from './adapters/mssql/open-execution.ts';
import { readChangedAlerts } from './adapters/mssql/read-changed-alerts.ts';
import { readClaimed } from './adapters/mssql/read-claimed.ts';
import { readIncidents } from './adapters/mssql/read-incidents.ts';
import { readReport } from './adapters/mssql/read-report.ts';
import { recordCycle } from './adapters/mssql/record-cycle.ts';
import { recordMail } from './adapters/mssql/record-mail.ts';
import { recordOutcomes } from './adapters/mssql/record-outcomes.ts';
import { releaseLease } from './adapters/mssql/release-lease.ts';
import { renewLease } from './adapters/mssql/renew-lease.ts';
import { requireCopy } from './adapters/mssql/require-copy.ts';
import { requireMigrated } from './adapters/mssql/require-migrated.ts';
import { readStoredSecrets } from './adapters/mssql/read-stored-secrets.ts';
import { readScanState, storeReadUpTo } from './adapters/mssql/scan-state.ts';
import type { ControlSchema } from './adapters/mssql/schema.ts';
import { selectCandidates } from './adapters/mssql/select-candidates.ts';
import { storeAgenda } from './adapters/mssql/store-agenda.ts';
import { loadStoredDeliveries, storeDeliveries } from './adapters/mssql/store-deliveries.ts';
import { storeWait } from './adapters/mssql/store-wait.ts';
import { closeExpired, findReportsDue, takeOverdue } from './adapters/mssql/sweep-executions.ts';
import { holdDeliveries, takeDeliveries } from './adapters/mssql/take-deliveries.ts';
import { takeIncident } from './adapters/mssql/take-incident.ts';
import { openDispatchQueue, type DispatchQueue } from './adapters/storage-queue/dispatch-queue.ts';
import { tenantDatabases } from './adapters/tenant-mssql/tenant-databases.ts';
import { loadConfig, secretsOf, type Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { Logger } from './core/logger.ts';
import { redactor } from './core/redact.ts';
import { chooseContact } from './dispatch/prepare/choose-contact.ts';
import { composeBody } from './dispatch/message/compose-body.ts';
import { dispatchAlert, type DispatchPorts } from './dispatch/dispatch-alert.ts';
import type { DispatchPolicy } from './dispatch/dispatch-policy.ts';
import { recordOnly } from './dispatch/deliver/record-only.ts';
import { renderMessage } from './dispatch/message/render-template.ts';
import { dispatchSeats } from './dispatch/seats.ts';
import type { Fault } from './domain/fault.ts';
import { reportPoison } from './poison/report-poison.ts';
import { enqueueExecutions } from './scan/enqueue-executions.ts';
import { refreshAgenda } from './scan/refresh-agenda.ts';
import { scanDueAlerts, type ScanPorts } from './scan/scan-due-alerts.ts';
import type { ScanPolicy } from './scan/scan-policy.ts';
import { sweepExecutions } from './scan/sweep-executions.ts';
import { strikeSecrets } from './strike-secrets.ts';

/** One message per execution to look at. The host moves what failed five times to the poison queue. */
export const alertQueue = 'vigia-alerts';
export const poisonQueue = `${alertQueue}-poison`;

/** Dispatches at once in one process: batchSize + newBatchThreshold of host.json. */
export const slots = 512;

/** Webhook calls at once: of one dispatch, and to one host. */
const callsAtOnce = 50;
const placesPerHost = 100;

/** For one tenant's database. An idle connection outlives the minute between two scans. */
const tenantLimits = {
  maxRows: 1000,
  maxConnections: 4,
  acquireTimeoutMs: 10_000,
  idleTimeoutMs: 90_000,
  breaker: { failures: 3, openMs: 30_000 },
};

/** emp_Pais of tenants that have none. */
const country = 'AR';

interface Surroundings {
  clock?: Clock;
  /** Gets whole lines. */
  write?: (line: string) => void;
  /** Where `env:NAME` in a table is looked up. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** What every part of the program is built from. */
interface Parts {
  config: Config;
  clock: Clock;
  log: Logger;
  db: Kysely<ControlSchema>;
  queue: DispatchQueue;
  storeFaults: (faults: readonly Fault[]) => Promise<void>;
  getSecret: (name: string) => string | undefined;
}

export type Vigia = ReturnType<typeof createVigia>;

/**
 * The three use cases over real adapters. Nothing is connected before it is needed; the first scan or dispatch checks
 * that the control database will do. `close` ends every connection.
 */
export function createVigia(config: Config, surroundings: Surroundings = {}) {
  const { clock = systemClock, write = writeOut, environment = process.env } = surroundings;
  const log = loggerOf(config, clock, write);
  const db = openControlDatabase(config.controlDatabase);
  const queue = openDispatchQueue({ storage: config.storage, name: alertQueue, clock });
  const getSecret = (name: string) => environment[name];
  const strike = strikeSecrets({
    own: secretsOf(config),
    readStoredSecrets: readStoredSecrets(db),
    getSecret,
  });
  const storeFaults = storeFaultsIn(db, strike);
  const parts: Parts = { config, clock, log, db, queue, storeFaults, getSecret };
  const ready = onceDone(() => checkDatabase(parts));
  const scan = scanOf(parts);
  const { dispatch, closeDispatch } = dispatchOf(parts);
  return {
    scanDueAlerts: async () => {
      await ready();
      return await scan();
    },
    dispatchAlert: async (message: unknown) => {
      await ready();
      return await dispatch(message);
    },
    reportPoison: poisonOf(parts),
    close: async () => {
      await Promise.all([closeDispatch(), db.destroy()]);
    },
  };
}

let ofThisProcess: Vigia | undefined;

/** The program as the environment says. Throws ConfigError, so that a function file that calls it cannot be loaded. */
export function vigia(): Vigia {
  ofThisProcess ??= createVigia(loadConfig(process.env));
  return ofThisProcess;
}

function scanOf({ config, ...parts }: Parts) {
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
  { clock, log, db, queue }: Pick<Parts, 'clock' | 'log' | 'db' | 'queue'>,
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

function dispatchOf({ config, clock, log, db, queue, storeFaults, getSecret }: Parts) {
  const { zone: timeZone, weekStartsOn, windowMinutes, catchUpMinutes, prepareSeconds } = config.alerts;
  const { mode, ...limits } = config.dispatch;
  const policy: DispatchPolicy = {
    ...limits,
    prepareSeconds,
    windowMinutes,
    catchUpMinutes,
    time: { timeZone, weekStartsOn },
    callsAtOnce,
    slots,
    requireSecret: config.webhooks.requireSecret,
  };
  const tenants = tenantDatabases({
    ...tenantLimits,
    getSecret,
    requireReadOnly: config.tenants.requireReadonly,
    lookups: config.tenants.lookups,
    onWritableLogin: (tenant, rights) =>
      log.warn('tenant.writable-login', { tenant: tenant.code, rights: rights.join(', ') }),
  });
  const webhooks = webhookClient({ clock, allowedHosts: config.webhooks.allowedHosts, placesPerHost });
  const ports: DispatchPorts = {
    clock,
    logger: log,
    policy,
    seats: dispatchSeats({ slots, tenantSlots: limits.tenantSlots }, clock),
    getSecret,
    newId: randomUUID,
    random: Math.random,
    ...dispatchRecordsOf(db, policy),
    storeFaults,
    lookupRecipients: tenants.lookupRecipients,
    runQuery: tenants.runQuery,
    chooseContact,
    renderMessage,
    composeBody,
    deliverWebhook: mode === 'record' ? recordOnly : webhooks.deliverWebhook,
    connectAhead: mode === 'record' ? () => undefined : webhooks.connectAhead,
    signAhead: webhooks.signAhead,
    sendDispatch: queue.sendDispatch,
    nudgeReports: queue.nudgeReports,
  };
  const closeDispatch = () => Promise.all([tenants.close(), webhooks.close()]);
  return { dispatch: dispatchAlert(ports), closeDispatch };
}

/** What a dispatch asks of the control database. */
export function dispatchRecordsOf(
  db: Kysely<ControlSchema>,
  { time: { timeZone }, leaseSeconds }: Pick<DispatchPolicy, 'time' | 'leaseSeconds'>,
) {
  return {
    openExecution: openExecution(db, { timeZone, country }),
    renewLease: renewLease(db),
    releaseLease: releaseLease(db, leaseSeconds),
    closeExecution: closeExecution(db),
    storeWait: storeWait(db, leaseSeconds),
    endRounds: endRounds(db),
    moveExecution: moveExecution(db),
    loadStoredDeliveries: loadStoredDeliveries(db),
    storeDeliveries: storeDeliveries(db, leaseSeconds),
    takeDeliveries: takeDeliveries(db, leaseSeconds),
    holdDeliveries: holdDeliveries(db, leaseSeconds),
    recordOutcomes: recordOutcomes(db, leaseSeconds),
  };
}

function poisonOf({ config, clock, log, db, storeFaults }: Parts) {
  return reportPoison({
    clock,
    log,
    ...mailRecordsOf(db),
    storeFault: (fault) => storeFaults([fault]),
    sendMail: config.mail === null ? null : sendMail(config.mail),
    zone: config.alerts.zone,
  });
}

/** What the mailer asks of the control database. */
export function mailRecordsOf(db: Kysely<ControlSchema>) {
  return {
    gatherIncidents: gatherIncidents(db),
    readIncidents: readIncidents(db),
    takeIncident: takeIncident(db),
    readReport: readReport(db),
    recordMail: recordMail(db),
    storeFaultOnce: insertFaultOnce(db),
  };
}

/** The body of a foreign message is kept for people to look at. */
function storeFaultsIn(
  db: Kysely<ControlSchema>,
  strike: (text: string) => Promise<string>,
): Parts['storeFaults'] {
  return async (faults) => {
    const kept = faults.map(async ({ body, ...fault }) =>
      body === undefined ? fault : { ...fault, body: await strike(body) },
    );
    await insertFaults(db, await Promise.all(kept));
  };
}

async function checkDatabase({ config, clock, db }: Parts): Promise<void> {
  await requireMigrated(db);
  if (config.dispatch.mode !== 'record') return;
  await requireCopy(db, clock.now().toZonedDateTimeISO(config.alerts.zone).toPlainDate());
}

/** A server may repeat our password in an error: what is ours is struck out of every line. */
function loggerOf(config: Config, clock: Clock, write: (line: string) => void): Logger {
  const redact = redactor(secretsOf(config));
  const writeStruck = (line: string) => write(redact(line));
  return config.log.format === 'text'
    ? textLogger(clock, config.alerts.zone, writeStruck)
    : jsonLogger(clock, writeStruck);
}

function writeOut(line: string): void {
  process.stdout.write(line);
}

/** Does the work with the first call, and again only until it has once succeeded. */
function onceDone(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
