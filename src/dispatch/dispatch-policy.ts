import type { TimeSettings } from '../domain/alert.ts';

/** What the settings say to the queue half. */
export interface DispatchPolicy {
  /** EXECUTION_LEASE_SECONDS: how long an opening may go without renewing its lease. */
  leaseSeconds: number;
  /** ALERTS_PREPARE_SECONDS: how long before its instant an execution is opened. */
  prepareSeconds: number;
  /** ALERTS_TIME_ZONE and ALERTS_WEEK_STARTS_ON. */
  time: TimeSettings;
  /** ALERTS_WINDOW_MINUTES: no execution is missed for being later than this alone. */
  windowMinutes: number;
  /** ALERTS_CATCH_UP_MINUTES: how late an alert without cfg_RecuperacionMin may still go out. */
  catchUpMinutes: number;
  /** MAX_RECIPIENTS: for alerts without cfg_MaxDestinatarios. */
  maxRecipients: number;
  /** DELIVERY_RETRY_DELAYS: one more attempt after each of them. */
  retryDelaysSeconds: readonly number[];
  /** Calls that one dispatch has under way at once. */
  callsAtOnce: number;
  /** Dispatches that the host runs at once in this process: batchSize + newBatchThreshold of host.json. */
  slots: number;
  /** TENANT_SLOTS: dispatches of one tenant that may wait for its database, or for a webhook host that times out. */
  tenantSlots: number;
  /** WEBHOOK_REQUIRE_SECRET. */
  requireSecret: boolean;
}

/** A dispatch begins nothing new after this long; a further message carries on. */
export const workSeconds = 5 * 60;

/** Until when a dispatch may try to store what it knows: two minutes short of functionTimeout in host.json. */
export const recordSeconds = 8 * 60;
