import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Kysely } from 'kysely';
import { answerRequest } from './adapters/azure/answer-request.ts';
import { systemClock } from './adapters/clock/system-clock.ts';
import { jsonLogger } from './adapters/log/json-logger.ts';
import { textLogger } from './adapters/log/text-logger.ts';
import { openControlDatabase } from './adapters/mssql/control-database.ts';
import { insertFaults } from './adapters/mssql/insert-faults.ts';
import { readBacklog } from './adapters/mssql/read-backlog.ts';
import { readStoredSecrets } from './adapters/mssql/read-stored-secrets.ts';
import { requireCopy } from './adapters/mssql/require-copy.ts';
import { requireMigrated } from './adapters/mssql/require-migrated.ts';
import type { ControlSchema } from './adapters/mssql/schema.ts';
import { openDispatchQueue } from './adapters/storage-queue/dispatch-queue.ts';
import { lazyTelemetry } from './adapters/telemetry/lazy-telemetry.ts';
import { measuringLogger } from './adapters/telemetry/measuring-logger.ts';
import { traceOfMessage } from './adapters/telemetry/message-trace.ts';
import { loadConfig, secretsOf, type Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { Logger } from './core/logger.ts';
import { redactor } from './core/redact.ts';
import { strikeSecrets } from './strike-secrets.ts';
import { version } from './version.ts';
import { buildCallbacks } from './wiring/build-callbacks.ts';
import { buildDispatch } from './wiring/build-dispatch.ts';
import { buildDryScan } from './wiring/build-dry-scan.ts';
import { buildHealth, buildManage } from './wiring/build-manage.ts';
import { configurationJudges } from './wiring/configuration-judges.ts';
import { buildPoison } from './wiring/build-poison.ts';
import type { Parts } from './wiring/parts.ts';
import { buildScan } from './wiring/build-scan.ts';
import { settingsOfTables } from './wiring/settings-of-tables.ts';

/** One message per execution to look at. The host moves what failed five times to the poison queue. */
export const alertQueue = 'vigia-alerts';
export const poisonQueue = `${alertQueue}-poison`;

interface Surroundings {
  clock?: Clock;
  /** Gets whole lines. */
  write?: (line: string) => void;
  /** Where `env:NAME` in a table is looked up. */
  environment?: Readonly<Record<string, string | undefined>>;
}

export type Vigia = ReturnType<typeof createVigia>;

/**
 * The use cases over real adapters. Nothing is connected before it is needed; the first call checks that the control
 * database will do. `close` ends every connection.
 */
export function createVigia(config: Config, surroundings: Surroundings = {}) {
  const { clock = systemClock, write = writeOut, environment = process.env } = surroundings;
  const plainLog = loggerOf(config, clock, write);
  for (const { setting, part, reference } of config.lacks)
    plainLog.warn('config.lacking', { setting, part, why: reference === null ? 'missing' : 'unresolved' });
  const telemetry = lazyTelemetry({ ...config.telemetry, version }, plainLog);
  const log = measuringLogger(plainLog, telemetry);
  const db = openControlDatabase(config.controlDatabase);
  const { traceparent } = telemetry;
  const queue = openDispatchQueue({ storage: config.storage, name: alertQueue, clock, traceparent });
  const getSecret = settingsOfTables(environment);
  const strike = strikeSecrets({
    own: secretsOf(config),
    readStoredSecrets: readStoredSecrets(db),
    getSecret,
  });
  const storeFaults = storeFaultsIn(db, strike);
  const parts: Parts = { config, clock, log, telemetry, db, queue, storeFaults, strike, getSecret };
  const ready = onceDone(async () => {
    await telemetry.start();
    await checkDatabase(parts);
  });
  const { scan, closeScan } = buildScan(parts);
  const { dispatch, previewAlert, lookUpRecipients, checkTenantDatabase, writableLogins, closeDispatch } =
    buildDispatch(parts);
  const judges = configurationJudges(config, { getSecret, writableLogins });
  const { zone: timeZone, weekStartsOn, prepareSeconds } = config.alerts;
  const acts = { leaseSeconds: config.dispatch.leaseSeconds, prepareSeconds };
  const healthNow = buildHealth(parts);
  const manage = buildManage(
    {
      settings: { timeZone, weekStartsOn },
      trustsSignIn: config.manage.trustsSignIn,
      why: config.alerts,
      acts,
    },
    parts,
    {
      ready,
      previewAlert,
      lookUpRecipients,
      checkDatabase: checkTenantDatabase,
      judges,
      scanNow: scan,
      dryScan: buildDryScan(parts),
    },
  );
  const callbacks = buildCallbacks({ ...config.callbacks, timeZone }, parts, ready);
  return {
    /** `cause` is the trace that the host began, as W3C Trace Context writes it. */
    scanDueAlerts: async (cause?: string) => {
      await ready();
      const report = await telemetry.trace({ name: 'scan', kind: 'internal', traceparent: cause }, scan);
      if (config.telemetry.metrics.length > 0) await tellBacklog(parts);
      return report;
    },
    dispatchAlert: async (message: unknown, cause?: string) => {
      await ready();
      return await telemetry.trace(
        {
          name: `process ${alertQueue}`,
          kind: 'consumer',
          attributes: {
            'messaging.system': 'azure_queue_storage',
            'messaging.destination.name': alertQueue,
            'messaging.operation.type': 'process',
          },
          traceparent: traceOfMessage(message) ?? cause,
        },
        async (add) => {
          const report = await dispatch(message);
          add({
            'vigia.execution_id': 'executionId' in report ? report.executionId : undefined,
            'vigia.end': report.kind,
          });
          return report;
        },
      );
    },
    reportPoison: buildPoison(parts),
    health: async (): Promise<HttpResponseInit> => {
      const isHealthy = (await healthNow()) === 'healthy';
      return { status: isHealthy ? 200 : 503, headers: { 'cache-control': 'no-store' } };
    },
    manage: (request: HttpRequest) => answerRequest(request, manage),
    callbacks: (request: HttpRequest) => answerRequest(request, callbacks),
    /** For an instance that is taken away: what runs on it goes on meanwhile. */
    closeTelemetry: () => telemetry.close(),
    close: async () => {
      await Promise.all([closeScan(), closeDispatch(), db.destroy()]);
      await telemetry.close();
    },
  };
}

let ofThisProcess: Vigia | undefined;

/** The program as the environment says. Throws ConfigError, so that a function file that calls it cannot be loaded. */
export function vigia(): Vigia {
  ofThisProcess ??= createVigia(loadConfig(process.env));
  return ofThisProcess;
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

/** For the metrics of what waits. That it cannot be read is told by whatever needs the database. */
async function tellBacklog({ clock, db, log }: Parts): Promise<void> {
  try {
    log.info('backlog.measured', { ...(await readBacklog(db)(clock.now())) });
  } catch (cause) {
    log.warn('backlog.not-measured', { error: String(cause) });
  }
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
