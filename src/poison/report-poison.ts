import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Fault } from '../domain/fault.ts';
import { composeAdminMail } from './compose-admin-mail.ts';
import { decideMail, type MailDecision } from './decide-mail.ts';
import type { GatherIncidents, ReadIncidents, RecordMail, TakeIncident } from './incident-store.ts';
import type { Incident } from './incident.ts';
import { readPoisonMessage } from './poison-message.ts';
import type { ReadReport } from './read-report.ts';
import type { SendMail } from './send-mail.ts';

export interface PoisonPorts {
  clock: Clock;
  log: Logger;
  storeFault: (fault: Fault) => Promise<void>;
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

/*
 * A function that passes its time limit takes the whole process with it, and a message may wait here for a foreign body to
 * be stored, for the run that is under way, and for one of its own: together well below ten minutes.
 */

/** How long a foreign message is held while the control database is away. */
const patience = { minutes: 2 };

/** A run begins no mail after this time: the next nudge goes on. */
const runTime = { minutes: 2 };

/**
 * One message of the poison queue: a foreign body becomes a fault, and whatever it was the mailer runs. Ends well for
 * every reason that passes, because the next nudge runs the mailer again; throws only when a foreign body could not be
 * stored, so that the host keeps it.
 */
export function reportPoison(ports: PoisonPorts) {
  const runMailer = oneAtATime(() => mailWhatIsDue(ports));
  return async (message: unknown): Promise<void> => {
    const read = readPoisonMessage(message);
    if (read.kind === 'foreign') await storeForeign(read.body, ports);
    try {
      await runMailer();
    } catch (error) {
      ports.log.error('mailer.failed', {}, error);
    }
  };
}

async function storeForeign(body: string, { clock, log, storeFault }: PoisonPorts): Promise<void> {
  const at = clock.now();
  const giveUp = at.add(patience).epochMilliseconds;
  log.warn('message.foreign', { length: body.length });
  for (;;) {
    try {
      return await storeFault({
        reason: 'mensaje_ajeno',
        detail: 'Llegó a la cola un mensaje que no es de Vigía.',
        at,
        body,
      });
    } catch (error) {
      const again = clock.now().add({ seconds: 10 });
      if (again.epochMilliseconds > giveUp) throw error;
      log.warn('message.not-stored');
      await clock.waitUntil(again);
    }
  }
}

async function mailWhatIsDue(ports: PoisonPorts): Promise<void> {
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
    await mailAbout(mail, sendMail, ports);
  }
}

interface Due {
  incident: Incident;
  due: Exclude<MailDecision, { kind: 'none' }>;
}

function isDue(decided: { incident: Incident; due: MailDecision }): decided is Due {
  return decided.due.kind !== 'none';
}

/** What goes wrong with one mail keeps no other from being sent; the incident is taken again after its turn. */
async function mailAbout({ incident, due }: Due, send: SendMail, ports: PoisonPorts) {
  const { clock, log, takeIncident, readReport, recordMail, zone } = ports;
  const at = clock.now();
  const fields = { incident: incident.id, tenant: incident.tenant, reason: incident.reason, mail: due.kind };
  try {
    if (!(await takeIncident(incident, at, at.add(turn)))) return;
    const report = await readReport(incident);
    if (report.administrators.length === 0) return log.warn('mail.no-administrators', fields);
    const mail = composeAdminMail(due, incident, report, zone);
    const { accepted, refused } = await send(mail, report.administrators);
    if (refused.length > 0)
      log.warn('mail.refused', { incident: incident.id, addresses: refused.join(', ') });
    log.info('mail.sent', { ...fields, subject: mail.subject, accepted });
    await recordMail({
      incident: incident.id,
      at,
      upToFault: report.lastFault,
      closes: due.kind === 'closing',
    });
  } catch (error) {
    log.error('mail.failed', fields, error);
  }
}

/** Calls that arrive while one runs share the next one: a thousand nudges at once are two runs. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    next = null;
    running = run().finally(() => (running = null));
    return running;
  };
  return () => {
    if (running === null) return start();
    next ??= running.then(start, start);
    return next;
  };
}
