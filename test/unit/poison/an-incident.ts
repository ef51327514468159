import { Temporal } from 'temporal-polyfill';
import type { Incident } from '../../../src/poison/incident.ts';
import type { IncidentReport, ReportedFault } from '../../../src/poison/read-report.ts';

/** A time of the day on which everything happens, in UTC. */
export function at(time: string): Temporal.Instant {
  return Temporal.Instant.from(`2026-03-02T${time}Z`);
}

export function anIncident(given: Partial<Incident> = {}): Incident {
  return {
    id: 1,
    tenant: 'E001',
    reason: 'empresa_no_disponible',
    since: at('12:00'),
    lastFault: at('12:00'),
    faults: 1,
    mails: 0,
    reopened: false,
    recovered: false,
    ended: false,
    asked: 'no',
    oldestUnreported: null,
    ...given,
  };
}

export function aFault(given: Partial<ReportedFault> = {}): ReportedFault {
  return {
    at: at('12:00'),
    detail: 'No se pudo abrir la base de datos.',
    alert: { code: '000004', name: 'Facturas impagas' },
    body: null,
    execution: { id: 7, instant: at('11:30'), accepted: 0, open: 0, notAccepted: 0, failures: [] },
    ...given,
  };
}

export function aReport(given: Partial<IncidentReport> = {}): IncidentReport {
  const faults = given.faults ?? [aFault()];
  return {
    tenantName: 'Farmacia Norte',
    zone: 'America/Argentina/Buenos_Aires',
    faults,
    unreported: faults.length,
    lastFault: '1',
    administrators: [{ email: 'admin@example.com', name: 'Ada', tenant: null }],
    ...given,
  };
}
