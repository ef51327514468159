import type { ChannelCode } from '../domain/channel.ts';
import type { Reason } from '../domain/reason.ts';
import type { Person } from './lookup-recipients.ts';

/** `destination`: a phone number in E.164 or a mail address. */
export type ContactChoice =
  | { kind: 'usable'; destination: string }
  | { kind: 'unusable'; reason: Extract<Reason, 'sin_contacto' | 'contacto_invalido'>; detail: string };

/** See chooseContact. */
export type ChooseContact = (
  person: Person,
  channel: ChannelCode,
  contactCode: string | null,
  country: string,
) => Promise<ContactChoice>;
