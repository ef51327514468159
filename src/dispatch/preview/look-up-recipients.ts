import type { Clock } from '../../core/clock.ts';
import type { DispatchPolicy } from '../dispatch-policy.ts';
import type { ChooseContact } from '../prepare/choose-contact.ts';
import { findRecipients, noPlaceAtDatabase, type RecipientPorts } from '../prepare/find-recipients.ts';
import { readParts } from '../prepare/read-parts.ts';
import type { GetSecret } from '../webhook/webhook-secrets.ts';
import type { ReadAlertToSend } from './preview-alert.ts';

export interface LookUpPorts extends RecipientPorts {
  clock: Clock;
  policy: Pick<DispatchPolicy, 'maxRecipients' | 'requireSecret'>;
  getSecret: GetSecret;
  chooseContact: ChooseContact;
  readAlertToSend: ReadAlertToSend;
}

/** Whom an alert would go to, as the tenant's database has it now; or why that is not known, in Spanish. */
type LookedUp = { kind: 'found'; persons: readonly LookedUpPerson[] } | { kind: 'unknown'; detail: string };

interface LookedUpPerson {
  code: string;
  name: string;
  /** Where the alert would reach this person. */
  reach: () => Promise<{ kind: 'usable'; destination: string } | { kind: 'unusable'; detail: string }>;
}

/** Asks once, by the look-up of a dispatch and within its time limit and places. Changes nothing. */
export function lookUpRecipients(ports: LookUpPorts) {
  const { clock, policy, getSecret, chooseContact, readAlertToSend, seats } = ports;
  return async (code: string): Promise<LookedUp> => {
    const found = await readAlertToSend(code, clock.now());
    if (found === null) return unknown('La alerta ya no existe.');
    const { alert, target, channel } = readParts(found, policy, getSecret);
    if (alert.kind === 'fault') return unknown(alert.ending.detail);
    if (target.kind === 'fault') return unknown(target.ending.detail);
    if (channel.kind === 'fault') return unknown(channel.ending.detail);
    const { tenant } = alert.value;
    const leave = seats.enterDatabase(tenant.code);
    if (leave === null) return unknown(noPlaceAtDatabase.detail);
    try {
      // Nothing is to be lost by going on: the look-up has its time limit.
      const { signal } = new AbortController();
      const answer = await findRecipients(ports, { tenant, target: target.value }, signal);
      if (answer.kind !== 'answer') return unknown(answer.detail);
      const contact = alert.value.alert.contact;
      const persons = answer.value.map((person) => ({
        code: person.code,
        name: person.name,
        reach: async () => {
          const choice = await chooseContact(person, channel.value, contact, tenant.country);
          return choice.kind === 'usable' ? choice : { kind: 'unusable' as const, detail: choice.detail };
        },
      }));
      return { kind: 'found', persons };
    } finally {
      leave();
    }
  };
}

function unknown(detail: string | null): LookedUp {
  return { kind: 'unknown', detail: detail ?? '' };
}
