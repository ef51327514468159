import type { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Fault } from '../domain/fault.ts';
import { shortLine } from './escape.ts';
import type { Administrator } from './read-report.ts';

/** Stores a fault unless the same was stored after `since`; tells whether it was new. */
export type StoreFaultOnce = (fault: Fault, since: Temporal.Instant) => Promise<boolean>;

export interface AddressPorts {
  clock: Clock;
  log: Logger;
  storeFaultOnce: StoreFaultOnce;
}

/** An administrator who gets no mail before somebody corrects the address. */
export interface BadAddress {
  administrator: Administrator;
  because: 'unusable' | 'refused';
}

/** Administrators are told once in this time. */
const reminder = { hours: 30 * 24 };

/** Makes it a fault like any other, so that the administrators who do get mails hear of it. */
export async function reportAddress(
  { administrator, because }: BadAddress,
  { clock, log, storeFaultOnce }: AddressPorts,
): Promise<void> {
  const { email, tenant } = administrator;
  const at = clock.now();
  const address = shortLine(email, 320);
  const detail = addressSentence(email, because);
  const fault: Fault = { reason: 'correo_administrador', detail, at, ...(tenant === null ? {} : { tenant }) };
  if (await storeFaultOnce(fault, at.subtract(reminder))) log.warn('mail.refused', { addresses: address });
}

export function addressSentence(email: string, because: BadAddress['because']): string {
  const what = because === 'unusable' ? 'no es una dirección de correo' : 'la rechaza el servidor de correo';
  return `adm_Email «${shortLine(email, 320)}» de CT_Alertas_Admin_Emails: ${what}.`;
}
