import type { Fault } from '../domain/fault.ts';
import { mailWhatIsDue, type MailerPorts } from './mail-what-is-due.ts';
import { readPoisonMessage } from './poison-message.ts';

export interface PoisonPorts extends MailerPorts {
  storeFault: (fault: Fault) => Promise<void>;
}

/*
 * A function that passes its time limit takes the whole process with it, and a message may wait here for a foreign body to
 * be stored, for the run that is under way, and for one of its own, each a minute longer than it may begin mails: together
 * eight of the ten minutes.
 */

/** How long a foreign message is held while the control database is away. */
const patience = { minutes: 2 };

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
