import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { composeAdminMail, type DueMail } from './compose-admin-mail.ts';
import { decideMail, type MailDecision } from './decide-mail.ts';
import type { GatherIncidents, ReadIncidents, RecordMail, TakeIncident } from './incident-store.ts';
import type { Incident } from './incident.ts';
import { mailAddressesOf } from './mail-addresses.ts';
import type { Administrator, ReadReport } from './read-report.ts';
import { reportAddress, type AddressPorts, type BadAddress } from './report-address.ts';
import type { SendMail } from './send-mail.ts';

export interface MailerPorts extends AddressPorts {
  clock: Clock;
  log: Logger;
  gatherIncidents: GatherIncidents;
  readIncidents: ReadIncidents;
  takeIncident: TakeIncident;
  readReport: ReadReport;
  /** null = no mail server is configured. */
  sendMail: SendMail | null;
  recordMail: RecordMail;
  /** Zone of what belongs to no tenant. */
  zone: string;
}

/** An incident taken for its mail is free again after this time, when nothing was recorded. */
const turn = { minutes: 5 };

/** A run begins no mail after this time: the next nudge goes on. */
const runTime = { minutes: 2 };

/**
 * One run of the mailer: gathers what is new into incidents, and mails about each that is due. A mail is recorded after it
 * was sent: whatever breaks between, it comes twice rather than never.
 */
export async function mailWhatIsDue(ports: MailerPorts): Promise<void> {
  const { clock, log, sendMail } = ports;
  const fresh = await ports.gatherIncidents(clock.now());
  if (sendMail === null) {
    if (fresh > 0) log.warn('mail.not-configured', { faults: fresh });
    return;
  }
  const now = clock.now();
  const decided = (await ports.readIncidents(now)).map((incident) => ({
    incident,
    due: decideMail(incident, now),
  }));
  const end = now.add(runTime).epochMilliseconds;
  for (const mail of decided.filter(isDue)) {
    if (clock.now().epochMilliseconds > end) return;
    const without = await mailAbout(mail, sendMail, ports);
    for (const address of without) await reportAddress(address, ports);
  }
}

interface Due {
  incident: Incident;
  due: DueMail;
}

function isDue(decided: { incident: Incident; due: MailDecision }): decided is Due {
  return decided.due.kind !== 'none';
}

/**
 * What goes wrong with one mail keeps no other from being sent; the incident is taken again after its turn. Gives the
 * addresses that the mail could not reach.
 */
async function mailAbout(
  { incident, due }: Due,
  send: SendMail,
  ports: MailerPorts,
): Promise<readonly BadAddress[]> {
  const { clock, log, takeIncident, readReport, recordMail, zone } = ports;
  const at = clock.now();
  const { id, tenant, reason } = incident;
  const fields = { incident: id, tenant, reason, mail: due.kind };
  try {
    if (!(await takeIncident(incident, at, at.add(turn)))) return [];
    const report = await readReport(incident);
    const { usable, unusable } = mailAddressesOf(report.administrators);
    const without = unusable.map((administrator) => ({ administrator, because: 'unusable' as const }));
    if (usable.length === 0) {
      log.warn('mail.no-administrators', fields);
      return without;
    }
    const mail = composeAdminMail(due, incident, report, zone);
    const { accepted, refused } = await send(mail, usable);
    log.info('mail.sent', { ...fields, subject: mail.subject, accepted });
    await recordMail({ incident: id, at, upToFault: report.lastFault, closes: due.kind === 'closing' });
    const { later = [], never = [] } = Object.groupBy(refused, ({ putOff }) => (putOff ? 'later' : 'never'));
    if (later.length > 0)
      log.warn('mail.put-off', { incident: id, addresses: later.map(({ address }) => address).join(', ') });
    return [...without, ...never.map(refusedAmong(usable))];
  } catch (error) {
    log.error('mail.failed', fields, error);
    return [];
  }
}

/** The client writes some domains in another form: such an address belongs to nobody. */
function refusedAmong(administrators: readonly Administrator[]) {
  return ({ address }: { address: string }): BadAddress => {
    const its = administrators.find(({ email }) => email.toLowerCase() === address.toLowerCase());
    return { administrator: its ?? { email: address, name: null, tenant: null }, because: 'refused' };
  };
}
