import type { Kysely } from 'kysely';
import { randomUUID } from 'node:crypto';
import { webhookClient } from '../adapters/http/deliver-webhook.ts';
import { closeExecution } from '../adapters/mssql/close-execution.ts';
import { endRounds } from '../adapters/mssql/end-rounds.ts';
import { moveExecution } from '../adapters/mssql/move-execution.ts';
import { openExecution } from '../adapters/mssql/open-execution.ts';
import { recordOutcomes } from '../adapters/mssql/record-outcomes.ts';
import { releaseLease } from '../adapters/mssql/release-lease.ts';
import { renewLease } from '../adapters/mssql/renew-lease.ts';
import type { ControlSchema } from '../adapters/mssql/schema.ts';
import { loadStoredDeliveries, storeDeliveries } from '../adapters/mssql/store-deliveries.ts';
import { storeWait } from '../adapters/mssql/store-wait.ts';
import { holdDeliveries, takeDeliveries } from '../adapters/mssql/take-deliveries.ts';
import { checkDatabase } from '../adapters/tenant-mssql/check-database.ts';
import { tracedWebhook } from '../adapters/telemetry/traced-webhook.ts';
import { tenantDatabases } from '../adapters/tenant-mssql/tenant-databases.ts';
import { recordOnly } from '../dispatch/deliver/record-only.ts';
import { dispatchAlert, type DispatchPorts } from '../dispatch/dispatch-alert.ts';
import type { DispatchPolicy } from '../dispatch/dispatch-policy.ts';
import { composeBody } from '../dispatch/message/compose-body.ts';
import { renderMessage } from '../dispatch/message/render-template.ts';
import { chooseContact } from '../dispatch/prepare/choose-contact.ts';
import { dispatchSeats } from '../dispatch/seats.ts';
import { buildPreview } from './build-preview.ts';
import type { Parts } from './parts.ts';
import { keepWritableLogins } from './writable-logins.ts';

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
export const country = 'AR';

export function buildDispatch({ config, clock, log, telemetry, db, queue, storeFaults, getSecret }: Parts) {
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
  const logins = keepWritableLogins({ clock, log });
  const tenants = tenantDatabases({
    ...tenantLimits,
    getSecret,
    requireReadOnly: config.tenants.requireReadonly,
    lookups: config.tenants.lookups,
    onLogin: logins.onLogin,
  });
  const webhooks = webhookClient({ clock, allowedHosts: config.webhooks.allowedHosts, placesPerHost });
  const isTraced = config.telemetry.traces.length > 0;
  const deliverWebhook = isTraced
    ? tracedWebhook(webhooks.deliverWebhook, telemetry)
    : webhooks.deliverWebhook;
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
    deliverWebhook: mode === 'record' ? recordOnly : deliverWebhook,
    connectAhead: mode === 'record' ? () => undefined : webhooks.connectAhead,
    signAhead: webhooks.signAhead,
    sendDispatch: queue.sendDispatch,
    nudgeReports: queue.nudgeReports,
  };
  const closeDispatch = () => Promise.all([tenants.close(), webhooks.close()]);
  return {
    dispatch: dispatchAlert(ports),
    ...buildPreview(ports, { config, db, country }),
    checkTenantDatabase: checkDatabase({
      getSecret,
      requireReadOnly: config.tenants.requireReadonly,
      lookups: config.tenants.lookups,
      onLogin: logins.onLogin,
    }),
    writableLogins: logins.writableLogins,
    closeDispatch,
  };
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
