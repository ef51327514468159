import type { Temporal } from 'temporal-polyfill';
import type { Incident } from './incident.ts';

/** What a mail about an incident says of its unreported faults. */
export interface IncidentReport {
  tenantName: string | null;
  /** IANA name, for the times in the mail; null = the default zone. */
  zone: string | null;
  /** The newest first, at most 50. */
  faults: readonly ReportedFault[];
  /** All unreported ones. */
  unreported: number;
  /** Id of the newest; null when there is none. */
  lastFault: string | null;
  administrators: readonly Administrator[];
}

export interface ReportedFault {
  at: Temporal.Instant;
  detail: string;
  alert: { code: string; name: string | null } | null;
  /** The body of a foreign message, cut. */
  body: string | null;
  execution: ReportedExecution | null;
}

export interface ReportedExecution {
  id: number;
  /** The instant at which the alert was to go out. */
  instant: Temporal.Instant | null;
  accepted: number;
  /** Still open: further attempts follow. */
  open: number;
  notAccepted: number;
  /** The first of them; at most 50 over all faults of the report. */
  failures: readonly { person: string; error: string }[];
}

export interface Administrator {
  /** adm_Email as it stands there. */
  email: string;
  name: string | null;
  /** The company whose faults alone they hear of; null = all. */
  tenant: string | null;
}

export type ReadReport = (incident: Incident) => Promise<IncidentReport>;
