import type { Kysely } from 'kysely';
import { sendMail } from '../adapters/mail/send-mail.ts';
import { gatherIncidents } from '../adapters/mssql/gather-incidents.ts';
import { insertFaultOnce } from '../adapters/mssql/insert-faults.ts';
import { readIncidents } from '../adapters/mssql/read-incidents.ts';
import { readReport } from '../adapters/mssql/read-report.ts';
import { recordMail } from '../adapters/mssql/record-mail.ts';
import type { ControlSchema } from '../adapters/mssql/schema.ts';
import { takeIncident } from '../adapters/mssql/take-incident.ts';
import { reportPoison } from '../poison/report-poison.ts';
import type { Parts } from './parts.ts';

export function buildPoison({ config, clock, log, db, storeFaults }: Parts) {
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
