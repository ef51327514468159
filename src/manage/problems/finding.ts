import type { Temporal } from 'temporal-polyfill';
import type { Reason } from '../../domain/reason.ts';
import type { ConfigReason } from './config-reason.ts';
import type {
  StoredAdministrator,
  StoredAlert,
  StoredQuery,
  StoredTemplate,
  StoredTenant,
  StoredWebhook,
} from './stored-configuration.ts';

/** Something wrong with a row. */
export interface Finding {
  reason: Reason | ConfigReason;
  /** In Spanish; names the column, unless `column` does. */
  detail: string;
  column?: string;
  /** Where it is not the whole column. */
  value?: string | null;
}

/** Each reads a row as whoever needs it to send an alert does, and tells what keeps it from being used. */
export interface Judges {
  /** ALERTS_ONLY leaves the others to another system. */
  isOurs: (row: StoredAlert['row']) => boolean;
  judgeAlert: (alert: StoredAlert) => readonly Finding[];
  judgeWebhook: (webhook: StoredWebhook) => readonly Finding[];
  judgeQuery: (query: StoredQuery) => readonly Finding[];
  judgeTemplate: (template: StoredTemplate) => readonly Finding[];
  judgeTenant: (tenant: StoredTenant) => Promise<readonly Finding[]>;
  judgeAdministrator: (administrator: StoredAdministrator) => readonly Finding[];
  /** Tenants whose login this process has seen to be able to write, and since when. */
  writableLogins: () => ReadonlyMap<string, WritableLogin>;
  /** What is wrong with settings of the installation. */
  settings: readonly Finding[];
}

export interface WritableLogin {
  rights: readonly string[];
  /** emp_Conexion that it was seen with. */
  connection: string;
  since: Temporal.Instant;
}
